// A map in an element: a camera that fingers, wheel and keys move, over a drawn ground, under markers.
import { drawGround } from './ground'
import { checkAt, checkLines, checkMarkers, markerElement, type Marker, type Polyline } from './marks'
import { fitting, metresAPixel, toDegrees, toPixels, type At, type Camera, type Padding, type Point, type Size } from './plane'

export interface Told {
  region?(type: 'begin' | 'end', causedBy: 'gesture' | 'drag' | 'scale' | 'update'): void
  marker?(id: number): void
  callout?(id: number): void
  drawn?(): void
}
interface Given { picture(source: string): string; language: 'zh' | 'en' | 'it'; told?: Told }

const TAP_PX = 6
const KEY_PX = 60
const FIT_PADDING: Padding = [48, 32, 24, 32]

export class MapView {
  camera: Camera = { latitude: 45.4642, longitude: 9.19, scale: 16 }
  range = { least: 3, most: 20 }
  mayZoom = true
  mayScroll = true
  showsScale = false
  private markers: Marker[] = []
  private lines: Polyline[] = []
  private here: At | null = null
  private opened: number | null = null
  private toFit: { points: At[]; padding: Padding } | null = null
  private asked = 0
  private readonly canvas = document.createElement('canvas')
  private readonly over = document.createElement('div')
  private readonly fingers = new Map<number, Point>()
  private moved: 'drag' | 'scale' | null = null
  private onMark = false
  private readonly watch = new ResizeObserver(() => this.laidOut())

  constructor(private readonly host: HTMLElement, private readonly given: Given) {
    this.over.className = 'map-over'
    host.classList.add('map-view')
    host.append(this.canvas, this.over)
    host.addEventListener('pointerdown', (event) => this.press(event))
    host.addEventListener('pointermove', (event) => this.move(event))
    for (const end of ['pointerup', 'pointercancel'] as const) host.addEventListener(end, (event) => this.lift(event))
    host.addEventListener('wheel', (event) => this.wheel(event), { passive: false })
    host.addEventListener('keydown', (event) => this.key(event))
    this.watch.observe(host)
  }

  get size(): Size { return { width: this.host.clientWidth, height: this.host.clientHeight } }

  /** The corners in sight. */
  get region(): { southwest: At; northeast: At } {
    const { width, height } = this.size
    return { southwest: toDegrees(this.camera, this.size, { x: 0, y: height }), northeast: toDegrees(this.camera, this.size, { x: width, y: 0 }) }
  }

  close(): void { this.watch.disconnect() }

  setMarkers(markers: Marker[]): void {
    checkMarkers(markers)
    this.markers = markers
    if (!markers.some(({ id }) => id === this.opened)) this.opened = null
    this.draw()
  }

  setLines(lines: Polyline[]): void {
    checkLines(lines)
    this.lines = lines
    this.draw()
  }

  /** The person's own place as a blue point; null for none. */
  setHere(here: At | null): void {
    this.here = here
    this.draw()
  }

  /** The scale stays within the range that the map was given. */
  moveTo(to: Partial<Camera>): void {
    const next = { ...this.camera, ...to }
    checkAt('the middle', next)
    const scale = Math.min(this.range.most, Math.max(this.range.least, next.scale))
    this.toFit = null
    this.given.told?.region?.('begin', 'update')
    this.camera = { ...next, scale }
    this.draw()
    this.given.told?.region?.('end', 'update')
  }

  /** Shows all points; a map that is not laid out yet does so once it is. */
  fit(points: At[], padding: Padding = FIT_PADDING): void {
    points.forEach((point) => checkAt('a point to include', point))
    if (!points.length) return
    const { width, height } = this.size
    if (!width || !height) {
      this.toFit = { points, padding }
      return
    }
    this.moveTo(fitting(points, this.size, padding, this.range, this.camera.scale))
  }

  private laidOut(): void {
    const { toFit } = this
    if (toFit) this.fit(toFit.points, toFit.padding)
    this.draw()
  }

  /** Once a frame however much changed. */
  draw(): void {
    if (this.asked) return
    this.asked = requestAnimationFrame(() => {
      this.asked = 0
      if (this.host.isConnected && this.size.width) this.drawNow()
    })
  }

  private drawNow(): void {
    const { size, camera, canvas } = this
    const ratio = devicePixelRatio
    canvas.width = Math.round(size.width * ratio)
    canvas.height = Math.round(size.height * ratio)
    const context = canvas.getContext('2d')!
    context.scale(ratio, ratio)
    const taken = this.markers.map((marker) => {
      const { x, y } = toPixels(camera, size, marker)
      const [half, high] = [(marker.width ?? 32) / 2, marker.height ?? 32]
      return { left: x - half, right: x + half, top: y - high, bottom: y + 4 }
    })
    if (this.showsScale) taken.push({ left: 0, right: 120, top: size.height - 36, bottom: size.height })
    drawGround({ context, camera, size, language: this.given.language }, taken)
    for (const line of this.lines) this.drawLine(context, line)
    if (this.showsScale) this.drawScale(context)
    this.placeMarks()
    this.given.told?.drawn?.()
  }

