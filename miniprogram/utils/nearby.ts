// What is near: the person's own place once they allow it, distances, and their words. WGS-84 everywhere: Italy is never shifted.

export interface Spot { lat: number; lon: number }
export type Asked = { kind: 'here'; at: Spot } | { kind: 'refused' } | { kind: 'unknown' }

const METRES_A_DEGREE = 111_320
const NEAR_METRES = 950

/** As the crow flies; good to a few metres within a city. */
export function metresBetween(one: Spot, other: Spot): number {
  const east = (one.lon - other.lon) * Math.cos((((one.lat + other.lat) / 2) * Math.PI) / 180)
  return METRES_A_DEGREE * Math.hypot(east, one.lat - other.lat)
}

/** `350 m`, `1.2 km`, `48 km`. */
export function distanceText(metres: number): string {
  if (metres < NEAR_METRES) return `${Math.max(10, 10 * Math.round(metres / 10))} m`
  return metres < 9_950 ? `${(metres / 1000).toFixed(1)} km` : `${Math.round(metres / 1000)} km`
}

type Located = { lat?: number; lon?: number }

export const spotOf = ({ lat, lon }: Located): Spot | null => (lat && lon ? { lat, lon } : null)

/** The nearest first; what has no place comes last, in its own order. */
export function byDistance<T extends Located>(places: T[], from: Spot): T[] {
  const metres = (place: T): number => {
    const at = spotOf(place)
    return at ? metresBetween(at, from) : Infinity
  }
  return places.map((place) => ({ place, far: metres(place) })).sort((one, other) => (one.far === other.far ? 0 : one.far - other.far)).map(({ place }) => place)
}

/** `45.4642,9.19` as a place; null for anything else, since anybody can write an address. */
export function spotIn(text: string): Spot | null {
  const found = /^(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)$/.exec(text)
  const [lat, lon] = [Number(found?.[1]), Number(found?.[2])]
  return found && Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null
}

/** Asks the phone; outside mainland China its GCJ-02 is WGS-84, so nothing is converted. */
export function askWhere(): Promise<Asked> {
  return new Promise((resolve) => {
    wx.getLocation({
      type: 'gcj02',
      success: ({ latitude, longitude }) => { resolve({ kind: 'here', at: { lat: latitude, lon: longitude } }) },
      fail: ({ errMsg }) => { resolve({ kind: /auth den|auth deny|authorize/.test(errMsg) ? 'refused' : 'unknown' }) },
    })
  })
}

/** A place pointed at on the map; null when the person thought better of it. */
export function choosePlace(near: Spot | null): Promise<{ at: Spot; name: string } | null> {
  const middle = near ? { latitude: near.lat, longitude: near.lon } : {}
  return new Promise((resolve) => {
    wx.chooseLocation({
      ...middle,
      success: ({ latitude, longitude, name }) => { resolve({ at: { lat: latitude, lon: longitude }, name }) },
      fail: () => { resolve(null) },
    })
  })
}
