// The saved city: what the server sends of it, what changes in it, and how a place is found in it without a network.
import type { Language } from './language'
import type { PlaceCard, PlaceDetail } from './types'

export interface PackedPlace {
  code: string
  mark: string
  rank: number
  names: [string, string, string]
  notes: [string, string, string]
  category: string
  district: string
  hours: string
  sure: boolean
  /** The day on which the hours were confirmed last, as YYYY-MM-DD. */
  hours_on: string
  visit_minutes: number
  admission: string
  booking: string
  lat: number
  lon: number
  spelled: string[]
  sounds: string[]
}

/** What the server answers: the places to write and the codes to remove. */
export interface PackChanges { version: string; changed: PackedPlace[]; gone: string[] }

/** As it lies on the phone; `checkedAt` is when the server last said that it is right, in milliseconds. */
export interface CityPack { version: string; checkedAt: number; places: PackedPlace[] }

export const RESULTS_MAX = 8
export const STALE_DAYS = 7
const DAY_MS = 86_400_000
const SKELETON_MIN = 3
const ORDER: Language[] = ['zh', 'en', 'it']

export const EMPTY_PACK: CityPack = { version: '', checkedAt: 0, places: [] }

/** The pack with the changes written into it, in the guide's own order. */
export function withChanges(pack: CityPack, changes: PackChanges, now: number): CityPack {
  const left = new Set([...changes.gone, ...changes.changed.map((place) => place.code)])
  const places = [...pack.places.filter((place) => !left.has(place.code)), ...changes.changed]
  return { version: changes.version, checkedAt: now, places: places.sort((one, other) => one.rank - other.rank) }
}

export const marksOf = (pack: CityPack): { [code: string]: string } =>
  Object.fromEntries(pack.places.map((place) => [place.code, place.mark]))

export const isStale = (pack: CityPack, now: number): boolean => now - pack.checkedAt > STALE_DAYS * DAY_MS

/** Lower case, no accents, spaces or punctuation, as the server folds its keys. */
export function folded(text: string): string {
  return text.slice(0, 60).normalize('NFKC').toLowerCase().normalize('NFD').replace(/[^\p{L}\p{N}]/gu, '')
}

/** The consonants of a Latin word, doubled ones once, the first letter kept: `duomo` and `dmo` are both `dm`. */
function skeleton(word: string): string {
  return word.slice(0, 1) + word.slice(1).replace(/[aeiouy]/g, '').replace(/(.)\1+/g, '$1')
}

function isSubsequence(short: string, long: string): boolean {
  let at = 0
  for (const letter of long) if (letter === short[at]) at += 1
  return at === short.length
}

const LATIN = /^[a-z0-9]+$/

function scoreOfName(asked: string, key: string): number {
  if (key === asked) return 100
  const latin = LATIN.test(asked)
  if (asked.length < 2) return 0
  if (key.startsWith(asked)) return 78
  if (key.includes(asked) && (!latin || asked.length > 2)) return 68
  if (asked.includes(key) && key.length >= (LATIN.test(key) ? 5 : 2)) return 60 + Math.min(20, 2 * key.length)
  const slip = latin && asked.length >= SKELETON_MIN && LATIN.test(key) && key[0] === asked[0]
  return slip && skeleton(asked) === skeleton(key) && isSubsequence(asked, key) ? 66 + (10 * asked.length) / key.length : 0
}

function scoreOfSound(asked: string, sound: string): number {
  if (sound === asked) return 92
  return asked.length >= 3 && sound.startsWith(asked) ? 72 : 0
}

function scoreOf(asked: string, place: PackedPlace): number {
  const names = place.spelled.map((key) => scoreOfName(asked, key))
  const sounds = LATIN.test(asked) && asked.length >= 2 ? place.sounds.map((sound) => scoreOfSound(asked, sound)) : []
  return Math.max(0, ...names, ...sounds)
}

/** At most eight places for characters, pinyin, initials, Italian, English or a slip of them; the best first. */
export function findSaved(pack: CityPack, query: string): PackedPlace[] {
  const asked = folded(query)
  if (!asked) return []
  return pack.places
    .map((place) => ({ place, score: scoreOf(asked, place) }))
    .filter((hit) => hit.score > 0)
    .sort((one, other) => other.score - one.score || one.place.rank - other.place.rank)
    .slice(0, RESULTS_MAX)
    .map((hit) => hit.place)
}

/** A packed place as the server would answer it; the hours of the day itself are not known without it. */
export function detailOf(place: PackedPlace, language: Language): PlaceDetail & PlaceCard {
  const index = ORDER.indexOf(language)
  return {
    code: place.code,
    name: place.names[index]!,
    name_it: place.names[2],
    category: place.category,
    district: place.district,
    confidence: { hours: place.sure ? 'H' : 'L', coord: 'H' },
    hours_text: place.hours,
    ...(place.hours_on ? { hours_on: place.hours_on } : {}),
    ...(place.visit_minutes ? { visit_minutes: place.visit_minutes } : {}),
    admission: place.admission,
    booking: place.booking,
    note: place.notes[index]!,
    lat: place.lat,
    lon: place.lon,
  }
}
