// The city's districts as the guide last named them; they change hardly ever, so the phone keeps them.
import { browsePlaces } from './api'
import { currentLanguage, type Language } from './language'
import { ApiError } from './request'
import type { District } from './types'

const KEY = 'districts'

export const nameOf = (district: District, language: Language): string =>
  ({ zh: district.name_zh, en: district.name_en, it: district.name_it })[language]

export function keepDistricts(districts: District[]): void {
  wx.setStorageSync(KEY, districts)
}

/** With their names in the reader's language; empty until the guide was open once. */
export function districtsKept(): { code: string; name: string; lat: number; lon: number }[] {
  const kept = (wx.getStorageSync(KEY) as District[] | '') || []
  const language = currentLanguage()
  return kept.map((district) => ({ code: district.code, name: nameOf(district, language), lat: district.lat, lon: district.lon }))
}

/** Asks for them when the phone has none yet; without an answer a map goes without their names. */
export async function learnDistricts(): Promise<void> {
  if (wx.getStorageSync(KEY)) return
  try {
    keepDistricts((await browsePlaces()).districts)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}
