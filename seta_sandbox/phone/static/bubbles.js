// Messages as bubbles and cards: what each kind of content looks like and opens.
import { Refused, ask } from './api.js'
import { partner, summary } from './chats.js'
import { avatar, h } from './dom.js'
import { cardOf } from './share.js'

const web = (url) => () => window.open(url, '_blank', 'noopener')

/** Text with WeChat's own links in it: menu answers, mini programs and web pages; any other markup is shown as text. */
export function richText(app, chat, text) {
  const parts = []
  let from = 0
  for (const match of text.matchAll(/<a\s([^>]*)>([\s\S]*?)<\/a>/gi)) {
    parts.push(text.slice(from, match.index), link(app, chat, match[1], match[2]))
    from = match.index + match[0].length
  }
  parts.push(text.slice(from))
  return parts.filter((part) => part !== '')
}

function link(app, chat, attributes, label) {
  const given = Object.fromEntries([...attributes.matchAll(/([\w-]+)\s*=\s*["']([^"']*)["']/g)].map((match) => [match[1].toLowerCase(), match[2]]))
  let open = null
  if (given['data-miniprogram-path'] !== undefined) {
    open = () => app.openProgram(given['data-miniprogram-appid'] || linkedProgram(app, chat), given['data-miniprogram-path'], 1007)
  } else if (given.href?.startsWith('weixin://bizmsgmenu')) {
    const content = new URLSearchParams(given.href.split('?')[1]).get('msgmenucontent') ?? label
    open = () => write(app, chat, content)
  } else if (/^https?:/.test(given.href ?? '')) open = web(given.href)
  return open ? h('button', { class: 'in-text', onclick: open }, label) : label
}

/** The mini program of the same owner as the chat's account: they stand in the same order. */
function linkedProgram(app, chat) {
  const index = app.state.accounts.findIndex((one) => chat.endsWith(one.appid))
  return app.state.programs[Math.max(0, index)].appid
}

async function tell(app, to, content) {
  try {
    return await ask('tell', { consumer: app.who, to, content })
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    app.say(error.message)
    return undefined
  }
}

/** Writes to the other side of a chat. */
export function write(app, chat, content) {
  const other = partner(app, chat)
  if (other.kind === 'friend') return tell(app, other.id, content)
  if (other.kind === 'wecom') return app.act('wecom_message', { userid: other.id, sender: 'client', content, wait: false })
  return app.act('message', { appid: other.id, app: other.kind, content, wait: false })
}

const mediaAddress = (owner, id) => `/_phone/picture?${new URLSearchParams({ appid: owner, media_id: id })}`

/** A card of a friend; WeChat counts it as opened from a chat with one person. */
function friendCard(app, content) {
  return h('button', { class: 'card', onclick: () => app.openProgram(content.appid, content.pagepath, 1007) }, cardOf(app, content))
}

function programCard(app, chat, content) {
  if (chat.startsWith('friend:')) return friendCard(app, content)
  const appid = content.appid || linkedProgram(app, chat)
  const media = content.thumb_media_id ?? content.pic_media_id
  const owner = chat.startsWith('wecom:') ? app.state.corpid : partner(app, chat).id
  const name = app.state.programs.find((one) => one.appid === appid)?.name ?? app.t.miniProgram
  return h('button', { class: 'card', onclick: () => app.openProgram(appid, content.pagepath ?? content.page ?? '', 1007) },
    h('span', { class: 'card-brand' }, avatar(name, 'avatar avatar-tiny'), name),
    h('span', { class: 'card-title' }, content.title),
    media ? h('img', { class: 'card-picture', src: mediaAddress(owner, media), alt: '' }) : null,
    h('span', { class: 'card-foot' }, app.t.miniProgram))
}

function articleCard(article) {
  const url = article.url
  return h('button', { class: 'card', onclick: url ? web(url) : null, disabled: !url },
    article.picurl ? h('img', { class: 'card-picture', src: article.picurl, alt: '' }) : null,
    h('span', { class: 'card-title' }, article.title), article.description ? h('span', { class: 'card-note' }, article.description) : null)
}

function linkCard(content) {
  return articleCard({ ...content, description: content.description ?? content.desc, picurl: content.picurl ?? content.pic_url ?? content.thumb_url })
}

/** A service notification: the values in order, and the page it opens. */
function notification(app, item) {
  const { data = {}, page, url, miniprogram } = item.content
  const appid = item.chat.startsWith('service:') ? item.chat.slice(8) : miniprogram?.appid
  const path = page || miniprogram?.pagepath
  const values = Object.values(data).map((value) => value?.value ?? value)
  const name = partner(app, `mini_program:${appid ?? item.chat.split(':')[1]}`).name
  const open = path ? () => app.openProgram(appid, path, 1014) : url ? web(url) : null
  return h(open ? 'button' : 'div', { class: 'card notification', onclick: open },
    h('span', { class: 'card-brand' }, avatar(name, 'avatar avatar-tiny'), name, h('time', {}, app.time(item.at))),
    h('span', { class: 'card-title' }, values[0]), values.slice(1).map((value) => h('span', { class: 'card-row' }, value)),
    open ? h('span', { class: 'card-foot' }, app.t.open, ' ›') : null)
}

function choiceMenu(app, item) {
  const { head_content: head, list = [], tail_content: tail } = item.content
  return h('div', { class: 'bubble' }, head, list.map((one) => h('button', { class: 'in-text choice', onclick: () => write(app, item.chat, one.content) }, one.content)), tail)
}

function body(app, item) {
  const c = item.content
  switch (item.kind) {
    case 'text': return h('div', { class: 'bubble' }, richText(app, item.chat, String(c.content ?? '')))
    case 'news': return (c.articles ?? []).map(articleCard)
    case 'miniprogrampage': case 'miniprogram': case 'weapp': return programCard(app, item.chat, c)
    case 'link': return linkCard(c)
    case 'template': return notification(app, item)
    case 'msgmenu': return choiceMenu(app, item)
    case 'image': {
      const owner = item.chat.startsWith('wecom:') ? app.state.corpid : partner(app, item.chat).id
      const source = c.media_id ? mediaAddress(owner, c.media_id) : c.picurl ?? c.pic_url
      return source ? h('img', { class: 'chat-picture', src: source, alt: app.t.image }) : h('div', { class: 'bubble' }, `[${app.t.image}]`)
    }
    default: return h('div', { class: 'bubble' }, summary(app, item) || app.t.broken)
  }
}

function eventLine(app, item) {
  const { t } = app
  const said = { follow: t.followed, unfollow: t.unfollowedNow, scan: t.scanned, add_contact: t.addAssociate, agree: t.agreed, disagree: t.disagreed }
  return h('p', { class: 'event' }, said[item.content.event] ?? item.content.event)
}

/** One item of a chat. */
export function drawItem(app, item) {
  if (item.kind === 'event' || item.kind === 'agree' || item.kind === 'disagree') return eventLine(app, item)
  if (item.kind === 'notice') return h('p', { class: 'event' }, item.content.content)
  const mine = item.sender === 'consumer'
  const name = mine ? app.state.me.name : partner(app, item.chat).name
  if (item.kind === 'template') return h('div', { class: 'message message-wide' }, body(app, item))
  return h('div', { class: mine ? 'message mine' : 'message' }, avatar(name, 'avatar avatar-small'), h('div', { class: 'message-body' }, body(app, item)))
}
