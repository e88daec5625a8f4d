// Markers, callouts and lines as WeChat's <map> takes them; a field it would draw and this does not is an error.
import type { At } from './plane'

export interface Callout {
  content: string; color?: string; fontSize?: number; borderRadius?: number; borderWidth?: number; borderColor?: string; bgColor?: string
  padding?: number; display?: 'BYCLICK' | 'ALWAYS'; textAlign?: string
}
export interface Marker extends At {
  id: number; iconPath: string; width?: number; height?: number; title?: string; zIndex?: number; alpha?: number
  anchor?: { x: number; y: number }; callout?: Callout; 'aria-label'?: string
}
export interface Polyline { points: At[]; color?: string; width?: number; dottedLine?: boolean; borderColor?: string; borderWidth?: number }

const FINGER_PX = 44 // a smaller picture is still as easy to tap
const MARKER = ['id', 'latitude', 'longitude', 'iconPath', 'width', 'height', 'title', 'zIndex', 'alpha', 'anchor', 'callout', 'aria-label']
const CALLOUT = ['content', 'color', 'fontSize', 'borderRadius', 'borderWidth', 'borderColor', 'bgColor', 'padding', 'display', 'textAlign']
const POLYLINE = ['points', 'color', 'width', 'dottedLine', 'borderColor', 'borderWidth']

function onlyKnown(what: string, given: object, known: string[]): void {
  const other = Object.keys(given).find((name) => !known.includes(name))
  if (other) throw new Error(`map: ${what}.${other} is not in the simulator`)
}

/** Throws unless it is a place on the earth: a marker without one would be drawn nowhere. */
export function checkAt(what: string, { latitude, longitude }: At): void {
  const there = Number.isFinite(latitude) && Number.isFinite(longitude) && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
  if (!there) throw new Error(`map: ${what} has no latitude and longitude`)
}

export function checkMarkers(markers: Marker[]): void {
  const ids = new Set<number>()
  for (const marker of markers) {
    onlyKnown('marker', marker, MARKER)
    if (marker.callout) onlyKnown('callout', marker.callout, CALLOUT)
    checkAt(`marker ${marker.id}`, marker)
    if (!Number.isInteger(marker.id)) throw new Error('map: a marker needs a whole number as its id')
    if (ids.has(marker.id)) throw new Error(`map: two markers have the id ${marker.id}`)
    if (!marker.iconPath) throw new Error(`map: marker ${marker.id} has no iconPath`)
    ids.add(marker.id)
  }
}

export function checkLines(lines: Polyline[]): void {
  for (const line of lines) {
    onlyKnown('polyline', line, POLYLINE)
    line.points.forEach((point) => checkAt('a point of a polyline', point))
  }
}

/** The marker's picture with its callout above it, to be moved to where it belongs. */
export function markerElement(marker: Marker, address: string, shown: boolean, told: { marker(): void; callout(): void }): HTMLElement {
  const mark = document.createElement('div')
  mark.className = 'map-mark'
  mark.style.zIndex = String(marker.zIndex ?? 1)
  const icon = document.createElement('img')
  const { x = 0.5, y = 1 } = marker.anchor ?? {}
  const [wide, high] = [marker.width ?? 32, marker.height ?? 32]
  const [room, rise] = [Math.max(FINGER_PX, wide), Math.max(FINGER_PX, high)]
  icon.src = address
  icon.alt = ''
  icon.style.cssText = `width:${wide}px;height:${high}px;opacity:${marker.alpha ?? 1}`
  const tap = button('map-icon', marker['aria-label'] ?? marker.title ?? '', told.marker)
  tap.style.cssText = `width:${room}px;height:${rise}px;transform:translate(${(wide - room) / 2 - wide * x}px, ${high - rise - high * y}px)`
  tap.append(icon)
  mark.append(tap)
  if (marker.callout && (shown || marker.callout.display === 'ALWAYS')) mark.append(calloutElement(marker.callout, high * y, told.callout))
  return mark
}

function button(className: string, label: string, press: () => void): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = className
  if (label) made.setAttribute('aria-label', label)
  made.addEventListener('click', (event) => { event.stopPropagation(); press() })
  return made
}

function calloutElement(callout: Callout, above: number, press: () => void): HTMLElement {
  const bubble = button('map-callout', '', press)
  const { style } = bubble
  bubble.textContent = callout.content
  style.bottom = `${above + 6}px`
  style.color = callout.color ?? '#000'
  style.fontSize = `${callout.fontSize ?? 14}px`
  style.borderRadius = `${callout.borderRadius ?? 4}px`
  style.border = `${callout.borderWidth ?? 0}px solid ${callout.borderColor ?? 'transparent'}`
  style.background = callout.bgColor ?? '#fff'
  style.padding = `${callout.padding ?? 8}px`
  style.textAlign = callout.textAlign ?? 'center'
  return bubble
}
