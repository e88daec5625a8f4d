// A stay is changed by planning it again, facets never lead to an empty list, a map keeps shapes, a card holds every line.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cardHeight, linesOf } from '../../miniprogram/utils/card'
import { facetsOf, narrowed, NOTHING_CHOSEN, type Chosen } from '../../miniprogram/utils/facets'
import { projection, scaleLeft, scaleOf, spread } from '../../miniprogram/utils/mapping'
import { withPlaces, wishOf, without } from '../../miniprogram/utils/trips'
import type { PlaceCard, Stop, Trip } from '../../miniprogram/utils/types'

const stop = (code: string, more: Partial<Stop> = {}): Stop =>
  ({ code, name: code, arrive: '10:00', leave: '11:00', walk_minutes: 0, hours_today: '', confirm: false, ...more })

const TRIP: Trip = {
  trip_id: 't1',
  days: [
    { plan_id: 'p1', day: '2027-05-03', start: '09:00', end: '18:00', pace: 'relaxed', interests: ['museum'], left_out: [], stops: [stop('duomo'), stop('lunch', { why: 'meal' })] },
    { plan_id: 'p2', day: '2027-05-04', start: '09:00', end: '18:00', pace: 'relaxed', interests: ['museum'], left_out: [], stops: [stop('cenacolo', { booked: true, arrive: '11:15' })] },
  ],
  left_out: [],
  dispersal: { weight: 1, text: '' },
}

test('a planned stay becomes the wish it answers: stops, booked times, pace; meals are sought anew', () => {
  assert.deepEqual(wishOf(TRIP), {
    days: [{ day: '2027-05-03', start: '09:00', end: '18:00' }, { day: '2027-05-04', start: '09:00', end: '18:00' }],
    places: ['duomo', 'cenacolo'], interests: ['museum'], booked: [{ place: 'cenacolo', time: '11:15', day: '2027-05-04' }],
    pace: 'relaxed', meals: true, lesser_known: 1,
  })
})

test('what was taken out stays out until it is wished again', () => {
  const once = without(wishOf(TRIP), 'duomo', [])
  assert.deepEqual([once.places, once.avoid], [['cenacolo'], ['duomo']])
  const twice = without(once, 'cenacolo', once.avoid!)
  assert.deepEqual([twice.places, twice.booked, twice.avoid], [[], [], ['duomo', 'cenacolo']])
  const again = withPlaces(twice, ['duomo'], twice.avoid!)
  assert.deepEqual([again.places, again.avoid], [['duomo'], ['cenacolo']])
})

const place = (code: string, category: string, district: string, hours: string, admission: string): PlaceCard =>
  ({ code, name: code, name_it: code, category, district, hours_today: hours, admission, confidence: { hours: 'H', coord: 'H' } })
const CITY = [
  place('a', 'museum', 'brera', '10:00-18:00', 'paid'), place('b', 'museum', 'duomo', '今日不开放', 'free'), place('c', 'park', 'sempione', '全天开放', 'free'),
  place('d', 'church', 'duomo', '09:00-19:00', 'free'),
]

test('every option that is shown leads to as many places as it says, and to at least one', () => {
  const starts: Chosen[] = [NOTHING_CHOSEN]
  for (const category of ['', 'museum', 'park', 'church']) for (const today of [true, false]) for (const free of [true, false]) starts.push({ category, district: '', today, free })
  for (const chosen of starts) {
    const facets = facetsOf(CITY, chosen)
    for (const { value, count } of facets.categories) assert.equal(narrowed(CITY, { ...chosen, category: value }).length, count)
    for (const { value, count } of facets.districts) assert.equal(narrowed(CITY, { ...chosen, district: value }).length, count)
    assert.ok([...facets.categories, ...facets.districts].every(({ count }) => count > 0))
    assert.equal(narrowed(CITY, { ...chosen, today: true }).length, facets.today)
  }
  assert.deepEqual(narrowed(CITY, { ...NOTHING_CHOSEN, today: true }).map((one) => one.code), ['a', 'c', 'd'])
})

test('a map keeps every stop inside, north up and metres alike in both directions', () => {
  const frame = { width: 320, height: 260, padding: 30 }
  const stops = [{ lat: 45.4642, lon: 9.19 }, { lat: 45.4722, lon: 9.1888 }, { lat: 45.45, lon: 9.21 }]
  const plane = projection(stops, frame)
  for (const { x, y } of stops.map((one) => plane.point(one))) assert.ok(x >= 29.9 && x <= 290.1 && y >= 29.9 && y <= 230.1)
  assert.ok(plane.point({ lat: 45.48, lon: 9.19 }).y < plane.point({ lat: 45.46, lon: 9.19 }).y)
  const here = plane.point(stops[0]!)
  const north = here.y - plane.point({ lat: 45.4642 + 1000 / 111_320, lon: 9.19 }).y
  assert.ok(Math.abs(north * plane.metresAPixel - 1000) < 1)
})

test('a single stop has surroundings, and a scale is a round length', () => {
  const plane = projection([{ lat: 45.46, lon: 9.19 }], { width: 300, height: 300, padding: 30 })
  assert.deepEqual(plane.point({ lat: 45.46, lon: 9.19 }), { x: 150, y: 150 })
  const scale = scaleOf(plane.metresAPixel, 300)
  assert.ok([100, 200, 500].includes(scale.metres) && scale.pixels <= 100)
})

test('a card is high enough for its lines', () => {
  const days = [{ title: '一', stops: [{ time: '10:00', name: 'a' }, { time: '11:00', name: 'b' }] }, { title: '二', stops: [{ time: '10:00', name: 'c' }] }]
  const lines = linesOf(days)
  assert.equal(lines.length, 5)
  assert.ok(lines.every((line, index) => index === 0 || line.y > lines[index - 1]!.y))
  assert.ok(lines.at(-1)!.y < cardHeight(days) - 48)
})

test('pins of neighbours are pushed apart and stay in the frame', () => {
  const frame = { width: 320, height: 260, padding: 30 }
  const moved = spread([{ x: 100, y: 100 }, { x: 100, y: 100 }, { x: 103, y: 101 }, { x: 318, y: 258 }], frame)
  for (const [index, one] of moved.entries()) {
    for (const other of moved.slice(index + 1)) assert.ok(Math.hypot(one.x - other.x, one.y - other.y) > 24)
  }
  assert.deepEqual(spread([{ x: 50, y: 50 }], frame), [{ x: 50, y: 50 }])
})

test('the scale stands in the lower corner that fewer pins cover', () => {
  const frame = { width: 328, height: 260, padding: 36 }
  assert.equal(scaleLeft([], frame, 70), 12)
  assert.equal(scaleLeft([{ x: 100, y: 245 }], frame, 70), 328 - 12 - 70 - 54)
  assert.equal(scaleLeft([{ x: 100, y: 120 }], frame, 70), 12)
  assert.equal(scaleLeft([{ x: 100, y: 245 }, { x: 260, y: 245 }, { x: 280, y: 240 }], frame, 70), 12)
})
