// The mini program in its frame, with WeChat's capsule, and the screens it asks the phone for.
import { Refused, ask } from './api.js'
import { h, icon } from './dom.js'
import { askMap, askPlace, askSettings, choosePlace, readSettings, showPlace } from './places.js'
import { drawWays, sendToFriend } from './share.js'
import { askAccount, askAddress, askDate, askFile, askNotification, askPayment, askPicture, askScan } from './sheets.js'

const TAGS = { zh: 'zh_CN', en: 'en', it: 'it' }
const FROM_SINGLE_PAGE_SCENE = 1155
let running = null

const pathWith = (path) => path || 'pages/home/home'

export function openProgram(app, root, appid, path, scene) {
  closeProgram(root)
  const { t } = app
  if (!app.state.has_program) {
    app.say(t.notBuilt)
    return
  }
  const address = `/_mp/index.html?${new URLSearchParams({ consumer: app.who, appid, lang: TAGS[app.language], path: pathWith(path), scene: String(scene) })}`
  const name = app.state.programs.find((one) => one.appid === appid)?.name ?? t.miniProgram
  const frame = h('iframe', { class: 'program-frame', src: address, title: `${t.miniProgram} ${name}` })
  const over = h('div', { class: 'program' }, frame, h('div', { class: 'capsule' },
    h('button', { 'aria-label': t.more, onclick: () => showMenu(app, root) }, icon('more')),
    h('button', { 'aria-label': `${t.close} ${t.miniProgram}`, onclick: () => closeProgram(root) }, icon('close'))))
  running = { app, root, frame, appid, address, path, has_program: true }
  root.append(over)
}

export function closeProgram(root) {
  root.querySelector('.program')?.remove()
  root.querySelectorAll('.sheet-ground').forEach((sheet) => sheet.remove())
  running = null
}

/** A build that has disappeared takes the frame with it. */
export function programChanged(app) {
  if (running && !app.state.has_program) closeProgram(running.root)
}

/** The capsule's menu: it opens at once, and follows the page while that is still opening. */
function showMenu(app, root) {
  if (root.querySelector('.sheet-menu')) return
  const { t } = app
  const phone = running
  const ways = h('div', { 'aria-live': 'polite' })
  const away = () => { phone.pageOpened = null; ground.remove() }
  phone.pageOpened = () => drawWays(phone, ways, away)
  const ground = h('div', { class: 'sheet-ground', onclick: (event) => { if (event.target === ground) away() } }, h('div', { class: 'sheet sheet-menu', role: 'dialog', 'aria-label': t.more },
    ways,
    h('button', { class: 'sheet-line', onclick: () => { away(); askSettings(phone) } }, t.settings),
    h('button', { class: 'sheet-line', onclick: () => { away(); running.frame.src = running.address } }, t.restart),
    h('button', { class: 'sheet-line', onclick: () => { away(); closeProgram(root) } }, `${t.close} ${t.miniProgram}`),
    h('button', { class: 'sheet-line sheet-cancel', onclick: away }, t.cancel)))
  root.append(ground)
  phone.pageOpened()
  ground.querySelector('button:not(:disabled)').focus()
}

async function copy(data) {
  try {
    await navigator.clipboard.writeText(data)
  } catch {
    const field = h('textarea', {}, data) // a frame without clipboard permission
    document.body.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
  return { data }
}

/** The account's chat comes before the mini program, which ends here. */
async function openAccount(phone, args) {
  const { chat } = await askAccount(phone, args)
  closeProgram(phone.root)
  phone.app.show('room', { chat })
  return {}
}

const SCREENS = {
  requestPayment: askPayment,
  requestSubscribeMessage: askNotification,
  scanCode: askScan,
  addPhoneCalendar: askDate,
  chooseAddress: askAddress,
  openLocation: askMap,
  chooseLocation: choosePlace,
  getLocation: askPlace,
  showLocation: showPlace,
  getSetting: readSettings,
  openSetting: askSettings,
  forward: sendToFriend,
  openOfficialAccountProfile: openAccount,
  showShareImageMenu: askPicture,
  shareFileMessage: askFile,
  exitMiniProgram: (phone) => { closeProgram(phone.root); return {} },
  setClipboardData: (phone, { data }) => copy(String(data)),
}

addEventListener('message', async (event) => {
  if (event.origin !== location.origin || !running || event.source !== running.frame.contentWindow) return
  if (event.data?.seta === 'phone-tell') {
    if (event.data.api === 'pageOpened') running.pageOpened?.()
    if (event.data.api === 'leaveSinglePage') openProgram(running.app, running.root, running.appid, running.path, FROM_SINGLE_PAGE_SCENE)
    return
  }
  if (event.data?.seta !== 'phone-ask') return
  const { id, api, args } = event.data
  const { frame } = running
  const reply = (answer) => frame.contentWindow?.postMessage({ seta: 'phone-answer', id, ...answer }, location.origin)
  const screen = SCREENS[api]
  if (!screen) {
    reply({ ok: false, errMsg: `${api}:fail not on this phone` })
    return
  }
  try {
    reply({ ok: true, result: await screen({ ...running, ask }, args) })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    reply({ ok: false, errMsg: error.errMsg })
  }
})
