// Narrowing a list of places by kind, district and hours, so that no choice ever leads to an empty list.
import type { PlaceCard } from './types'

export interface Chosen { category: string; district: string; today: boolean; free: boolean }
export interface Option { value: string; count: number }
export interface Facets { categories: Option[]; districts: Option[]; today: number; free: number }

export const NOTHING_CHOSEN: Chosen = { category: '', district: '', today: false, free: false }

/** The server says the day's hours in the reader's language: clock times, or that it never closes. */
const OPEN = /\d:\d\d|全天|all day|sempre aperto/
const isOpenToday = (place: PlaceCard): boolean => OPEN.test(place.hours_today ?? '')

function fits(place: PlaceCard, chosen: Chosen): boolean {
  return (!chosen.category || place.category === chosen.category)
    && (!chosen.district || place.district === chosen.district)
    && (!chosen.today || isOpenToday(place))
    && (!chosen.free || place.admission === 'free')
}

export const narrowed = (places: PlaceCard[], chosen: Chosen): PlaceCard[] => places.filter((place) => fits(place, chosen))

function counted(places: PlaceCard[], field: 'category' | 'district'): Option[] {
  const counts = new Map<string, number>()
  for (const place of places) if (place[field]) counts.set(place[field], (counts.get(place[field]) ?? 0) + 1)
  return [...counts].map(([value, count]) => ({ value, count })).sort((one, other) => other.count - one.count || one.value.localeCompare(other.value))
}

/** How many places each option would show beside the other choices; an option that would show none is not among them. */
export function facetsOf(places: PlaceCard[], chosen: Chosen): Facets {
  return {
    categories: counted(narrowed(places, { ...chosen, category: '' }), 'category'),
    districts: counted(narrowed(places, { ...chosen, district: '' }), 'district'),
    today: narrowed(places, { ...chosen, today: true }).length,
    free: narrowed(places, { ...chosen, free: true }).length,
  }
}
