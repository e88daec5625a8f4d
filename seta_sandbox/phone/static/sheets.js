// Sheets that slide over the mini program: the payment, a notification's permission, a date, the camera.
import { Refused, ask } from './api.js'
import { avatar, h } from './dom.js'
import { codes } from './scan.js'
import { fill } from './words.js'

const PIN_DIGITS = 6
const SIGNS = { CNY: '¥', EUR: '€', USD: 'US$' }
const money = (amount, currency) => `${SIGNS[currency] ?? `${currency} `}${(amount / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`

/** A sheet that ends by `end(value)` or `end()` for a cancel; resolves with the value. */
export function slide(root, label, build) {
  return new Promise((done) => {
    const before = document.activeElement
    const end = (value) => { ground.remove(); removeEventListener('keydown', keys); before?.focus?.(); done(value) }
    const keys = (event) => { if (event.key === 'Escape') end() }
    const sheet = h('div', { class: 'sheet', role: 'dialog', 'aria-modal': 'true', 'aria-label': label, tabindex: '-1' })
    const ground = h('div', { class: 'sheet-ground' }, sheet)
    sheet.append(...[build(end, sheet)].flat())
    addEventListener('keydown', keys)
    root.append(ground)
    sheet.focus()
  })
}

function pinPad(t, type, erase) {
  const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '', '0', '⌫']
  return h('div', { class: 'pad' }, keys.map((key) => (key === '' ? h('span') : h('button', {
    class: 'pad-key', 'aria-label': key === '⌫' ? t.delete : null, onclick: () => (key === '⌫' ? erase() : type(key)),
  }, key))))
}

function paySheet(phone, sheet, end, frame) {
  const { t } = phone.app
  let pin = ''
  const dots = h('div', { class: 'pin', role: 'status', 'aria-label': t.payTitle })
  const trouble = h('p', { class: 'sheet-trouble', role: 'alert' })
  const draw = () => dots.replaceChildren(...Array.from({ length: PIN_DIGITS }, (_, index) => h('span', { class: index < pin.length ? 'pin-box full' : 'pin-box' })))
  const pay = async () => {
    try {
      await ask(...(sheet.text ? ['pay_code', { consumer: phone.app.who, text: sheet.text, pin }]
        : ['pay', { consumer: phone.app.who, appid: phone.appid, prepay_id: sheet.prepay_id, pin }]))
      frame.replaceChildren(success(t, sheet, end))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      pin = ''
      draw()
      trouble.textContent = error.message
    }
  }
  const type = (digit) => {
    if (pin.length === PIN_DIGITS) return
    pin += digit
    draw()
    if (pin.length === PIN_DIGITS) pay()
  }
  const erase = () => { pin = pin.slice(0, -1); draw() }
  frame.addEventListener('keydown', (event) => {
    if (/^\d$/.test(event.key)) type(event.key)
    if (event.key === 'Backspace') erase()
  })
  draw()
  return [
    h('div', { class: 'sheet-top' }, h('button', { class: 'sheet-close', 'aria-label': t.cancel, onclick: () => end() }, '×'), h('strong', {}, t.payTitle)),
    h('div', { class: 'pay-facts' }, h('span', {}, sheet.payee), h('span', { class: 'pay-what' }, sheet.description),
      h('b', { class: 'pay-amount' }, money(sheet.payer_amount, 'CNY')),
      sheet.currency === 'CNY' ? null : h('span', { class: 'muted' }, fill(t.settle, { amount: money(sheet.amount, sheet.currency) }))),
    dots, trouble, h('p', { class: 'sheet-note' }, t.payNote), pinPad(t, type, erase),
  ]
}

function success(t, sheet, end) {
  return h('div', { class: 'pay-done', role: 'status' }, h('span', { class: 'tick', 'aria-hidden': 'true' }, '✓'), h('strong', {}, t.paid),
    h('span', {}, sheet.payee), h('b', { class: 'pay-amount' }, money(sheet.payer_amount, 'CNY')), h('button', { class: 'green', onclick: () => end(true) }, t.done))
}

