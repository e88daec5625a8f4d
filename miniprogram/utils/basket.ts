// The places a person wants to see, kept on the phone until a day is planned with them.

export interface WantedPlace {
  code: string
  name: string
}

const KEY = 'wanted-places'
export const WANTED_PLACES_MAX = 12

export function wantedPlaces(): WantedPlace[] {
  return (wx.getStorageSync(KEY) as WantedPlace[] | '') || []
}

/** With the place, or without it when it was there; at most WANTED_PLACES_MAX. */
export function toggled(places: WantedPlace[], place: WantedPlace): WantedPlace[] {
  const rest = places.filter((kept) => kept.code !== place.code)
  if (rest.length < places.length) return rest
  return [...places, place].slice(-WANTED_PLACES_MAX)
}

export function keepWanted(places: WantedPlace[]): void {
  wx.setStorageSync(KEY, places)
}

/** What a friend's card names, at most as many as can be wanted; whoever can send a card can write anything into it. */
export const sharedCodes = (text: string): string[] =>
  [...new Set(text.split(',').filter((code) => /^[\w:-]{1,60}$/.test(code)))].slice(0, WANTED_PLACES_MAX)

/** One's own places first, then a friend's as far as there is room. */
export function withShared(own: WantedPlace[], shared: WantedPlace[]): WantedPlace[] {
  const there = new Set(own.map((place) => place.code))
  const added = shared.filter((place) => !there.has(place.code)).map(({ code, name }) => ({ code, name }))
  return [...own, ...added].slice(0, WANTED_PLACES_MAX)
}
