// The camera: the codes that hang around, to point at. Also answers a mini program's wx.scanCode.
import { Refused } from './api.js'
import { h } from './dom.js'
import { askCode } from './sheets.js'

export const title = (app) => app.t.scan
export const dark = true

/** Does what WeChat does with a scanned code. */
async function use(app, poster) {
  if (poster.kind === 'official_account') {
    const answer = await app.act('scan', { ticket: poster.target, wait: false })
    if (!answer) return
    const account = app.state.accounts.find((one) => one.appid === answer.appid) ?? owner(app, answer.openid)
    leave(app)
    app.show('room', { chat: `official_account:${account.appid}` })
  } else if (poster.kind === 'wecom') {
    const answer = await app.act('add_contact', { config_id: poster.target, wait: false })
    if (!answer) return
    leave(app)
    const userid = answer.userid ?? answer.user_id ?? app.state.items.findLast((item) => item.chat.startsWith('wecom:'))?.chat.slice(6)
    if (userid) app.show('room', { chat: `wecom:${userid}` })
  } else {
    const opened = await fetch('/_phone/paper_code', { method: 'POST', body: JSON.stringify({ id: poster.target }) }).then((response) => response.json())
    if (!opened.page) return
    leave(app)
    app.openProgram(opened.appid, `${opened.page}?scene=${encodeURIComponent(opened.scene)}`, 1047)
  }
}

const leave = (app) => { app.stack = app.stack.filter((entry) => entry.name !== 'scan') }
// The account a scan belongs to is the one that made the ticket; its chat has the newest item.
const owner = (app, openid) => app.state.accounts.find((one) => one.openid === openid) ?? app.state.accounts[0]

/** Codes as buttons; `choose` gets the poster. */
export function codes(app, choose) {
  const { t } = app
  return h('div', { class: 'codes' }, app.state.posters.map((poster) => h('button', { class: 'code', 'aria-label': `${t.scan} ${poster.title}`, onclick: () => choose(poster) },
    h('img', { src: poster.image_url, alt: '', width: 150, height: 150 }), h('strong', {}, poster.title), h('small', {}, t.kinds[poster.kind] ?? poster.kind))))
}

/** A code that stands on no poster: the till's own, typed as the camera would read it. */
function typed(app) {
  const { t } = app
  const field = h('input', { class: 'foot-field', 'aria-label': t.typeCode, placeholder: t.typeCode, maxlength: 512 })
  const trouble = h('p', { class: 'sheet-trouble', role: 'alert' })
  const submit = async (event) => {
    event.preventDefault()
    trouble.textContent = ''
    try {
      if (field.value.trim() && await askCode(app, document.getElementById('phone'), field.value.trim())) field.value = ''
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      trouble.textContent = error.message
    }
  }
  return h('div', {}, h('form', { class: 'writer', onsubmit: submit }, field, h('button', { class: 'green small' }, t.useCode)), trouble)
}

export function update(app, root) {
  const { t } = app
  const mark = JSON.stringify([app.language, app.state.posters])
  if (root.dataset.mark === mark) return
  root.dataset.mark = mark
  const around = app.state.posters.length
    ? h('div', {}, h('p', { class: 'scan-note' }, t.scanNote), codes(app, (poster) => use(app, poster)))
    : h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, t.noPosters), h('p', {}, t.noPostersNote))
  root.replaceChildren(around, typed(app))
}
