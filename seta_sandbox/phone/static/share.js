// Passing a page of a mini program on: to a friend's chat, or to Moments.
import { Refused, ask } from './api.js'
import { avatar, h } from './dom.js'
import { slide } from './sheets.js'
import { fill } from './words.js'

const ANSWER_MS_MAX = 15_000 // a card may wait three seconds for the page's own promise, on a slow phone
let lastId = 0

/** Asks the page in the frame; null when it does not answer, as before it has started. */
function askPage(frame, what) {
  lastId += 1
  const id = lastId
  return new Promise((done) => {
    const hear = (event) => {
      if (event.source !== frame.contentWindow || event.data?.seta !== 'menu-answer' || event.data.id !== id) return
      end(event.data.answer)
    }
    const end = (answer) => { removeEventListener('message', hear); clearTimeout(timer); done(answer) }
    const timer = setTimeout(() => end(null), ANSWER_MS_MAX)
    addEventListener('message', hear)
    frame.contentWindow?.postMessage({ seta: 'phone-menu', id, what }, location.origin)
  })
}

/** A mini program's card as chats and sheets show it. */
export function cardOf(app, { appid, title, image }) {
  const name = app.state.programs.find((one) => one.appid === appid)?.name ?? app.t.miniProgram
  return [
    h('span', { class: 'card-brand' }, avatar(name, 'avatar avatar-tiny'), name),
    h('span', { class: 'card-title' }, title || name),
    image ? h('img', { class: 'card-picture card-shared', src: image, alt: '' }) : h('span', { class: 'card-picture card-shared card-plain', 'aria-hidden': 'true' }, name),
    h('span', { class: 'card-foot' }, app.t.miniProgram),
  ]
}

/** The list of friends, then the card once more before it goes. */
export async function sendToFriend(phone, card) {
  const { app, root, appid } = phone
  const { t } = app
  const friends = app.state.people.filter((one) => one.key !== app.who)
  const to = await slide(root, t.sendTo, (end) => [
    h('div', { class: 'sheet-top' }, h('button', { class: 'sheet-close', 'aria-label': t.cancel, onclick: () => end() }, '×'), h('strong', {}, t.sendTo)),
    h('ul', { class: 'sheet-friends' }, friends.map((one) => h('li', {}, h('button', { class: 'row row-low', onclick: () => end(one) }, avatar(one.name), h('span', { class: 'row-text' }, one.name))))),
  ])
  if (!to) throw new Refused('forward:fail cancel')
  const sent = await slide(root, fill(t.sendToNamed, { name: to.name }), (end) => [
    h('div', { class: 'sheet-ask' }, avatar(to.name), h('strong', {}, fill(t.sendToNamed, { name: to.name }))),
    h('div', { class: 'sheet-card' }, h('div', { class: 'card' }, cardOf(app, { appid, ...card }))),
    h('div', { class: 'sheet-row' }, h('button', { class: 'quiet', onclick: () => end() }, t.cancel), h('button', { class: 'green', onclick: () => end(true) }, t.send)),
  ])
  if (!sent) throw new Refused('forward:fail cancel')
  await ask('forward', { consumer: app.who, to: to.key, appid, ...card })
  app.say(t.sent)
  return {}
}

export async function sendToMoments(phone, card) {
  const { app, root, appid } = phone
  const { t } = app
  const posted = await slide(root, t.toMoments, (end) => [
    h('div', { class: 'sheet-top' }, h('strong', {}, t.toMoments)),
    h('div', { class: 'sheet-card' }, h('div', { class: 'card' }, cardOf(app, { appid, ...card }))),
    h('div', { class: 'sheet-row' }, h('button', { class: 'quiet', onclick: () => end() }, t.cancel), h('button', { class: 'green', onclick: () => end(true) }, t.publish)),
  ])
  if (!posted) return
  await ask('post', { consumer: app.who, appid, ...card })
  app.say(t.sent)
}

async function unlessCancelled(work) {
  try {
    await work
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (!/cancel/.test(error.errMsg)) throw error
  }
}

/** The capsule's lines for passing on, busy until the page says which it has; one that has none cannot be. */
export async function drawWays(phone, place, away) {
  const { t } = phone.app
  const line = (text, may, go) => h('button', { class: 'sheet-line', disabled: !may, onclick: () => { away(); go() } }, text)
  const friend = async () => { const card = await askPage(phone.frame, 'friend'); if (card) await unlessCancelled(sendToFriend(phone, card)) }
  const timeline = async () => { const card = await askPage(phone.frame, 'timeline'); if (card) await unlessCancelled(sendToMoments(phone, card)) }
  if (!place.firstChild) {
    place.setAttribute('aria-busy', 'true')
    place.append(line(t.opening, false))
  }
  const ways = await askPage(phone.frame, 'ways')
  if (!ways) return // not started yet: it tells when it opens a page
  place.removeAttribute('aria-busy')
  place.replaceChildren(line(ways.friend ? t.forward : t.noForward, ways.friend, friend), ...(ways.timeline ? [line(t.toMoments, true, timeline)] : []))
}
