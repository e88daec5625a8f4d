// The explanation beside the phone on a wide screen: what this is, who holds it, what to try.
import { h } from './dom.js'
import { LANGUAGES } from './words.js'

/** Three buttons, one for each language. */
export function languageSwitch(app) {
  return h('div', { class: 'switch', role: 'group', 'aria-label': app.t.language }, Object.entries(LANGUAGES).map(([code, name]) => h('button', {
    'aria-pressed': code === app.language ? 'true' : 'false', lang: code === 'zh' ? 'zh-Hans' : code, onclick: () => app.chooseLanguage(code),
  }, name)))
}

/** Where a step of the guide leads. */
function go(app, step) {
  const [account] = app.state.accounts
  if (step === 'chat') app.show('room', { chat: `official_account:${account.appid}` })
  else if (step === 'program') app.openProgram(app.state.programs[0].appid, '', 1001)
  else if (step === 'associate') {
    const chat = app.state.items.findLast((item) => item.chat.startsWith('wecom:'))?.chat
    app.show(chat ? 'room' : 'scan', chat ? { chat } : {})
  } else app.show(step)
}

export function drawGuide(app, root) {
  if (!app.state) return
  const { t } = app
  const people = h('select', { id: 'guide-people', onchange: (event) => app.choosePerson(event.target.value) }, app.state.people.map((person) =>
    h('option', { value: person.key, selected: person.key === app.who }, `${person.name} · ${person.city}`)))
  const mark = JSON.stringify([app.language, app.who, app.state.people.length, app.state.request_base])
  if (root.dataset.mark === mark) return
  root.dataset.mark = mark
  root.replaceChildren(
    h('p', { class: 'guide-brand' }, 'Seta · sandbox'),
    h('h2', {}, t.guideTitle),
    h('p', { class: 'guide-note' }, t.guideNote),
    languageSwitch(app),
    h('label', { class: 'guide-label', for: 'guide-people' }, t.consumer),
    people,
    h('ol', { class: 'guide-steps' }, t.guideSteps.map(([step, title, note]) => h('li', {}, h('button', { onclick: () => go(app, step) },
      h('strong', {}, title), h('span', {}, note))))),
    h('a', { class: 'guide-desk', href: app.state.request_base, target: '_blank', rel: 'noopener' }, t.deskLink),
  )
}