/** wx.requestPayment: the signature is checked first; the person types six digits. */
export async function askPayment(phone, args) {
  const sheet = await ask('sheet', { consumer: phone.app.who, appid: phone.appid, ...args })
  const paid = await slide(phone.root, phone.app.t.wechatPay, (end, frame) => paySheet(phone, sheet, end, frame))
  if (!paid) throw new Refused('requestPayment:fail cancel')
  return {}
}

/** A payment code at a till: what it asks for is shown first; says whether it was paid. */
export async function askCode(app, root, text) {
  const sheet = await ask('open_code', { consumer: app.who, text })
  const label = sheet.wallet === 'wechat' ? app.t.wechatPay : 'Alipay 支付宝'
  return Boolean(await slide(root, label, (end, frame) => paySheet({ app }, sheet, end, frame)))
}

/** wx.requestSubscribeMessage: one answer for the templates asked for. */
export async function askNotification(phone, { tmplIds = [] }) {
  const { t, state } = phone.app
  const name = state.programs.find((one) => one.appid === phone.appid)?.name ?? ''
  const said = await slide(phone.root, t.service, (end) => [
    h('div', { class: 'sheet-ask' }, avatar(name), h('p', {}, fill(t.subscribeTitle, { name }))),
    h('div', { class: 'sheet-row' }, h('button', { class: 'quiet', onclick: () => end('no') }, t.refuse), h('button', { class: 'green', onclick: () => end('yes') }, t.allow)),
  ])
  const answers = Object.fromEntries(tmplIds.map((id) => [id, said === 'yes']))
  return ask('subscribe', { consumer: phone.app.who, appid: phone.appid, answers })
}

/** wx.addPhoneCalendar. */
export async function askDate(phone, args) {
  const { t } = phone.app
  const added = await slide(phone.root, t.calendar, (end) => [
    h('div', { class: 'sheet-ask' }, h('div', {}, h('strong', {}, t.addDate), h('p', {}, args.title), h('p', { class: 'muted' }, args.location ?? ''))),
    h('div', { class: 'sheet-row' }, h('button', { class: 'quiet', onclick: () => end() }, t.cancel), h('button', { class: 'green', onclick: () => end(true) }, t.add)),
  ])
  if (!added) throw new Refused('addPhoneCalendar:fail cancel')
  await ask('calendar', { consumer: phone.app.who, ...args })
  return {}
}

/** wx.scanCode: point at a poster, or type what a code says. */
export async function askScan(phone) {
  const { t, state } = phone.app
  const result = await slide(phone.root, t.scan, (end) => {
    const field = h('input', { class: 'foot-field', 'aria-label': t.typeCode, placeholder: t.typeCode, maxlength: 256 })
    return [
      h('div', { class: 'sheet-top' }, h('button', { class: 'sheet-close', 'aria-label': t.cancel, onclick: () => end() }, '×'), h('strong', {}, t.scan)),
      state.posters.length ? h('div', { class: 'sheet-codes' }, codes(phone.app, (poster) => end(poster.text ?? poster.target))) : null,
      h('form', { class: 'writer', onsubmit: (event) => { event.preventDefault(); if (field.value.trim()) end(field.value.trim()) } }, field, h('button', { class: 'green small' }, t.useCode)),
    ].filter(Boolean)
  })
  if (!result) throw new Refused('scanCode:fail cancel')
  return { result, scanType: 'QR_CODE', charSet: 'UTF-8', path: '', rawData: btoa(unescape(encodeURIComponent(result))) }
}

