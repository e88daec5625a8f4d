// What an Official Account has published, and an article to read; its cards open the mini program.
import { h } from './dom.js'

const accountOf = (app, appid) => app.state.accounts.find((one) => one.appid === appid)

export const title = (app, { appid }) => accountOf(app, appid).name

export function update(app, root, { appid }) {
  const { articles } = accountOf(app, appid)
  const mark = `${app.language}:${articles.map((one) => one.url).join()}`
  if (root.dataset.mark === mark) return
  root.dataset.mark = mark
  root.replaceChildren(articles.length
    ? h('ul', { class: 'articles' }, articles.map((one) => h('li', {}, h('button', { class: 'card', onclick: () => app.show('article', { appid, url: one.url }) },
      one.cover ? h('img', { class: 'card-picture', src: one.cover, alt: '' }) : null,
      h('span', { class: 'card-title' }, one.title), one.digest ? h('span', { class: 'card-note' }, one.digest) : null))))
    : h('p', { class: 'empty' }, app.t.noArticles))
}

export const article = {
  title: (app, { appid }) => accountOf(app, appid).name,
  update(app, root, { url }) {
    if (root.querySelector('iframe')) return
    // The page may run nothing; its cards are opened by the phone, as WeChat does.
    const frame = h('iframe', { class: 'article-frame', src: url, title: app.t.article, sandbox: 'allow-same-origin allow-popups' })
    frame.addEventListener('load', () => frame.contentDocument?.addEventListener('click', (event) => {
      const card = event.target.closest('[data-miniprogram-path]')
      if (!card) return
      event.preventDefault()
      app.openProgram(card.dataset.miniprogramAppid, card.dataset.miniprogramPath, 1058)
    }))
    root.replaceChildren(frame)
  },
}
