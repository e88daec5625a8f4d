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
