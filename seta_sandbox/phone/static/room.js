// One chat: its messages, the account's menu, the field to write in.
import { drawItem, write } from './bubbles.js'
import { partner } from './chats.js'
import { avatar, h, icon } from './dom.js'

export const title = (app, { chat }) => {
  const other = partner(app, chat)
  const account = app.state.accounts.find((one) => one.appid === other.id)
  return account?.typing ? app.t.typing : other.name
}

const menuOf = (app, chat) => (chat.startsWith('official_account:') ? app.state.accounts.find((one) => chat.endsWith(one.appid))?.menu ?? [] : [])

async function press(app, appid, button) {
  const wanted = button.key || button.url || button.pagepath || button.name
  const answer = await app.act('menu_click', { appid, key: wanted, wait: false })
  if (!answer) return
  if (button.type === 'miniprogram') app.openProgram(button.appid, button.pagepath, 1035)
  else if (button.type === 'view') window.open(button.url, '_blank', 'noopener')
  else if (button.type.startsWith('scancode')) app.show('scan')
}

function menuBar(app, appid, menu, foot) {
  const { t } = app
  const close = () => foot.querySelector('.sub')?.remove()
  return h('div', { class: 'oa-menu' },
    h('button', { class: 'foot-icon', 'aria-label': t.keyboard, onclick: () => { foot.dataset.mode = 'write' } }, icon('keyboard')),
    menu.map((button) => h('button', {
      class: 'oa-button', 'aria-haspopup': button.sub_button?.length ? 'menu' : null,
      onclick: (event) => {
        const open = foot.querySelector('.sub')
        close()
        if (!button.sub_button?.length) return press(app, appid, button)
        if (open?.dataset.of === button.name) return undefined
        const list = h('div', { class: 'sub', role: 'menu', 'data-of': button.name }, button.sub_button.map((one) => h('button', {
          role: 'menuitem', onclick: () => { close(); press(app, appid, one) },
        }, one.name)))
        event.currentTarget.append(list)
        list.addEventListener('click', (inner) => inner.stopPropagation())
        return undefined
      },
    }, button.sub_button?.length ? icon('menu', 'icon icon-tiny') : null, button.name)))
}

function writer(app, chat, hasMenu, foot) {
  const { t } = app
  const field = h('input', { class: 'foot-field', type: 'text', maxlength: 600, placeholder: t.write, 'aria-label': t.write, autocomplete: 'off' })
  return h('form', {
    class: 'writer',
    onsubmit: async (event) => {
      event.preventDefault()
      const content = field.value.trim()
      if (!content) return
      field.value = ''
      const answer = await write(app, chat, content)
      if (!answer) field.value = content
    },
  }, hasMenu ? h('button', { type: 'button', class: 'foot-icon', 'aria-label': t.menu, onclick: () => { foot.dataset.mode = 'menu' } }, icon('menu')) : null,
  field, h('button', { class: 'green small' }, t.send))
}

/** Under a mini program's service notifications there is nothing to write. */
function drawFoot(app, root, chat) {
  const menu = menuOf(app, chat)
  const mark = JSON.stringify([chat, menu, app.language])
  let foot = root.querySelector('.foot')
  if (chat.startsWith('service:') || foot?.dataset.mark === mark) return
  foot?.remove()
  foot = h('footer', { class: 'foot', 'data-mark': mark, 'data-mode': menu.length ? 'menu' : 'write' })
  if (menu.length) foot.append(menuBar(app, partner(app, chat).id, menu, foot))
  foot.append(writer(app, chat, menu.length > 0, foot))
  root.append(foot)
}

function askArchive(app, chat, items) {
  const { t } = app
  const answered = items.some((item) => ['agree', 'disagree'].includes(item.content.event) || ['agree', 'disagree'].includes(item.kind))
  if (!chat.startsWith('wecom:') || answered) return null
  const userid = chat.slice(6)
  const answer = (agree) => () => app.act('consent', { userid, agree, wait: false })
  return h('section', { class: 'archive' }, h('strong', {}, t.archiveTitle), h('p', {}, t.archiveNote), h('div', { class: 'archive-row' },
    h('button', { class: 'quiet small', onclick: answer(false) }, t.disagree), h('button', { class: 'green small', onclick: answer(true) }, t.agree)))
}

export function update(app, root, { chat }) {
  const items = app.state.items.filter((item) => item.chat === chat)
  let list = root.querySelector('.messages')
  const mark = `${app.language}:${items.map((item) => item.n).join()}`
  if (!list) {
    list = h('div', { class: 'messages', role: 'log', 'aria-live': 'polite' })
    root.append(list)
  }
  drawFoot(app, root, chat)
  if (list.dataset.mark === mark) return
  list.dataset.mark = mark
  const other = partner(app, chat)
  const first = items.length ? null : h('div', { class: 'empty' }, avatar(other.name, 'avatar avatar-large'), h('p', { class: 'empty-title' }, other.name), h('p', {}, app.t.noMessages))
  const drawn = []
  let last = 0
  for (const item of items) {
    if (item.at - last > 300) drawn.push(h('time', { class: 'when' }, app.time(item.at)))
    last = item.at
    drawn.push(drawItem(app, item))
  }
  list.replaceChildren(...[first, ...drawn, askArchive(app, chat, items)].filter(Boolean))
  if (items.length) app.markSeen(chat, items.at(-1).n)
  list.scrollTop = list.scrollHeight
}
