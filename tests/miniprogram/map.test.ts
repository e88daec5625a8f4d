// The map's geometry and what it refuses, the stops of a day on it, what is near, and what a shared card says.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedCodes, WANTED_PLACES_MAX, withShared } from '../../miniprogram/utils/basket'
import { byDistance, distanceText, metresBetween, spotIn } from '../../miniprogram/utils/nearby'
import { cardTo, postOf } from '../../miniprogram/utils/sharing'
import { linesOf, markersOf, modesOf, placed } from '../../miniprogram/utils/stay'
import type { Stop } from '../../miniprogram/utils/types'
import { checkLines, checkMarkers, type Marker } from '../../simulator/runtime/map/marks'
import { cellsAround, fitting, toDegrees, toPixels } from '../../simulator/runtime/map/plane'

const SIZE = { width: 360, height: 480 }
const RANGE = { least: 3, most: 20 }
const DUOMO = { latitude: 45.4642, longitude: 9.19 }
const SAN_SIRO = { latitude: 45.4781, longitude: 9.124 }

test('a pixel and its place are each other’s', () => {
  for (const scale of [3, 11.5, 16, 20]) {
    const camera = { ...DUOMO, scale }
    const there = toPixels(camera, SIZE, toDegrees(camera, SIZE, { x: 40, y: 300 }))
    assert.ok(Math.hypot(there.x - 40, there.y - 300) < 1e-4, `scale ${scale}`)
  }
})

test('points are shown as large as the padding allows', () => {
  const camera = fitting([DUOMO, SAN_SIRO], SIZE, [60, 20, 30, 40], RANGE, 16)
  const [east, west] = [toPixels(camera, SIZE, DUOMO), toPixels(camera, SIZE, SAN_SIRO)]
  assert.ok(Math.abs(west.x - 40) < 1e-6 && Math.abs(east.x - 340) < 1e-6)
  for (const { y } of [east, west]) assert.ok(y >= 60 && y <= 450)
})

test('one point alone keeps the scale, and no scale leaves its range', () => {
  assert.equal(fitting([DUOMO], SIZE, [0, 0, 0, 0], RANGE, 14).scale, 14)
  const near = { latitude: DUOMO.latitude, longitude: DUOMO.longitude + 1e-9 }
  assert.equal(fitting([DUOMO, near], SIZE, [0, 0, 0, 0], RANGE, 14).scale, 20)
})

test('quarters share the ground between them without a gap', () => {
  const ground = [{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }, { x: 0, y: 10 }]
  const cells = cellsAround([{ x: 2, y: 2 }, { x: 8, y: 3 }, { x: 5, y: 9 }], ground)
  const area = (cell: { x: number; y: number }[]): number => Math.abs(cell.reduce((sum, point, index) => {
    const next = cell[(index + 1) % cell.length]!
    return sum + point.x * next.y - next.x * point.y
  }, 0)) / 2
  assert.ok(Math.abs(cells.reduce((sum, cell) => sum + area(cell), 0) - 100) < 1e-9)
})

test('what a map would have to draw and cannot is an error', () => {
  const pin: Marker = { id: 1, ...DUOMO, iconPath: '/images/pin.png' }
  assert.doesNotThrow(() => checkMarkers([pin, { ...pin, id: 2 }]))
  assert.throws(() => checkMarkers([{ ...pin, rotate: 40 } as Marker]), /marker\.rotate is not in the simulator/)
  assert.throws(() => checkMarkers([{ ...pin, callout: { content: 'x', anchorX: 1 } } as unknown as Marker]), /callout\.anchorX/)
  assert.throws(() => checkMarkers([pin, pin]), /two markers have the id 1/)
  assert.throws(() => checkMarkers([{ ...pin, latitude: Number.NaN }]), /no latitude and longitude/)
  assert.throws(() => checkLines([{ points: [DUOMO], arrowLine: true } as never]), /polyline\.arrowLine/)
})

const stop = (code: string, lat: number | undefined, mode: Stop['mode']): Stop => ({
  code, name: code, arrive: '09:00', leave: '10:00', walk_minutes: 5, hours_today: '', confirm: false,
  ...(lat === undefined ? {} : { lat, lon: 9.19 }), ...(mode ? { mode } : {}),
})
const DAY = [stop('a', 45.46, 'start'), stop('b', undefined, 'walk'), stop('c', 45.47, 'metro'), stop('d', 45.48, 'walk')]

test('stops keep their numbers on the map, and one without a place is left out', () => {
  assert.deepEqual(placed(DAY).map(({ number }) => number), [1, 3, 4])
  const markers = markersOf(DAY, 3)
  assert.deepEqual(markers.map(({ id, iconPath }) => [id, iconPath]), [1, 3, 4].map((n) => [n, `/pages/day/pins/${n}.png`]))
  assert.deepEqual(markers.map(({ callout }) => callout.display), ['BYCLICK', 'ALWAYS', 'BYCLICK'])
  assert.equal(Math.max(...markers.map(({ zIndex }) => zIndex)), markers[1]!.zIndex)
})

test('each way is drawn as it is gone', () => {
  assert.deepEqual(linesOf(DAY).map(({ dottedLine }) => dottedLine), [false, true])
  assert.deepEqual(modesOf(DAY), ['metro', 'walk'])
  assert.deepEqual(linesOf(DAY.slice(0, 1)), [])
})

test('the nearest come first and what has no place comes last', () => {
  const places = [{ code: 'none' }, { code: 'far', lat: 45.48, lon: 9.12 }, { code: 'near', lat: 45.4643, lon: 9.19 }]
  assert.deepEqual(byDistance(places, { lat: 45.4642, lon: 9.19 }).map(({ code }) => code), ['near', 'far', 'none'])
})

test('distances are said as people say them', () => {
  assert.deepEqual([3, 344, 948, 1249, 9_949, 48_300].map(distanceText), ['10 m', '340 m', '950 m', '1.2 km', '9.9 km', '48 km'])
  const metres = metresBetween({ lat: 45.4642, lon: 9.19 }, { lat: 45.4862, lon: 9.2045 })
  assert.ok(Math.abs(metres - 2_700) < 60, String(metres)) // the cathedral's square to the central station
})

test('an address says a place only in degrees that exist', () => {
  assert.deepEqual(spotIn('45.4642,9.19'), { lat: 45.4642, lon: 9.19 })
  for (const wrong of ['', '45.4642', '95,9', '45,200', '45.4642,9.19;x', 'NaN,9']) assert.equal(spotIn(wrong), null, wrong)
})

test('a shared card says its page, and Moments only a query', () => {
  assert.deepEqual(cardTo('place', 'T', { code: 'duomo & co', empty: '' }), { title: 'T', path: '/pages/place/place?code=duomo%20%26%20co' })
  assert.deepEqual(cardTo('home', 'T'), { title: 'T', path: '/pages/home/home' })
  assert.deepEqual(postOf('T', { code: 'a' }, 'https://x.example/1.jpg'), { title: 'T', query: 'code=a', imageUrl: 'https://x.example/1.jpg' })
})

test('a friend’s places join one’s own as far as there is room', () => {
  const own = Array.from({ length: WANTED_PLACES_MAX - 1 }, (_, index) => ({ code: `own-${index}`, name: 'x' }))
  const after = withShared(own, [{ code: 'own-0', name: 'y' }, { code: 'new', name: 'z' }, { code: 'more', name: 'z' }])
  assert.deepEqual(after.map(({ code }) => code), [...own.map(({ code }) => code), 'new'])
  assert.deepEqual(sharedCodes('duomo,duomo,<script>,partner:cova,'), ['duomo', 'partner:cova'])
})
