// Official Accounts to follow, associates who were added, mini programs to open, friends.
import { avatar, h } from './dom.js'

export const title = (app) => app.t.tabs.contacts

const entry = (name, note, act, extra = null) => h('li', { class: 'row-line' }, h('button', { class: 'row', onclick: act },
  avatar(name), h('span', { class: 'row-text' }, h('span', { class: 'row-name' }, name), note ? h('span', { class: 'row-last' }, note) : null)), extra)

function followButton(app, account) {
  const { t } = app
  const action = account.followed ? 'unfollow' : 'follow'
  return h('button', {
    class: account.followed ? 'quiet small' : 'green small', 'aria-label': `${account.followed ? t.unfollow : t.follow} ${account.name}`,
    onclick: async (event) => {
      event.target.disabled = true
      await app.act(action, { appid: account.appid, wait: false })
      event.target.disabled = false
    },
  }, account.followed ? t.unfollow : t.follow)
}

/** The newest article under its account; it opens the list of all. */
function articlesOf(app, account) {
  const [newest] = account.articles
  return newest ? h('li', {}, h('button', { class: 'row row-low', onclick: () => app.show('articles', { appid: account.appid }) },
    h('span', { class: 'row-text' }, h('span', { class: 'row-name' }, newest.title), h('span', { class: 'row-last' }, `${app.t.articles} · ${account.articles.length}`)))) : null
}

export function update(app, root) {
  const { t, state } = app
  const added = new Set(state.items.filter((item) => item.chat.startsWith('wecom:')).map((item) => item.chat.slice(6)))
  const associates = state.associates.filter((one) => added.has(one.userid))
  root.replaceChildren(
    h('h2', { class: 'group' }, t.accounts),
    h('ul', { class: 'rows' }, state.accounts.flatMap((account) => [entry(account.name, account.followed ? t.following : t.notFollowing,
      () => app.show('room', { chat: `official_account:${account.appid}` }), followButton(app, account)), articlesOf(app, account)].filter(Boolean))),
    h('h2', { class: 'group' }, t.associates),
    associates.length
      ? h('ul', { class: 'rows' }, associates.map((one) => entry(one.name, 'Serica Milano', () => app.show('room', { chat: `wecom:${one.userid}` }))))
      : h('p', { class: 'note' }, t.noAssociates),
    h('h2', { class: 'group' }, t.programs),
    h('ul', { class: 'rows' }, state.programs.map((program) => entry(program.name, t.miniProgram, () => app.openProgram(program.appid, '', 1001)))),
    h('h2', { class: 'group' }, t.friends),
    h('ul', { class: 'rows' }, state.people.filter((one) => one.key !== app.who).map((one) => entry(one.name, one.city, () => app.show('room', { chat: `friend:${one.key}` })))),
  )
}
