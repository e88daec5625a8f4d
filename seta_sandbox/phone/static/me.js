// The person's own screens: who they are, the calendar, a payment code, the language.
import { avatar, h, icon } from './dom.js'
import { languageSwitch } from './guide.js'
import { standsAt } from './places.js'

export const title = (app) => app.t.tabs.me

const line = (name, text, act) => h('li', {}, h('button', { class: 'row row-low', onclick: act }, icon(name, 'icon row-icon'), h('span', { class: 'row-text' }, text)))

export function update(app, root) {
  const { t, state } = app
  root.replaceChildren(
    h('div', { class: 'profile' }, avatar(state.me.name, 'avatar avatar-large'), h('div', {}, h('div', { class: 'profile-name' }, state.me.name), h('div', { class: 'muted' }, state.me.city))),
    h('ul', { class: 'rows' }, line('people', t.person, () => app.show('people')), line('place', `${t.standing} · ${standsAt(app)}`, () => app.show('spots'))),
    h('ul', { class: 'rows' }, line('pay', t.payCode, () => app.show('payCode')), line('calendar', t.calendar, () => app.show('calendar'))),
    h('h2', { class: 'group' }, t.language), languageSwitch(app),
  )
}

/** Everybody whose phone this can be. */
export const people = {
  title: (app) => app.t.person,
  update(app, root) {
    root.replaceChildren(h('ul', { class: 'rows' }, app.state.people.map((person) => h('li', {}, h('button', {
      class: 'row', 'aria-current': person.key === app.who ? 'true' : null, onclick: () => app.choosePerson(person.key),
    }, avatar(person.name), h('span', { class: 'row-text' }, h('span', { class: 'row-name' }, person.name), h('span', { class: 'row-last' }, person.city)), person.key === app.who ? '✓' : null)))))
  },
}

/** Dates that mini programs put here. */
export const calendar = {
  title: (app) => app.t.calendar,
  update(app, root) {
    const { t, state } = app
    const when = (seconds) => new Date(seconds * 1000).toLocaleString(app.language === 'zh' ? 'zh-CN' : app.language, {
      timeZone: 'Europe/Rome', weekday: 'short', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short',
    })
    root.replaceChildren(state.calendar.length
      ? h('ul', { class: 'rows' }, state.calendar.toSorted((a, b) => a.starts - b.starts).map((entry) => h('li', { class: 'date' },
        h('strong', {}, entry.title), h('span', {}, when(entry.starts)), h('span', { class: 'muted' }, entry.location))))
      : h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, t.noDates)))
  },
}

let codesAsked = 0

async function showCode(app, root, provider) {
  codesAsked += 1
  const mine = codesAsked
  const answer = await app.act('payment_code', { provider })
  if (mine !== codesAsked) return // another was asked for meanwhile
  const code = answer?.auth_code ?? answer?.code
  if (!code) return
  root.querySelector('.pay-code-place').replaceChildren(
    h('img', { src: `/_phone/qr?${new URLSearchParams({ text: code })}`, alt: '', width: 220, height: 220 }),
    h('output', { class: 'pay-code' }, code.replace(/(\d{4})(?=\d)/g, '$1 ')))
  for (const button of root.querySelectorAll('.switch button')) button.setAttribute('aria-pressed', String(button.dataset.provider === provider))
}

/** A single-use code for the till, of either wallet. */
export const payCode = {
  title: (app) => app.t.payCode,
  update(app, root) {
    const { t } = app
    if (root.dataset.mark === app.language) return
    root.dataset.mark = app.language
    let provider = 'wechat'
    const choose = (name) => () => { provider = name; showCode(app, root, name) }
    root.replaceChildren(h('div', { class: 'pay-code-card' },
      h('div', { class: 'switch', role: 'group' },
        h('button', { 'data-provider': 'wechat', 'aria-pressed': 'true', onclick: choose('wechat') }, t.wechatPay),
        h('button', { 'data-provider': 'alipay', 'aria-pressed': 'false', onclick: choose('alipay') }, t.alipay)),
      h('div', { class: 'pay-code-place', 'aria-live': 'polite' }),
      h('p', { class: 'muted' }, t.payCodeNote),
      h('button', { class: 'quiet', onclick: () => showCode(app, root, provider) }, t.newCode)))
    showCode(app, root, provider)
  },
}
