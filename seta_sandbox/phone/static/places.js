// Places on the phone: the permission to know where it is, the map of a place, a place to choose, the settings.
import { Refused, ask } from './api.js'
import { avatar, h, icon } from './dom.js'
import { slide } from './sheets.js'
import { fill } from './words.js'

const NEAR_SHOWN = 6
const CHOOSING_SCALE = 15.5
const SCOPE = 'scope.userLocation'

const who = (phone) => ({ consumer: phone.app.who, appid: phone.appid })
const nameOf = (phone) => phone.app.state.programs.find((one) => one.appid === phone.appid)?.name ?? ''
/** Drawn by the mini program's own build, as its <map> is. */
const maps = () => import('/_mp/map.js')

async function where(phone, api) {
  try {
    return await ask('where', who(phone))
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    throw new Refused(error.errMsg.replace(/^\w+/, api))
  }
}

/** wx.getLocation: the first time the person is asked, and told what for; a refusal stands until the settings change it. */
export async function askPlace(phone, { purpose }) {
  const { t } = phone.app
  const { authSetting } = await ask('scopes', who(phone))
  if (!(SCOPE in authSetting)) {
    const said = await slide(phone.root, t.wantsPlace, (end) => [
      h('div', { class: 'sheet-ask' }, avatar(nameOf(phone)), h('div', {}, h('strong', {}, fill(t.asksPlace, { name: nameOf(phone) })), h('p', { class: 'muted' }, purpose))),
      h('div', { class: 'sheet-row' }, h('button', { class: 'quiet', onclick: () => end('no') }, t.refuse), h('button', { class: 'green', onclick: () => end('yes') }, t.allow)),
    ])
    await ask('decide', { ...who(phone), allow: said === 'yes' })
  }
  return where(phone, 'getLocation')
}

/** The blue point of a map: nobody is asked for it. */
export async function showPlace(phone) {
  const { authSetting } = await ask('scopes', who(phone))
  return authSetting[SCOPE] ? where(phone, 'showLocation') : {}
}

export const readSettings = (phone) => ask('scopes', who(phone))

/** wx.openSetting: what was asked for once can be allowed or refused here. */
export async function askSettings(phone) {
  const { t } = phone.app
  const { authSetting } = await ask('scopes', who(phone))
  let kept = { authSetting }
  await slide(phone.root, t.settings, (end) => {
    const box = h('input', {
      type: 'checkbox', role: 'switch', checked: authSetting[SCOPE] ?? false,
      onchange: () => { kept = ask('decide', { ...who(phone), allow: box.checked }) },
    })
    return [
      h('div', { class: 'sheet-top' }, h('strong', {}, fill(t.allows, { name: nameOf(phone) }))),
      SCOPE in authSetting ? h('label', { class: 'sheet-line sheet-switch' }, h('span', {}, t.placeScope), box) : h('p', { class: 'sheet-note' }, t.askedNothing),
      h('div', { class: 'sheet-row' }, h('button', { class: 'green', onclick: () => end(true) }, t.done)),
    ]
  })
  return { authSetting: (await kept).authSetting } // the sheet may be closed before the sandbox has heard
}

function wholeScreen(sheet, t, name, end, action) {
  sheet.classList.add('sheet-map')
  return h('div', { class: 'sheet-top' }, h('button', { class: 'sheet-close', 'aria-label': action ? t.cancel : t.close, onclick: () => end() }, '×'), h('strong', {}, name), action)
}

/** wx.openLocation: the place on the phone's own map. */
export async function askMap(phone, { latitude, longitude, scale, name, address }) {
  const { t, language } = phone.app
  if (![latitude, longitude].every(Number.isFinite)) throw new Refused('openLocation:fail invalid coordinates')
  const { showMap, pinAt } = await maps()
  await slide(phone.root, t.map, (end, sheet) => {
    const ground = h('div', { class: 'map-ground', tabindex: '0', role: 'application', 'aria-label': name || t.map })
    const view = showMap(ground, language, { latitude, longitude, scale: Math.min(scale ?? 18, 16) })
    view.setMarkers([pinAt({ latitude, longitude }, name || t.map)])
    return [
      wholeScreen(sheet, t, t.map, end), ground,
      h('div', { class: 'map-foot' }, h('div', {}, h('strong', {}, name || `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`), h('p', { class: 'muted' }, address),
        h('p', { class: 'muted' }, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`)), h('button', { class: 'green', onclick: () => view.moveTo({ latitude, longitude }) }, t.middle)),
    ]
  })
  return {}
}

/** wx.chooseLocation: the middle of the map, or one of the places around it. */
export async function choosePlace(phone, { latitude, longitude }) {
  const { t, language, state } = phone.app
  const { showMap, nearest } = await maps()
  const spot = state.spots.find((one) => one.code === state.spot)
  const begin = Number.isFinite(latitude) && Number.isFinite(longitude) ? { latitude, longitude } : { latitude: spot.latitude, longitude: spot.longitude }
  const chosen = await slide(phone.root, t.choosePlace, (end, sheet) => {
    const ground = h('div', { class: 'map-ground', tabindex: '0', role: 'application', 'aria-label': t.choosePlace })
    const list = h('ul', { class: 'map-list', 'aria-live': 'polite' })
    const told = {}
    const view = showMap(ground, language, { ...begin, scale: CHOOSING_SCALE }, told)
    const row = ({ name, address, metres, at }) => h('li', {}, h('button', { class: 'row row-low', onclick: () => end({ name, address, ...at }) },
      h('span', { class: 'row-text' }, h('span', { class: 'row-name' }, name), h('span', { class: 'row-last' }, address)), h('span', { class: 'muted' }, metres < 1000 ? `${metres} m` : `${(metres / 1000).toFixed(1)} km`)))
    const show = () => list.replaceChildren(...nearest(view.camera, language, NEAR_SHOWN).map(row))
    show()
    told.region = (type) => { if (type === 'end') show() }
    const middle = () => {
      const { latitude: north, longitude: east } = view.camera
      const [near] = nearest(view.camera, language, 1)
      end({ name: near && near.metres < 150 ? near.name : t.thisPoint, address: near?.address ?? '', latitude: north, longitude: east })
    }
    return [
      wholeScreen(sheet, t, t.choosePlace, end, h('button', { class: 'green small sheet-use', onclick: middle }, t.done)),
      h('div', { class: 'map-frame' }, ground, h('img', { class: 'map-middle', src: '/_phone/static/pin.svg', alt: '' })), list,
    ]
  })
  if (!chosen) throw new Refused('chooseLocation:fail cancel')
  return chosen
}

const spotName = (app, spot) => spot[`name_${app.language}`]

/** Where this phone is; the person may walk. */
export const spots = {
  title: (app) => app.t.standing,
  update(app, root) {
    const go = (code) => async () => { await ask('stand', { consumer: app.who, code }); app.back() }
    root.replaceChildren(h('ul', { class: 'rows' }, app.state.spots.map((spot) => h('li', {}, h('button', {
      class: 'row row-low', 'aria-current': spot.code === app.state.spot ? 'true' : null, onclick: go(spot.code),
    }, icon('place', 'icon row-icon'), h('span', { class: 'row-text' }, spotName(app, spot)), spot.code === app.state.spot ? '✓' : null)))))
  },
}

export const standsAt = (app) => spotName(app, app.state.spots.find((one) => one.code === app.state.spot))
