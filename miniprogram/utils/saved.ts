// What the phone keeps so that the city works without a network: the pack in a file, stays in storage.
import { readPackChanges } from './api'
import { momentLabel } from './days'
import { currentLanguage, fill, words } from './language'
import { EMPTY_PACK, isStale, marksOf, withChanges, type CityPack } from './pack'
import { ApiError } from './request'
import type { Trip } from './types'

const CHECK_MS = 3_600_000
const TRIPS_KEPT_MAX = 6
const TRIPS_KEY = 'saved-trips'
const LAST_KEY = 'last-trip'

let inMemory: CityPack | null = null

const file = (): string => `${wx.env.USER_DATA_PATH}/city-pack.json`

/** The pack on this phone; an unreadable file is as none, and the next network brings a new one. */
export function savedPack(): CityPack {
  if (inMemory) return inMemory
  try {
    inMemory = JSON.parse(wx.getFileSystemManager().readFileSync(file(), 'utf8') as string) as CityPack
  } catch {
    inMemory = EMPTY_PACK
  }
  return inMemory
}

/** Asks at most once an hour what changed, and writes it; a full phone keeps the old one. Answers how many places. */
export async function refreshPack(now = Date.now()): Promise<number> {
  const pack = savedPack()
  if (pack.version && now - pack.checkedAt < CHECK_MS) return 0
  const changes = await readPackChanges(pack.version, marksOf(pack))
  const next = changes.version === pack.version ? { ...pack, checkedAt: now } : withChanges(pack, changes, now)
  inMemory = next
  try {
    wx.getFileSystemManager().writeFileSync(file(), JSON.stringify(next), 'utf8')
  } catch {
    inMemory = pack // a full phone: what lies in the file is what can be promised
  }
  return changes.changed.length + changes.gone.length
}

/** Since when the city on this phone is what it is, if that is long ago; else empty. */
export function packIsOf(now = Date.now()): string {
  const pack = savedPack()
  if (!pack.version || !isStale(pack, now)) return ''
  return momentLabel(new Date(pack.checkedAt).toISOString(), currentLanguage())
}

/** Whether nothing came back at all, so that what is saved may be shown instead. */
export const isOffline = (error: unknown): boolean =>
  error instanceof ApiError && ['offline', 'login'].includes(error.code)

/** What the reader is told of saved things: of when they are, and to check again when that is long ago. */
export function savedNote(now = Date.now()): string {
  const pack = savedPack()
  if (!pack.version) return ''
  const t = words().offline
  const at = momentLabel(new Date(pack.checkedAt).toISOString(), currentLanguage())
  return fill(isStale(pack, now) ? t.stale : t.saved, { at })
}

export interface Shown<T> { value: T; note: string }

/** The server's answer, or without a network what the phone has; then `note` says so. */
export async function orSaved<T>(ask: () => Promise<T>, saved: () => T | null): Promise<Shown<T>> {
  try {
    return { value: await ask(), note: '' }
  } catch (error) {
    const kept = isOffline(error) ? saved() : null
    if (kept === null) throw error
    return { value: kept, note: savedNote() || words().offline.plan }
  }
}

const savedTrips = (): Trip[] => (wx.getStorageSync(TRIPS_KEY) as Trip[] | '') || []

export function keepTrip(trip: Trip): void {
  wx.setStorageSync(TRIPS_KEY, [trip, ...savedTrips().filter((kept) => kept.trip_id !== trip.trip_id)].slice(0, TRIPS_KEPT_MAX))
}

export function dropTrip(id: string): void {
  wx.setStorageSync(TRIPS_KEY, savedTrips().filter((kept) => kept.trip_id !== id))
}

export const savedTrip = (id: string): Trip | null => savedTrips().find((trip) => trip.trip_id === id) ?? null

/** The stay that was planned or changed last. */
export interface LastTrip { id: string; day: string }

export const lastTrip = (): LastTrip | null => (wx.getStorageSync(LAST_KEY) as LastTrip | '') || null
export const setLastTrip = (trip: Trip): void =>
  wx.setStorageSync(LAST_KEY, { id: trip.trip_id, day: trip.days[0]?.day ?? '' } satisfies LastTrip)
