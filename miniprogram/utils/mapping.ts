// Drawing a day on a map: WGS-84 coordinates to points of a canvas, a scale, and the lines between stops.

export interface Coordinates { lat: number; lon: number }
export interface Point { x: number; y: number }
export interface Pin extends Coordinates { label: string; mode?: string }
export interface Place extends Coordinates { name: string }
export interface Frame { width: number; height: number; padding: number }
export interface Colours { ink: string; muted: string; paper: string; line: string; accent: string; onAccent: string }

export const LIGHT: Colours = { ink: '#16130f', muted: '#6b6459', paper: '#f3efe7', line: '#dcd5c8', accent: '#9b2c2c', onAccent: '#fff9f4' }

const METRES_A_DEGREE = 111_320
const SPAN_METRES_MIN = 700 // one stop alone shows its surroundings
const SCALES_METRES = [100, 200, 500, 1000, 2000, 5000]

export interface Projection { point(at: Coordinates): Point; metresAPixel: number }

/** North is up; the points lie within the frame's padding, and a metre is as long in both directions. */
export function projection(points: Coordinates[], frame: Frame): Projection {
  const lats = points.map((point) => point.lat)
  const lons = points.map((point) => point.lon)
  const middle = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lon: (Math.min(...lons) + Math.max(...lons)) / 2 }
  const east = METRES_A_DEGREE * Math.cos((middle.lat * Math.PI) / 180)
  const wide = Math.max(SPAN_METRES_MIN, (Math.max(...lons) - Math.min(...lons)) * east)
  const tall = Math.max(SPAN_METRES_MIN, (Math.max(...lats) - Math.min(...lats)) * METRES_A_DEGREE)
  const metresAPixel = Math.max(wide / (frame.width - 2 * frame.padding), tall / (frame.height - 2 * frame.padding))
  return {
    metresAPixel,
    point: (at) => ({
      x: frame.width / 2 + ((at.lon - middle.lon) * east) / metresAPixel,
      y: frame.height / 2 - ((at.lat - middle.lat) * METRES_A_DEGREE) / metresAPixel,
    }),
  }
}

/** The longest round length that takes at most a third of the width. */
export function scaleOf(metresAPixel: number, width: number): { metres: number; pixels: number } {
  const metres = SCALES_METRES.filter((length) => length / metresAPixel <= width / 3).pop() ?? SCALES_METRES[0]!
  return { metres, pixels: metres / metresAPixel }
}

const PIN_PX = 12
const APART_PX = 27
const ROUNDS = 40

/** The points pushed apart until none covers another; they keep their directions from each other, and stay in the frame. */
export function spread(points: Point[], frame: Frame): Point[] {
  const moved = points.map((point, index) => ({ x: point.x + index * 0.01, y: point.y })) // equal ones need a direction
  const inside = (value: number, size: number): number => Math.min(size - PIN_PX - 4, Math.max(PIN_PX + 4, value))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let one = 0; one < moved.length; one += 1) {
      for (let other = one + 1; other < moved.length; other += 1) {
        const [a, b] = [moved[one]!, moved[other]!]
        const [dx, dy] = [b.x - a.x, b.y - a.y]
        const gap = Math.hypot(dx, dy)
        if (gap >= APART_PX) continue
        const push = (APART_PX - gap) / (2 * gap)
        moved[one] = { x: inside(a.x - dx * push, frame.width), y: inside(a.y - dy * push, frame.height) }
        moved[other] = { x: inside(b.x + dx * push, frame.width), y: inside(b.y + dy * push, frame.height) }
      }
    }
  }
  return moved
}

type Context = WechatMiniprogram.CanvasRenderingContext.CanvasRenderingContext2D

function drawDistricts(context: Context, frame: Frame, plane: Projection, districts: Place[], pins: Point[], colours: Colours): void {
  context.font = '12px sans-serif'
  context.textAlign = 'center'
  context.fillStyle = colours.muted
  const written: { x: number; y: number; half: number }[] = []
  for (const district of districts) {
    const { x, y } = plane.point(district)
    const half = context.measureText(district.name).width / 2
    if (x - half < 4 || x + half > frame.width - 4 || y < 16 || y > frame.height - 28) continue
    if (pins.some((pin) => Math.abs(pin.x - x) < half + PIN_PX && Math.abs(pin.y - y + 4) < PIN_PX + 8)) continue
    if (written.some((one) => Math.abs(one.x - x) < half + one.half + 4 && Math.abs(one.y - y) < 16)) continue
    written.push({ x, y, half })
    context.globalAlpha = 0.8
    context.fillText(district.name, x, y)
  }
  context.globalAlpha = 1
}

