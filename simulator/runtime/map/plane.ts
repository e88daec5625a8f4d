// The map's geometry: degrees to pixels of a Mercator plane, the scale that shows some points, and cells around centres.

export interface At { latitude: number; longitude: number }
export interface Camera extends At { scale: number }
export interface Point { x: number; y: number }
export interface Size { width: number; height: number }
/** Top, right, bottom, left, in pixels: the order of WeChat's includePoints. */
export type Padding = [number, number, number, number]

const TILE_PX = 256
const LATITUDE_MAX = 85
const EARTH_METRES = 40_075_016

const worldPx = (scale: number): number => TILE_PX * 2 ** scale

/** A place on the whole world's square, 0 to 1 in both directions. */
function unit({ latitude, longitude }: At): Point {
  const phi = (Math.max(-LATITUDE_MAX, Math.min(LATITUDE_MAX, latitude)) * Math.PI) / 180
  return { x: (longitude + 180) / 360, y: (1 - Math.log(Math.tan(phi) + 1 / Math.cos(phi)) / Math.PI) / 2 }
}

function degrees({ x, y }: Point): At {
  return { latitude: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI, longitude: x * 360 - 180 }
}

/** Where a place lies in a frame whose middle is the camera. */
export function toPixels(camera: Camera, size: Size, at: At): Point {
  const [middle, point, world] = [unit(camera), unit(at), worldPx(camera.scale)]
  return { x: size.width / 2 + (point.x - middle.x) * world, y: size.height / 2 + (point.y - middle.y) * world }
}

/** The place under a pixel of the frame. */
export function toDegrees(camera: Camera, size: Size, { x, y }: Point): At {
  const [middle, world] = [unit(camera), worldPx(camera.scale)]
  return degrees({ x: middle.x + (x - size.width / 2) / world, y: middle.y + (y - size.height / 2) / world })
}

export const metresAPixel = ({ latitude, scale }: Camera): number => (EARTH_METRES * Math.cos((latitude * Math.PI) / 180)) / worldPx(scale)

/** The largest scale that shows every point within the padding; one point alone keeps `scale`. */
export function fitting(points: At[], size: Size, [top, right, bottom, left]: Padding, range: { least: number; most: number }, scale: number): Camera {
  const units = points.map(unit)
  const [xs, ys] = [units.map((one) => one.x), units.map((one) => one.y)]
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const room = { width: Math.max(1, size.width - left - right), height: Math.max(1, size.height - top - bottom) }
  const world = Math.min(room.width / (east - west), room.height / (south - north))
  const fit = Number.isFinite(world) ? Math.min(range.most, Math.max(range.least, Math.log2(world / TILE_PX))) : scale
  const middle = { x: (west + east) / 2 + (right - left) / 2 / worldPx(fit), y: (north + south) / 2 + (bottom - top) / 2 / worldPx(fit) }
  return { ...degrees(middle), scale: fit }
}

/** What of a polygon lies nearer to `own` than to `other`. */
function nearerHalf(polygon: Point[], own: Point, other: Point): Point[] {
  const [dx, dy] = [other.x - own.x, other.y - own.y]
  const edge = (other.x ** 2 + other.y ** 2 - own.x ** 2 - own.y ** 2) / 2
  const beyond = (point: Point): number => point.x * dx + point.y * dy - edge
  return polygon.flatMap((point, index) => {
    const next = polygon[(index + 1) % polygon.length]!
    const [here, there] = [beyond(point), beyond(next)]
    const kept = here <= 0 ? [point] : []
    if (here * there >= 0) return kept
    const share = here / (here - there)
    return [...kept, { x: point.x + (next.x - point.x) * share, y: point.y + (next.y - point.y) * share }]
  })
}

/** The part of a polygon that is nearest to each centre, in the centres' order. */
export function cellsAround(centres: Point[], polygon: Point[]): Point[][] {
  return centres.map((own) => centres.filter((other) => other !== own).reduce((cell, other) => nearerHalf(cell, own, other), polygon))
}
