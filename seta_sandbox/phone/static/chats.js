// The list of chats, newest first.
import { avatar, h } from './dom.js'
import { fill } from './words.js'

/** Who is on the other side of a chat. */
export function partner(app, chat) {
  const [kind, ...rest] = chat.split(':')
  const id = rest.join(':')
  if (kind === 'service') return { kind, id, name: app.t.service }
  if (kind === 'wecom') return { kind, id, name: app.state.associates.find((one) => one.userid === id)?.name ?? id }
  if (kind === 'friend') return { kind, id, name: app.state.people.find((one) => one.key === id)?.name ?? id }
  const known = [...app.state.accounts, ...app.state.programs].find((one) => one.appid === id)
  return { kind, id, name: known?.name ?? id }
}

/** One line that stands for an item. */
export function summary(app, item) {
  const { t } = app
  const c = item.content
  if (item.kind === 'event') return { follow: t.followed, unfollow: t.unfollowedNow, scan: t.scanned }[c.event] ?? c.text ?? t.addAssociate
  if (item.kind === 'news') return c.articles?.[0]?.title ?? ''
  if (item.kind === 'template') return Object.values(c.data ?? {}).map((value) => value?.value ?? value).join(' ')
  if (item.kind === 'image') return `[${t.image}]`
  if (item.kind === 'miniprogrampage' || item.kind === 'miniprogram') return `[${t.miniProgram}] ${c.title ?? ''}`
  return String(c.content ?? c.text ?? c.title ?? c.head_content ?? '').replace(/<[^>]+>/g, '')
}

function newest(app) {
  const last = new Map()
  for (const item of app.state.items) if (item.chat !== 'moments') last.set(item.chat, item)
  return [...last.values()].sort((a, b) => b.n - a.n)
}

const isNew = (app, item) => item.sender === 'account' && item.n > app.seen(item.chat)
export const unread = (app) => app.state && newest(app).some((item) => isNew(app, item))

export const title = (app) => app.t.tabs.chats

export function update(app, root) {
  const { t } = app
  const rows = newest(app)
  if (!rows.length) {
    root.replaceChildren(h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, t.noChats), h('p', {}, t.noChatsNote),
      h('button', { class: 'quiet', onclick: () => app.show('scan') }, t.toScan)))
    return
  }
  root.replaceChildren(h('ul', { class: 'rows' }, rows.map((item) => {
    const other = partner(app, item.chat)
    return h('li', {}, h('button', { class: 'row', 'aria-label': fill(t.chatWith, { name: other.name }), onclick: () => app.show('room', { chat: item.chat }) },
      h('span', { class: 'row-picture' }, avatar(other.name), isNew(app, item) ? h('i', { class: 'dot' }) : null),
      h('span', { class: 'row-text' },
        h('span', { class: 'row-name' }, other.name, other.kind === 'wecom' ? h('small', { class: 'wecom' }, '@Serica Milano') : null),
        h('span', { class: 'row-last' }, summary(app, item))),
      h('time', { class: 'row-time' }, app.time(item.at))))
  })))
}