function drawDots(context: Context, plane: Projection, others: Coordinates[], colours: Colours): void {
  context.fillStyle = colours.line
  for (const other of others) {
    const { x, y } = plane.point(other)
    context.beginPath()
    context.arc(x, y, 3, 0, 2 * Math.PI)
    context.fill()
  }
}

function drawWay(context: Context, points: Point[], pins: Pin[], colours: Colours): void {
  context.strokeStyle = colours.accent
  context.lineWidth = 2
  for (let index = 1; index < points.length; index += 1) {
    const [from, to] = [points[index - 1]!, points[index]!]
    context.setLineDash(pins[index]!.mode === 'walk' ? [2, 5] : [])
    context.beginPath()
    context.moveTo(from.x, from.y)
    context.lineTo(to.x, to.y)
    context.stroke()
  }
  context.setLineDash([])
}

function drawPins(context: Context, points: Point[], places: Point[], pins: Pin[], colours: Colours): void {
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.font = '600 13px sans-serif'
  points.forEach(({ x, y }, index) => {
    const place = places[index]!
    if (Math.hypot(place.x - x, place.y - y) > PIN_PX) { // a pin that had to give way says where it belongs
      context.fillStyle = colours.accent
      context.beginPath()
      context.arc(place.x, place.y, 3, 0, 2 * Math.PI)
      context.fill()
      context.strokeStyle = colours.accent
      context.lineWidth = 1
      context.beginPath()
      context.moveTo(place.x, place.y)
      context.lineTo(x, y)
      context.stroke()
    }
  })
  points.forEach(({ x, y }, index) => {
    context.beginPath()
    context.arc(x, y, PIN_PX, 0, 2 * Math.PI)
    context.fillStyle = colours.accent
    context.fill()
    context.lineWidth = 2
    context.strokeStyle = colours.paper
    context.stroke()
    context.fillStyle = colours.onAccent
    context.fillText(pins[index]!.label, x, y + 1)
  })
  context.textBaseline = 'alphabetic'
}

const MARGIN_PX = 12
const SCALE_TEXT_PX = 54

/** Where the scale begins: in the lower corner that fewer pins cover, the left one when both are alike. */
export function scaleLeft(pins: Point[], frame: Frame, pixels: number): number {
  const wide = pixels + SCALE_TEXT_PX
  const right = frame.width - MARGIN_PX - wide
  const covered = (left: number): number => pins.filter(({ x, y }) =>
    y > frame.height - 2 * MARGIN_PX - PIN_PX && x > left - PIN_PX && x < left + wide + PIN_PX).length
  return covered(right) < covered(MARGIN_PX) ? right : MARGIN_PX
}

function drawScale(context: Context, frame: Frame, plane: Projection, pins: Point[], colours: Colours): void {
  const { metres, pixels } = scaleOf(plane.metresAPixel, frame.width)
  const y = frame.height - MARGIN_PX
  const left = scaleLeft(pins, frame, pixels)
  context.strokeStyle = colours.ink
  context.lineWidth = 1.5
  context.beginPath()
  context.moveTo(left, y - 4)
  context.lineTo(left, y)
  context.lineTo(left + pixels, y)
  context.lineTo(left + pixels, y - 4)
  context.stroke()
  context.fillStyle = colours.ink
  context.font = '12px sans-serif'
  context.textAlign = 'left'
  context.fillText(metres < 1000 ? `${metres} m` : `${metres / 1000} km`, left + pixels + 6, y)
  context.textAlign = 'right'
  context.fillText('N ↑', frame.width - MARGIN_PX, 22)
}

/** The whole map: paper, districts, other places, the way from stop to stop, numbered pins, scale and north. */
export function drawMap(
  context: Context, frame: Frame, pins: Pin[], around: { districts: Place[]; others: Coordinates[] }, colours = LIGHT,
): void {
  context.fillStyle = colours.paper
  context.fillRect(0, 0, frame.width, frame.height)
  if (!pins.length) return
  const plane = projection(pins, frame)
  const places = pins.map((pin) => plane.point(pin))
  const points = spread(places, frame)
  drawDots(context, plane, around.others, colours)
  drawDistricts(context, frame, plane, around.districts, points, colours)
  drawWay(context, places, pins, colours)
  drawPins(context, points, places, pins, colours)
  drawScale(context, frame, plane, points, colours)
}
