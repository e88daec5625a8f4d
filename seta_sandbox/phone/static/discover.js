// Moments, scanning and mini programs.
import { avatar, h, icon } from './dom.js'
import { cardOf } from './share.js'

const SINGLE_PAGE_SCENE = 1154

export const title = (app) => app.t.tabs.discover

const line = (name, text, act) => h('li', {}, h('button', { class: 'row row-low', onclick: act }, icon(name, 'icon row-icon'), h('span', { class: 'row-text' }, text)))

export function update(app, root) {
  const { t, state } = app
  root.replaceChildren(
    h('ul', { class: 'rows' }, line('moments', t.moments, () => app.show('moments'))),
    h('ul', { class: 'rows' }, line('scan', t.scan, () => app.show('scan'))),
    h('ul', { class: 'rows' }, state.programs.map((program) => line('programs', `${t.miniProgram} · ${program.name}`, () => app.openProgram(program.appid, '', 1001)))),
  )
}

async function clickAd(app, item) {
  const landing = await app.act('ad_click', { ad: item.content.ad, wait: false })
  if (!landing) return
  if (/^https?:/.test(landing.path)) window.open(landing.path, '_blank', 'noopener')
  else app.openProgram(landing.appid || app.state.programs[0].appid, landing.path, 1045)
}

const picture = (source, alt) => h('img', { class: 'post-picture', src: source, alt, loading: 'lazy' })

function drawAd(app, item) {
  const { t } = app
  const { campaign, title: name, image } = item.content
  const account = app.state.accounts[0].name
  const post = h('article', { class: 'post', 'data-ad': item.content.ad, 'aria-label': `${t.ad} ${name}` },
    avatar(account), h('div', { class: 'post-body' },
      h('div', { class: 'post-name' }, account, h('small', { class: 'ad-mark' }, t.ad)),
      h('p', {}, name),
      h('button', { class: 'ad', onclick: () => clickAd(app, item) },
        image ? picture(image, name) : h('span', { class: 'ad-cover' }, h('b', {}, 'SERICA'), h('span', {}, 'MILANO · 1927'), h('i', {}, campaign)),
        h('span', { class: 'ad-more' }, t.learnMore, ' ›')),
      h('time', {}, app.time(item.at))))
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return
    watch.disconnect()
    app.act('ad_view', { ad: item.content.ad, wait: false })
  }, { threshold: 0.5 })
  watch.observe(post)
  return post
}

function drawPost(app, item) {
  const c = item.content
  const author = app.state.associates.find((one) => one.userid === (c.userid ?? c.sender))?.name ?? c.name ?? c.userid ?? 'Serica Milano'
  const text = typeof c.text === 'string' ? c.text : c.text?.content ?? c.content ?? ''
  const images = c.images ?? (c.image ? [c.image] : [])
  return h('article', { class: 'post' }, avatar(author), h('div', { class: 'post-body' },
    h('div', { class: 'post-name' }, author), text ? h('p', {}, text) : null,
    images.filter((one) => typeof one === 'string').map((source) => picture(source, '')),
    (c.attachments ?? []).map((one) => attachment(app, one)),
    h('time', {}, app.time(item.at))))
}

/** A page that somebody passed on: it opens alone, as WeChat opens it from here. */
function drawShared(app, item) {
  const { name, appid, pagepath } = item.content
  return h('article', { class: 'post' }, avatar(name), h('div', { class: 'post-body' }, h('div', { class: 'post-name' }, name),
    h('button', { class: 'card card-posted', onclick: () => app.openProgram(appid, pagepath, SINGLE_PAGE_SCENE) }, cardOf(app, item.content)),
    h('time', {}, app.time(item.at))))
}

function attachment(app, one) {
  const card = one.miniprogram ?? one.link ?? one
  const open = () => (one.miniprogram
    ? app.openProgram(card.appid, card.page ?? card.pagepath ?? '', 1045)
    : window.open(card.url, '_blank', 'noopener'))
  return card.title && (one.miniprogram || card.url) ? h('button', { class: 'attached', onclick: open }, icon(one.miniprogram ? 'programs' : 'more'), card.title) : null
}

const DRAWN = { ad: drawAd, shared: drawShared }

/** The feed. Each ad is reported once it has been at least half in view. */
export const moments = {
  title: (app) => app.t.moments,
  update(app, root) {
    const { t } = app
    const items = app.state.items.filter((item) => item.chat === 'moments').reverse()
    const mark = `${app.language}:${items.map((item) => item.n).join()}`
    if (root.dataset.mark === mark) return
    root.dataset.mark = mark
    const cover = h('div', { class: 'cover' }, h('span', {}, app.state.me.name), avatar(app.state.me.name))
    const feed = items.map((item) => (DRAWN[item.kind] ?? drawPost)(app, item))
    root.replaceChildren(cover, ...(feed.length ? feed : [h('div', { class: 'empty' }, h('p', { class: 'empty-title' }, t.noMoments), h('p', {}, t.noMomentsNote))]))
  },
}
