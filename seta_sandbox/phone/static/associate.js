// The associate's WeCom: chats with customers, their toolbar, group messages and Moments that wait for a hand.
import { h } from './dom.js'

const POLL_MS = 1000
const SAYS = {
  zh: { chats: '客户', masses: '待发送的群发', moments: '待发表的朋友圈', send: '发送', publish: '发表', tool: '打开侧边栏', back: '返回', none: '暂无', done: '已完成', cancelled: '已取消', to: '发送给', mini: '小程序', image: '图片', likes: '赞', added: '已添加您为联系人' },
  en: { chats: 'Customers', masses: 'Group messages to send', moments: 'Moments to publish', send: 'Send', publish: 'Publish', tool: 'Open the toolbar', back: 'Back', none: 'None', done: 'Done', cancelled: 'Withdrawn', to: 'To', mini: 'Mini program', image: 'Picture', likes: 'likes', added: 'added you' },
  it: { chats: 'Clienti', masses: 'Messaggi di gruppo da inviare', moments: 'Moments da pubblicare', send: 'Invia', publish: 'Pubblica', tool: 'Apri la barra', back: 'Indietro', none: 'Niente', done: 'Fatto', cancelled: 'Ritirato', to: 'A', mini: 'Mini program', image: 'Immagine', likes: 'mi piace', added: 'ti ha aggiunto' },
}
const t = SAYS[navigator.language.slice(0, 2)] ?? SAYS.zh
const root = document.getElementById('phone')
let state = null
let chat = new URLSearchParams(location.search).get('chat') ?? ''
let trouble = ''
let drawn = ''

async function act(action, fields = {}) {
  const answer = await fetch('/_associate/act', { method: 'POST', body: JSON.stringify({ action, ...fields }) })
  const body = await answer.json().catch(() => ({}))
  trouble = answer.ok ? '' : body.error ?? String(answer.status)
  await refresh()
}

function attached(one) {
  if (one.miniprogram) return h('p', { class: 'soft' }, `[${t.mini}] ${one.miniprogram.title}`)
  if (one.link) return h('p', { class: 'soft' }, one.link.title)
  return h('p', { class: 'soft' }, `[${t.image}]`)
}

function task(one, label, go) {
  const foot = one.state === 'waiting'
    ? h('button', { class: 'main', onclick: go }, label)
    : h('span', { class: 'done' }, one.state === 'done' ? t.done : t.cancelled, one.likes ? ` · ${one.likes} ${t.likes}` : '')
  return h('li', { 'data-task': one.msgid ?? one.moment_id }, h('p', {}, one.text),
    one.attachments.map(attached),
    one.customers?.length ? h('p', { class: 'soft' }, `${t.to} ${one.customers.join('、')}`) : null, foot)
}

const list = (title, rows) => [h('h2', {}, title), h('ul', {}, rows.length ? rows : h('li', { class: 'soft' }, t.none))]

function home() {
  return [
    h('header', {}, h('h1', {}, state.me.name, ' ', h('small', {}, 'WeCom'))),
    ...list(t.chats, state.chats.map((one) => h('li', {}, h('button', { class: 'row', onclick: () => openChat(one.external_userid) }, one.name, ' ›')))),
    ...list(t.masses, state.masses.toReversed().map((one) => task(one, t.send, () => act('confirm_mass', { msgid: one.msgid })))),
    ...list(t.moments, state.moments.toReversed().map((one) => task(one, t.publish, () => act('moment_publish', { moment_id: one.moment_id })))),
  ]
}

async function openChat(external) {
  chat = external
  await act('open_chat', { external_userid: external })
}

function words(item) {
  const c = item.content
  if (item.kind === 'event') return c.event === 'add_contact' ? t.added : c.event
  if (item.kind === 'text') return c.content
  return c.title ? `[${t.mini}] ${c.title}` : `[${t.image}]`
}

function room(open) {
  const side = (item) => (item.kind === 'event' ? 'bubble event' : item.sender === 'account' ? 'bubble mine' : 'bubble')
  return [
    h('header', {}, h('button', { onclick: () => { chat = ''; draw() } }, t.back), h('h1', {}, open.name)),
    h('div', { class: 'chat' }, open.items.map((item) => h('div', { class: side(item) }, words(item)))),
    h('div', { class: 'bar' }, state.sidebar_url ? h('a', { class: 'button', href: state.sidebar_url, target: 'toolbar' }, t.tool) : null),
  ]
}

function draw() {
  const mark = JSON.stringify([state, chat, trouble])
  if (mark === drawn) return
  drawn = mark
  const open = state.chats.find((one) => one.external_userid === chat)
  root.replaceChildren(...(open ? room(open) : home()), trouble ? h('p', { class: 'trouble', role: 'alert' }, trouble) : '')
}

async function refresh() {
  const answer = await fetch('/_associate/state')
  if (!answer.ok) return
  state = await answer.json()
  draw()
}

for (;;) {
  await refresh().catch((error) => { if (!(error instanceof TypeError)) throw error })
  await new Promise((done) => setTimeout(done, POLL_MS))
}