/** wx.showShareImageMenu: the picture, to keep on the phone. */
export async function askPicture(phone, { picture }) {
  const { t } = phone.app
  const kept = await slide(phone.root, t.picture, (end) => [
    h('div', { class: 'sheet-picture' }, h('img', { src: picture, alt: t.picture })),
    h('div', { class: 'sheet-row' }, h('button', { class: 'quiet', onclick: () => end() }, t.cancel),
      h('a', { class: 'green', role: 'button', href: picture, download: 'seta.png', onclick: () => end(true) }, t.savePicture)),
  ])
  if (!kept) throw new Refused('showShareImageMenu:fail cancel')
  return {}
}

/** wx.shareFileMessage: the file goes to the person's own File Transfer, where it can be kept. */
export async function askFile(phone, { name, text }) {
  const { t } = phone.app
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const sent = await slide(phone.root, t.sendFile, (end) => [
    h('div', { class: 'sheet-ask' }, avatar(t.fileTransfer), h('div', {}, h('strong', {}, t.fileTransfer), h('p', {}, name),
      h('p', { class: 'muted' }, `${Math.max(1, Math.round(new Blob([text]).size / 1024))} KB`))),
    h('div', { class: 'sheet-row' }, h('button', { class: 'quiet', onclick: () => end() }, t.cancel),
      h('a', { class: 'green', role: 'button', href: address, download: name, onclick: () => end(true) }, t.send)),
  ])
  setTimeout(() => URL.revokeObjectURL(address), 60_000) // the download reads it after the click
  if (!sent) throw new Refused('shareFileMessage:fail cancel')
  return {}
}

/** wx.openOfficialAccountProfile: the account's own page, from where it is followed and its chat opened. */
export async function askAccount(phone, { username }) {
  const { app } = phone
  const { t } = app
  const account = app.state.accounts.find((one) => one.username === username)
  if (!account) throw new Refused('openOfficialAccountProfile:fail invalid username')
  const wanted = await slide(phone.root, account.name, (end) => [
    h('div', { class: 'sheet-ask' }, avatar(account.name), h('div', {}, h('strong', {}, account.name), h('p', { class: 'muted' }, account.followed ? t.following : t.notFollowing))),
    h('div', { class: 'sheet-row' }, h('button', { class: 'quiet', onclick: () => end() }, t.cancel),
      h('button', { class: 'green', onclick: () => end(true) }, account.followed ? t.toChat : t.follow)),
  ])
  if (!wanted) throw new Refused('openOfficialAccountProfile:fail cancel')
  if (!account.followed) await app.act('follow', { appid: account.appid, wait: false })
  return { chat: `official_account:${account.appid}` }
}

const ADDRESSES = [
  { postalCode: '200040', provinceName: '上海市', cityName: '上海市', countyName: '静安区', detailInfo: '南京西路 1266 号 2 座 1801 室', telNumber: '13800138000' },
  { postalCode: '310000', provinceName: '浙江省', cityName: '杭州市', countyName: '上城区', detailInfo: '湖滨路 18 号', telNumber: '13900139000' },
]

/** wx.chooseAddress: one of the person's own addresses, which WeChat keeps and hands over only when chosen. */
export async function askAddress(phone) {
  const { app } = phone
  const { t } = app
  const userName = app.state.people.find((one) => one.key === app.who)?.name ?? ''
  const chosen = await slide(phone.root, t.addresses, (end) => [
    h('div', { class: 'sheet-top' }, h('button', { class: 'sheet-close', 'aria-label': t.cancel, onclick: () => end() }, '×'), h('strong', {}, t.addresses)),
    h('ul', { class: 'rows' }, ADDRESSES.map((one) => h('li', { class: 'row-line' }, h('button', { class: 'row', onclick: () => end(one) },
      h('span', { class: 'row-text' }, h('span', { class: 'row-name' }, `${userName} ${one.telNumber}`), h('span', { class: 'row-last' }, `${one.cityName} ${one.countyName} ${one.detailInfo}`)))))),
  ])
  if (!chosen) throw new Refused('chooseAddress:fail cancel')
  return { userName, nationalCode: '', ...chosen }
}
