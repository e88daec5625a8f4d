// A day's stops as a native map takes them: numbered markers, and a line for each way by how it is gone.
import type { Pin } from './mapping'
import type { Stop } from './types'

export interface Marker {
  id: number; latitude: number; longitude: number; iconPath: string; width: number; height: number; zIndex: number; 'aria-label': string
  callout: { content: string; color: string; bgColor: string; fontSize: number; borderRadius: number; padding: number; display: 'BYCLICK' | 'ALWAYS' }
}
export interface Line { points: { latitude: number; longitude: number }[]; color: string; width: number; dottedLine: boolean; borderColor: string; borderWidth: number }

const PINS = 15 // pictures in pages/day/pins
const PIN = { width: 32, height: 38 }
const CHOSEN = { width: 40, height: 48 }
const WAYS: { [mode: string]: Pick<Line, 'color' | 'width' | 'dottedLine' | 'borderWidth'> } = {
  walk: { color: '#9b2c2c', width: 5, dottedLine: true, borderWidth: 0 },
  metro: { color: '#2f5d8a', width: 5, dottedLine: false, borderWidth: 2 },
  car: { color: '#5d554a', width: 5, dottedLine: false, borderWidth: 2 },
}

export interface Placed extends Stop { lat: number; lon: number }

/** What can be on a map; a marker's id is the stop's number in its day. */
export const placed = (stops: Stop[]): { stop: Placed; number: number }[] =>
  stops.flatMap((stop, index) => (stop.lat && stop.lon ? [{ stop: stop as Placed, number: index + 1 }] : []))

const pictureOf = (number: number): string => (number <= PINS ? `/pages/day/pins/${number}.png` : '/images/pin.png')

/** The same for the sketch that needs no network. */
export const pinOf = (stop: Placed, number: number): Pin =>
  ({ lat: stop.lat, lon: stop.lon, label: String(number), ...(stop.mode ? { mode: stop.mode } : {}) })

/** Markers in the day's order; the chosen one is larger, above the others, and says its name. */
export function markersOf(stops: Stop[], chosen: number): Marker[] {
  return placed(stops).map(({ stop, number }) => ({
    id: number, latitude: stop.lat, longitude: stop.lon, iconPath: pictureOf(number), ...(number === chosen ? CHOSEN : PIN),
    zIndex: number === chosen ? 100 : number, 'aria-label': `${number} ${stop.name}`,
    callout: {
      content: stop.name, color: '#16130f', bgColor: '#fffdfa', fontSize: 14, borderRadius: 6, padding: 12, display: number === chosen ? 'ALWAYS' : 'BYCLICK',
    },
  }))
}

/** The ways between stops one after the other, straight: which streets they take is for the map that is opened on the spot. */
export function linesOf(stops: Stop[]): Line[] {
  const all = placed(stops)
  return all.slice(1).map(({ stop }, index) => {
    const from = all[index]!.stop
    const way = WAYS[stop.mode ?? 'walk'] ?? WAYS['walk']!
    return {
      points: [{ latitude: from.lat, longitude: from.lon }, { latitude: stop.lat, longitude: stop.lon }], ...way, borderColor: '#ffffff',
    }
  })
}

/** Which ways the day has, for the legend, in the order they first come. */
export const modesOf = (stops: Stop[]): string[] =>
  [...new Set(placed(stops).slice(1).map(({ stop }) => (stop.mode && stop.mode in WAYS ? stop.mode : 'walk')))]
