// The <map> tag and wx.createMapContext, by WeChat's own names, as far as supported.json says.
import { WxFailure, askPhone, readSeat } from '../phone'
import { pictureAddress } from '../pictures'
import { promised, type Options } from '../promised'
import type { Marker, Polyline } from './marks'
import type { At, Padding } from './plane'
import { MapView } from './view'

type Values = Record<string, unknown>
interface Caller { data: Values; triggerEvent(name: string, detail: unknown): void; _$: { $$: HTMLElement | null; id: string } }
interface Shown { view: MapView; last: Values; here: At | null }

const maps = new WeakMap<HTMLElement, Shown>()

const languageOf = (tag: string): 'zh' | 'en' | 'it' => (tag.startsWith('en') ? 'en' : tag.startsWith('it') ? 'it' : 'zh')

/** Under the id that WXML gave it, as a canvas is found. */
export function attachMap(this: Caller, host: HTMLElement): void {
  host.dataset['wxId'] = this._$.id
  host.tabIndex = 0
  const view: MapView = new MapView(host, {
    picture: pictureAddress,
    language: languageOf(readSeat().language),
    told: {
      marker: (markerId) => this.triggerEvent('markertap', { markerId }),
      callout: (markerId) => this.triggerEvent('callouttap', { markerId }),
      region: (type, causedBy) => this.triggerEvent('regionchange', { type, causedBy, rotate: 0, skew: 0, scale: view.camera.scale }),
    },
  })
  maps.set(host, { view, last: {}, here: null })
}

async function showHere(shown: Shown): Promise<void> {
  const answer = await askPhone('showLocation', {}).catch((error: unknown) => {
    if (error instanceof WxFailure) return {}
    throw error
  }) as Partial<At>
  shown.here = answer.latitude === undefined ? null : answer as At
  shown.view.setHere(shown.here)
}

/** Only what changed is done: a marker that is drawn anew does not move the map. */
export function applyMap(host: HTMLElement, values: Values): void {
  const shown = maps.get(host)
  if (!shown) return
  const { view, last } = shown
  const changed = (...names: string[]): boolean => names.some((name) => JSON.stringify(values[name]) !== JSON.stringify(last[name]))
  shown.last = { ...values }
  view.range = { least: Number(values['minScale']), most: Number(values['maxScale']) }
  view.mayZoom = values['enableZoom'] !== false
  view.mayScroll = values['enableScroll'] !== false
  host.style.touchAction = view.mayScroll ? 'none' : 'pan-y' // else the page itself could not be scrolled over it
  view.showsScale = Boolean(values['showScale'])
  if (changed('markers')) view.setMarkers(values['markers'] as Marker[])
  if (changed('polyline')) view.setLines(values['polyline'] as Polyline[])
  if (changed('latitude', 'longitude', 'scale')) {
    view.moveTo({ latitude: Number(values['latitude']), longitude: Number(values['longitude']), scale: Number(values['scale']) })
  }
  if (changed('includePoints')) view.fit(values['includePoints'] as At[])
  if (changed('showLocation') && values['showLocation']) void showHere(shown)
  if (changed('showLocation') && !values['showLocation']) view.setHere(null)
}

export const MAP_PROPERTIES = {
  longitude: Number, latitude: Number, scale: { type: Number, value: 16 }, minScale: { type: Number, value: 3 }, maxScale: { type: Number, value: 20 },
  markers: { type: Array, value: [] }, polyline: { type: Array, value: [] }, includePoints: { type: Array, value: [] }, showLocation: Boolean,
  showScale: Boolean, enableZoom: { type: Boolean, value: true }, enableScroll: { type: Boolean, value: true },
}

/** The members of a MapContext; `page` is the page in sight when the context was asked for. */
export function mapContext(id: string, page: HTMLElement): Record<string, unknown> {
  const found = (api: string): Shown => {
    const host = page.querySelector<HTMLElement>(`wx-map[data-wx-id="${id}"]`)
    const shown = host && maps.get(host)
    if (!shown) throw new WxFailure(`${api}:fail no map ${id}`)
    return shown
  }
  const calls: Record<string, (options: Options) => unknown> = {
    moveToLocation: ({ latitude, longitude }) => {
      const { view, here } = found('moveToLocation')
      const to = latitude === undefined ? here : { latitude: Number(latitude), longitude: Number(longitude) }
      if (!to) throw new WxFailure('moveToLocation:fail the map does not show the location')
      view.moveTo(to)
    },
    includePoints: ({ points, padding }) => found('includePoints').view.fit(points as At[], padding as Padding | undefined),
    getCenterLocation: () => {
      const { latitude, longitude } = found('getCenterLocation').view.camera
      return { latitude, longitude }
    },
    getRegion: () => found('getRegion').view.region,
    getScale: () => ({ scale: found('getScale').view.camera.scale }),
  }
  return Object.fromEntries(Object.entries(calls).map(([api, work]) => [api, promised(api, work)]))
}
