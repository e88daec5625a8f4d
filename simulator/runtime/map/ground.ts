// What lies under markers and lines: Milan's quarters, parks, canals, streets, metro and places, drawn without any tile.
import { city, type LatLon, type Named } from 'virtual:city'
import { cellsAround, metresAPixel, toPixels, type At, type Camera, type Point, type Size } from './plane'

type Context = CanvasRenderingContext2D
interface Sheet { context: Context; camera: Camera; size: Size; language: 'zh' | 'en' | 'it' }
interface Box { left: number; top: number; right: number; bottom: number }

const PAPER = '#f1ede4'
const CELLS = ['#f4efe6', '#efe8db', '#f2ece5', '#ece6da', '#f1eade']
const LINES: Record<string, string> = { M1: '#d6423b', M2: '#4f9a53', M3: '#e0b000', M4: '#1f4e8c', M5: '#9b7fb8' }
const INK = '#4b453c'
const FONT = '"PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif'
const STATIONS_FROM = 12.5
const STATION_NAMES_FROM = 14
const PLACES_FROM = 13.5
const PLACE_NAMES_FROM = 15.2
// The quarters end where the city does; beyond them there is only paper.
const CITY_EDGE: LatLon[] = [[45.535, 9.1], [45.535, 9.235], [45.495, 9.262], [45.44, 9.25], [45.418, 9.205], [45.422, 9.13], [45.45, 9.095]]

export const atOf = ([latitude, longitude]: LatLon): At => ({ latitude, longitude })
const pixelsOf = (sheet: Sheet, points: LatLon[]): Point[] => points.map((one) => toPixels(sheet.camera, sheet.size, atOf(one)))

function trace(context: Context, points: Point[], closed: boolean): void {
  context.beginPath()
  points.forEach(({ x, y }, index) => { if (index) context.lineTo(x, y); else context.moveTo(x, y) })
  if (closed) context.closePath()
}

/** A line with rounded corners, as streets and canals bend. */
function bend(context: Context, points: Point[]): void {
  context.beginPath()
  context.moveTo(points[0]!.x, points[0]!.y)
  for (let index = 1; index < points.length - 1; index += 1) {
    const [here, next] = [points[index]!, points[index + 1]!]
    context.quadraticCurveTo(here.x, here.y, (here.x + next.x) / 2, (here.y + next.y) / 2)
  }
  context.lineTo(points.at(-1)!.x, points.at(-1)!.y)
}

function drawCells(sheet: Sheet): void {
  const { context } = sheet
  const cells = cellsAround(pixelsOf(sheet, city.districts.map(({ at }) => at)), pixelsOf(sheet, CITY_EDGE))
  context.lineWidth = 1
  context.strokeStyle = '#e0d8c9'
  cells.forEach((cell, index) => {
    if (!cell.length) return
    trace(context, cell, true)
    context.fillStyle = CELLS[index % CELLS.length]!
    context.fill()
    context.stroke()
  })
}

function drawStreets(sheet: Sheet): void {
  const { context, camera } = sheet
  const wide = Math.max(1.5, Math.min(14, 22 / metresAPixel(camera)))
  context.lineJoin = 'round'
  context.lineCap = 'round'
  for (const [lines, share] of [[city.streets, 0.75], [city.rings, 1]] as const) {
    for (const [colour, more] of [['#ddd4c4', 2], ['#fffdf9', 0]] as const) {
      context.strokeStyle = colour
      context.lineWidth = wide * share + more
      for (const line of lines) { bend(context, pixelsOf(sheet, line)); context.stroke() }
    }
  }
}

function drawNature(sheet: Sheet): void {
  const { context, camera } = sheet
  context.fillStyle = '#d5e3c8'
  for (const park of city.parks) { trace(context, pixelsOf(sheet, park), true); context.fill() }
  context.strokeStyle = '#b4d3e0'
  context.lineWidth = Math.max(2, Math.min(18, 26 / metresAPixel(camera)))
  context.lineCap = 'round'
  for (const canal of city.canals) { bend(context, pixelsOf(sheet, canal)); context.stroke() }
}

function drawMetro(sheet: Sheet): void {
  const { context, camera } = sheet
  context.lineWidth = camera.scale > 13 ? 4 : 2.5
  for (const { line, stations } of city.lines) {
    const points = pixelsOf(sheet, stations.map(({ at }) => at))
    trace(context, points, false)
    context.globalAlpha = 0.55
    context.strokeStyle = LINES[line] ?? INK
    context.stroke()
    context.globalAlpha = 1
    if (camera.scale < STATIONS_FROM) continue
    context.fillStyle = '#fff'
    for (const { x, y } of points) {
      context.beginPath()
      context.arc(x, y, 3.5, 0, 2 * Math.PI)
      context.fill()
      context.save()
      context.lineWidth = 1.5
      context.stroke()
      context.restore()
    }
  }
}

/** Writes names where no other one stands, the first ones first. */
function writer(sheet: Sheet, taken: Box[]): (text: string, at: LatLon, look: { font: string; colour: string; below: number }) => void {
  const { context, size } = sheet
  return (text, at, { font, colour, below }) => {
    const { x, y } = toPixels(sheet.camera, size, atOf(at))
    if (x < 0 || y < 0 || x > size.width || y > size.height) return
    context.font = font
    const half = context.measureText(text).width / 2 + 3
    const box = { left: x - half, right: x + half, top: y + below - 9, bottom: y + below + 9 }
    if (taken.some((one) => box.left < one.right && box.right > one.left && box.top < one.bottom && box.bottom > one.top)) return
    taken.push(box)
    context.lineWidth = 3
    context.strokeStyle = '#faf7f1e6'
    context.strokeText(text, x, y + below)
    context.fillStyle = colour
    context.fillText(text, x, y + below)
  }
}

function drawNames(sheet: Sheet, taken: Box[]): void {
  const { context, camera, language } = sheet
  const write = writer(sheet, taken)
  const spoken = (name: Named): string => name[language]
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  for (const { at, name } of city.districts) write(spoken(name), at, { font: `600 13px ${FONT}`, colour: '#857b6b', below: 0 })
  if (camera.scale >= STATION_NAMES_FROM) {
    for (const { stations } of city.lines) {
      for (const { at, name } of stations) write(name, at, { font: `11px ${FONT}`, colour: INK, below: 13 })
    }
  }
  if (camera.scale < PLACES_FROM) return
  for (const { at, name } of city.places) {
    const { x, y } = toPixels(camera, sheet.size, atOf(at))
    context.fillStyle = '#b79a7a'
    context.beginPath()
    context.arc(x, y, 2.5, 0, 2 * Math.PI)
    context.fill()
    if (camera.scale >= PLACE_NAMES_FROM) write(spoken(name), at, { font: `12px ${FONT}`, colour: '#6a4f35', below: 13 })
  }
}

/** The whole ground; names keep off what `taken` covers. */
export function drawGround(sheet: Sheet, taken: Box[]): void {
  const { context, size } = sheet
  context.fillStyle = PAPER
  context.fillRect(0, 0, size.width, size.height)
  drawCells(sheet)
  drawNature(sheet)
  drawStreets(sheet)
  drawMetro(sheet)
  drawNames(sheet, taken)
}
