// The phone: who holds it, in which language, which screen is up, and what is new.
import { Refused, ask, readState } from './api.js'
import { h, icon } from './dom.js'
import { drawGuide } from './guide.js'
import { closeProgram, openProgram, programChanged } from './program.js'
import * as articles from './articles.js'
import * as chats from './chats.js'
import * as contacts from './contacts.js'
import * as discover from './discover.js'
import * as me from './me.js'
import { spots } from './places.js'
import * as room from './room.js'
import * as scan from './scan.js'
import { LANGUAGES, WORDS, fill } from './words.js'

const VIEWS = { articles, article: articles.article, chats, contacts, discover, me, room, scan, moments: discover.moments, calendar: me.calendar, payCode: me.payCode, people: me.people, spots }
const TABS = ['chats', 'contacts', 'discover', 'me']
const WAIT_SECONDS = 20
const RETRY_MS = 1500

const keep = (name, value) => localStorage.setItem(`phone:${name}`, value)
const kept = (name) => localStorage.getItem(`phone:${name}`)

const asked = new URLSearchParams(location.search)
let language = asked.get('lang') ?? kept('language') ?? document.documentElement.lang
if (!LANGUAGES[language]) language = 'zh'

/** What every screen is given. */
export const app = {
  state: null,
  who: asked.get('who') ?? kept('who') ?? '',
  stack: [{ name: 'chats', given: {} }],
  get language() { return language },
  get t() { return WORDS[language] },
  show(name, given = {}) {
    if (TABS.includes(name)) app.stack = [{ name, given }]
    else app.stack.push({ name, given })
    draw()
  },
  back() {
    if (app.stack.length > 1) app.stack.pop()
    draw()
  },
  /** Does something at the sandbox; what it refuses is shown, and undefined comes back. */
  async act(action, fields = {}) {
    try {
      return await ask('act', { action, openid: app.who, ...fields })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      app.say(fill(app.t.failed, { why: error.message }))
      return undefined
    }
  },
  say(text) {
    root.querySelector('.say')?.remove()
    const said = h('div', { class: 'say', role: 'status' }, text)
    root.append(said)
    setTimeout(() => said.remove(), 2600)
  },
  openProgram: (appid, path, scene) => openProgram(app, root, appid, path, scene),
  chooseLanguage(code) {
    language = code
    keep('language', code)
    document.documentElement.lang = code === 'zh' ? 'zh-Hans' : code
    closeProgram(root)
    draw()
  },
  async choosePerson(key) {
    app.who = key
    keep('who', key)
    closeProgram(root)
    app.stack = [{ name: 'chats', given: {} }]
    await refresh()
  },
  time: (seconds) => new Date(seconds * 1000).toLocaleTimeString(language === 'zh' ? 'zh-CN' : language, { hour: '2-digit', minute: '2-digit' }),
  /** The number of the newest item a person has looked at in a chat. */
  seen: (chat) => Number(kept(`seen:${app.who}:${chat}`) ?? 0),
  markSeen: (chat, n) => keep(`seen:${app.who}:${chat}`, String(n)),
}

const root = document.getElementById('phone')
const guide = document.getElementById('guide')
let drawn = ''
let pressed = false
let late = false

function header(view, given) {
  const side = app.stack.length > 1
    ? h('button', { class: 'bar-button bar-left', 'aria-label': app.t.back, onclick: () => app.back() }, icon('back'))
    : null
  const scanButton = given.noScan || view.dark
    ? null
    : h('button', { class: 'bar-button bar-right', 'aria-label': app.t.scan, onclick: () => app.show('scan') }, icon('scan'))
  return h('header', { class: 'bar' }, side, h('h1', { class: 'bar-title' }, view.title(app, given)), view.action?.(app, given) ?? scanButton)
}

function tabs(current) {
  return h('nav', { class: 'tabs' }, TABS.map((name) => h('button', {
    class: 'tab', 'aria-current': name === current ? 'page' : null, onclick: () => app.show(name),
  }, icon(name), h('span', {}, app.t.tabs[name]), name === 'chats' && chats.unread(app) ? h('i', { class: 'dot', 'aria-label': app.t.newOne }) : null)))
}

/** Draws the screen anew when it is another one, else only what changed in it, once no finger is on it. */
function draw() {
  const { name, given } = app.stack.at(-1)
  const view = VIEWS[name]
  const mark = JSON.stringify([name, given, language, app.who])
  late = pressed && drawn === mark
  if (late) return
  drawGuide(app, guide)
  const old = root.querySelector('.screen')
  if (old && drawn === mark) {
    root.querySelector('.bar').replaceWith(header(view, given))
    root.querySelector('.tabs')?.replaceWith(tabs(name))
    view.update(app, old.querySelector('.content'), given)
    return
  }
  drawn = mark
  old?.remove()
  root.querySelector('.booting')?.remove()
  const content = h('main', { class: 'content' })
  const screen = h('div', { class: `screen screen-${name}${view.dark ? ' dark' : ''}` }, header(view, given), content, TABS.includes(name) ? tabs(name) : null)
  root.prepend(screen)
  view.update(app, content, given)
}

async function refresh() {
  const { who } = app
  const state = await readState(who, -1, 0)
  if (who !== app.who) return // another was chosen meanwhile
  app.state = state
  app.who = state.me.key
  draw()
}

async function follow() {
  for (;;) {
    const { who } = app
    try {
      const state = await readState(who, app.state?.version ?? -1, app.state ? WAIT_SECONDS : 0)
      root.querySelector('.offline')?.remove()
      if (who !== app.who) continue
      const changed = !app.state || state.version !== app.state.version
      app.state = state
      app.who = state.me.key
      if (changed) draw()
      if (state.version === 0 && !changed) await new Promise((done) => setTimeout(done, RETRY_MS))
      programChanged(app)
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof TypeError)) throw error
      if (error instanceof Refused && app.who) app.who = '' // that consumer belongs to another sandbox
      if (!root.querySelector('.offline')) root.append(h('div', { class: 'offline', role: 'status' }, app.t.offline))
      await new Promise((done) => setTimeout(done, RETRY_MS))
    }
  }
}

// A button that is replaced between its press and its release would never be clicked.
addEventListener('pointerdown', () => { pressed = true }, true)
for (const released of ['pointerup', 'pointercancel', 'contextmenu', 'blur']) {
  addEventListener(released, () => setTimeout(() => { pressed = false; if (late) draw() }), true) // after its click
}

document.documentElement.lang = language === 'zh' ? 'zh-Hans' : language
follow()
