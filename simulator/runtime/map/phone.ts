// The phone's own map screens, drawn as the mini program's map is: a place shown, or one to be chosen.
import { city } from 'virtual:city'
import { atOf } from './ground'
import type { At } from './plane'
import type { Marker } from './marks'
import { MapView, type Told } from './view'

export type Language = 'zh' | 'en' | 'it'
const METRES_A_DEGREE = 111_320

/** A map in the element that stays until the element goes. */
export function showMap(host: HTMLElement, language: Language, camera: At & { scale: number }, told: Told = {}): MapView {
  const view = new MapView(host, { picture: (source) => source, language, told })
  view.showsScale = true
  view.moveTo(camera)
  return view
}

/** A marker as phones draw a place. */
export const pinAt = (at: At, title: string): Marker => ({ ...at, id: 1, title, iconPath: '/_phone/static/pin.svg', width: 36, height: 44 })

const metresBetween = (one: At, other: At): number => {
  const east = (one.longitude - other.longitude) * Math.cos((one.latitude * Math.PI) / 180)
  return METRES_A_DEGREE * Math.hypot(east, one.latitude - other.latitude)
}

/** The nearest places with their names and quarters, the nearest first. */
export function nearest(at: At, language: Language, count: number): { name: string; address: string; metres: number; at: At }[] {
  const quarterOf = (place: At): string => {
    const near = city.districts.map((one) => ({ name: one.name[language], metres: metresBetween(place, atOf(one.at)) }))
    return near.sort((one, other) => one.metres - other.metres)[0]!.name
  }
  return city.places
    .map((one) => ({ name: one.name[language], at: atOf(one.at), metres: Math.round(metresBetween(at, atOf(one.at))) }))
    .sort((one, other) => one.metres - other.metres)
    .slice(0, count)
    .map((one) => ({ ...one, address: `${quarterOf(one.at)}, Milano` }))
}

