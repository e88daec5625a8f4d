// A stay that was planned, as the wish it answers: so that it can be changed and planned again.
import type { TripWish } from './api'
import type { Plan, Stop, Trip } from './types'

const START = '09:30'
const AVOIDED_MAX = 200
const isWish = (stop: Stop): boolean => stop.why !== 'meal'
const keyOf = (day: string): string => day.slice(0, 10)

function dayWish(plan: Plan): TripWish['days'][number] {
  return { day: keyOf(plan.day), start: plan.start || START, ...(plan.end ? { end: plan.end } : {}) }
}

/** The same stay once more: its stops are wishes now, booked ones keep their day and time, meals are sought anew. */
export function wishOf(trip: Trip): TripWish {
  const stops = trip.days.flatMap((plan) => plan.stops.filter(isWish).map((stop) => ({ day: keyOf(plan.day), stop })))
  const first = trip.days[0]
  return {
    days: trip.days.map(dayWish),
    places: [...new Set(stops.map(({ stop }) => stop.code))],
    interests: first?.interests ?? [],
    booked: stops.filter(({ stop }) => stop.booked).map(({ day, stop }) => ({ place: stop.code, time: stop.arrive, day })),
    pace: first?.pace || 'normal',
    meals: trip.days.some((plan) => plan.stops.some((stop) => stop.why === 'meal')),
    lesser_known: trip.dispersal?.weight ?? 0,
  }
}

/** Without the place, which does not come back on its own either. */
export function without(wish: TripWish, code: string, avoided: string[]): TripWish {
  return {
    ...wish,
    places: wish.places.filter((place) => place !== code),
    booked: (wish.booked ?? []).filter((slot) => slot.place !== code),
    avoid: [...new Set([...avoided, code])].slice(-AVOIDED_MAX),
  }
}

/** With these places too, even if they were taken out before. */
export function withPlaces(wish: TripWish, codes: string[], avoided: string[]): TripWish {
  return { ...wish, places: [...new Set([...wish.places, ...codes])], avoid: avoided.filter((code) => !codes.includes(code)) }
}

interface Avoided { trip: string; codes: string[] }
const KEY = 'trip-avoided'

/** What the person took out of this stay; the server keeps plans, not what they are without. */
export function avoidedIn(trip: string): string[] {
  const kept = wx.getStorageSync(KEY) as Avoided | ''
  return kept && kept.trip === trip ? kept.codes : []
}

export const keepAvoided = (trip: string, codes: string[]): void => wx.setStorageSync(KEY, { trip, codes } satisfies Avoided)