  private drawLine(context: CanvasRenderingContext2D, line: Polyline): void {
    const points = line.points.map((point) => toPixels(this.camera, this.size, point))
    const { width = 4, borderWidth = 0 } = line
    const passes: [string, number][] = [[line.color ?? '#000000', width]]
    if (borderWidth) passes.unshift([line.borderColor ?? '#ffffff', width + 2 * borderWidth])
    context.lineJoin = 'round'
    context.lineCap = 'round'
    for (const [colour, wide] of passes) {
      context.setLineDash(line.dottedLine ? [0.1, width * 2] : [])
      context.strokeStyle = colour
      context.lineWidth = wide
      context.beginPath()
      points.forEach(({ x, y }, index) => { if (index) context.lineTo(x, y); else context.moveTo(x, y) })
      context.stroke()
    }
    context.setLineDash([])
  }

  private drawScale(context: CanvasRenderingContext2D): void {
    const pixel = metresAPixel(this.camera)
    const metres = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].filter((long) => long / pixel < 90).at(-1) ?? 20
    const y = this.size.height - 10
    context.strokeStyle = '#4b453c'
    context.fillStyle = '#4b453c'
    context.lineWidth = 1.5
    context.strokeRect(10, y - 4, metres / pixel, 0.1)
    context.font = '11px system-ui, sans-serif'
    context.textAlign = 'left'
    const text = metres < 1000 ? `${metres} m` : `${metres / 1000} km`
    context.strokeStyle = '#faf7f1e6'
    context.lineWidth = 3
    context.strokeText(text, 10, y - 12)
    context.fillText(text, 10, y - 12)
  }

  private placeMarks(): void {
    const { told } = this.given
    const marks = this.markers.map((marker) => {
      const shown = this.opened === marker.id
      const mark = markerElement(marker, this.given.picture(marker.iconPath), shown, {
        marker: () => { this.opened = marker.callout ? marker.id : null; this.draw(); told?.marker?.(marker.id) },
        callout: () => told?.callout?.(marker.id),
      })
      return [mark, marker] as const
    })
    const focused = this.over.contains(document.activeElement) ? document.activeElement?.getAttribute('aria-label') : null
    this.over.replaceChildren(...marks.map(([mark]) => mark))
    for (const [mark, marker] of marks) this.put(mark, marker)
    if (this.here) this.put(this.over.appendChild(Object.assign(document.createElement('i'), { className: 'map-here' })), this.here)
    if (focused) this.over.querySelector<HTMLElement>(`[aria-label="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true })
  }

  private put(element: HTMLElement, at: At): void {
    const { x, y } = toPixels(this.camera, this.size, at)
    element.style.transform = `translate(${x}px, ${y}px)`
  }

  private under({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.host.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }

  private press(event: PointerEvent): void {
    this.fingers.set(event.pointerId, this.under(event))
    this.onMark = Boolean((event.target as Element).closest('button'))
    this.moved = null
  }

  private move(event: PointerEvent): void {
    const before = this.fingers.get(event.pointerId)
    if (!before) return
    if (!event.buttons) { // let go outside before it moved
      this.lift(event)
      return
    }
    const now = this.under(event)
    if (!this.moved && Math.hypot(now.x - before.x, now.y - before.y) < TAP_PX) return
    this.host.setPointerCapture(event.pointerId) // a marker under the finger is dragged along, not tapped
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1]
    this.begin(other ? 'scale' : 'drag')
    if (other && this.mayZoom) {
      const [was, is] = [Math.hypot(before.x - other.x, before.y - other.y), Math.hypot(now.x - other.x, now.y - other.y)]
      if (was && is) this.zoomAround(other, Math.log2(is / was))
    } else if (!other && this.mayScroll) this.drag(now.x - before.x, now.y - before.y)
    this.fingers.set(event.pointerId, now)
  }

  private begin(why: 'drag' | 'scale'): void {
    if (!this.moved) this.given.told?.region?.('begin', 'gesture')
    this.moved = why
    this.toFit = null
  }

  private lift(event: PointerEvent): void {
    if (!this.fingers.delete(event.pointerId) || this.fingers.size) return
    this.end()
  }

  private end(): void {
    if (this.moved) this.given.told?.region?.('end', this.moved)
    else if (this.opened !== null && !this.onMark) { this.opened = null; this.draw() } // a tap beside it closes a callout
    this.moved = null
  }

  private drag(dx: number, dy: number): void {
    const { width, height } = this.size
    this.camera = { ...this.camera, ...toDegrees(this.camera, this.size, { x: width / 2 - dx, y: height / 2 - dy }) }
    this.draw()
  }

  private zoomAround(point: Point, steps: number): void {
    const scale = Math.min(this.range.most, Math.max(this.range.least, this.camera.scale + steps))
    const held = toDegrees(this.camera, this.size, point)
    this.camera = { ...this.camera, scale }
    const now = toPixels(this.camera, this.size, held)
    this.drag(point.x - now.x, point.y - now.y)
  }

  private wheel(event: WheelEvent): void {
    if (!this.mayZoom) return
    event.preventDefault()
    this.onMark = false
    this.begin('scale')
    this.zoomAround(this.under(event), -event.deltaY / 300)
    this.end()
  }

  private key(event: KeyboardEvent): void {
    const way = { ArrowLeft: [KEY_PX, 0], ArrowRight: [-KEY_PX, 0], ArrowUp: [0, KEY_PX], ArrowDown: [0, -KEY_PX] }[event.key]
    const steps = { '+': 1, '-': -1 }[event.key]
    if (event.target !== this.host || !(way && this.mayScroll) && !(steps && this.mayZoom)) return
    event.preventDefault()
    this.begin(way ? 'drag' : 'scale')
    if (way) this.drag(way[0]!, way[1]!)
    else this.zoomAround({ x: this.size.width / 2, y: this.size.height / 2 }, steps!)
    this.end()
  }
}
