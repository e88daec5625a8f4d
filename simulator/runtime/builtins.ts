// WeChat's built-in components, as far as the mini program uses them (simulator/supported.json).
import type { CodeSpace } from 'glass-easel-miniprogram-adapter'
import { MAP_PROPERTIES, applyMap, attachMap } from './map/builtin'
import { pictureAddress } from './pictures'
import { shareByButton } from './sharing'

type Values = Record<string, unknown>
interface Caller { data: Values; triggerEvent(name: string, detail: unknown): void; _$: { $$: HTMLElement | null; id: string } }
interface BuiltIn {
  properties?: Record<string, unknown>
  role?: string
  attached?(this: Caller, host: HTMLElement): void
  apply?(host: HTMLElement, values: Values): void
}

const ARIA = { ariaRole: String, ariaLabel: String, ariaHidden: Boolean, ariaLive: String, ariaChecked: String, hidden: Boolean }

const put = (host: Element, name: string, value: unknown): void => {
  if (value === '' || value === false || value === undefined || value === null) host.removeAttribute(name)
  else host.setAttribute(name, String(value))
}

function applyAria(host: HTMLElement, values: Values, role: string): void {
  const shown = String(values['ariaRole'] || role)
  put(host, 'role', shown)
  put(host, 'aria-label', values['ariaLabel'])
  put(host, 'aria-hidden', values['ariaHidden'])
  put(host, 'aria-live', values['ariaLive'])
  put(host, 'aria-checked', values['ariaChecked'])
  put(host, 'hidden', values['hidden'])
  const active = ['button', 'link', 'radio', 'checkbox', 'switch', 'tab'].includes(shown)
  put(host, 'tabindex', active && !values['disabled'] ? '0' : '')
}

const swallow = (event: Event): void => event.stopPropagation()

function attachInput(this: Caller, host: HTMLElement): void {
  const field = document.createElement('input')
  host.append(field)
  field.addEventListener('input', (event) => {
    swallow(event)
    this.triggerEvent('input', { value: field.value })
  })
  field.addEventListener('change', swallow)
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') this.triggerEvent('confirm', { value: field.value })
  })
  field.addEventListener('focus', () => this.triggerEvent('focus', { value: field.value }))
  field.addEventListener('blur', () => this.triggerEvent('blur', { value: field.value }))
}

function applyInput(host: HTMLElement, values: Values): void {
  const field = host.querySelector('input')
  if (!field) return
  if (field.value !== values['value']) field.value = String(values['value'] ?? '')
  field.placeholder = String(values['placeholder'] ?? '')
  field.maxLength = Number(values['maxlength'])
  field.disabled = Boolean(values['disabled'])
  field.inputMode = values['type'] === 'number' ? 'numeric' : 'text'
  field.enterKeyHint = values['confirmType'] === 'search' ? 'search' : 'done'
  put(field, 'aria-label', values['ariaLabel'])
  host.removeAttribute('aria-label')
  if (values['focus'] && document.activeElement !== field) setTimeout(() => field.focus())
}

function attachImage(this: Caller, host: HTMLElement): void {
  const picture = document.createElement('img')
  picture.decoding = 'async'
  picture.addEventListener('load', () => this.triggerEvent('load', { width: picture.naturalWidth, height: picture.naturalHeight }))
  picture.addEventListener('error', () => this.triggerEvent('error', { errMsg: 'image:fail' }))
  host.append(picture)
}

const FIT: Record<string, string> = { aspectFill: 'cover', aspectFit: 'contain', scaleToFill: 'fill' }

function applyImage(host: HTMLElement, values: Values): void {
  const picture = host.querySelector('img')
  if (!picture) return
  const address = values['src'] ? pictureAddress(String(values['src'])) : ''
  if (address !== (picture.getAttribute('src') ?? '')) put(picture, 'src', address)
  picture.style.objectFit = FIT[String(values['mode'])] ?? 'fill'
  picture.alt = String(values['ariaLabel'] ?? '')
  host.removeAttribute('aria-label')
}

/** Found by `wx.createSelectorQuery` under the id that WXML gave it. */
function attachCanvas(this: Caller, host: HTMLElement): void {
  if (this.data['type'] !== '2d') throw new Error('canvas: only type="2d" is in the simulator')
  host.dataset['wxId'] = this._$.id
  host.append(document.createElement('canvas'))
}

/** Tells which of its items is in sight; its pages are as wide as itself. */
function attachSwiper(this: Caller, host: HTMLElement): void {
  let current = 0
  host.dataset['x'] = 'true'
  host.addEventListener('scroll', () => {
    const reached = Math.round(host.scrollLeft / host.clientWidth)
    if (reached === current) return
    current = reached
    this.triggerEvent('change', { current, source: 'touch' })
  }, { passive: true })
}

/** The phone's wheel of days; what stands inside is what is seen. */
function attachPicker(this: Caller, host: HTMLElement): void {
  if (this.data['mode'] !== 'date') throw new Error('picker: only mode="date" is in the simulator')
  const field = document.createElement('input')
  field.type = 'date'
  field.addEventListener('input', swallow)
  field.addEventListener('change', (event) => {
    swallow(event)
    if (field.value) this.triggerEvent('change', { value: field.value })
  })
  host.append(field)
}

function applyPicker(host: HTMLElement, values: Values): void {
  const field = host.querySelector('input')
  if (!field) return
  field.value = String(values['value'] ?? '')
  field.min = String(values['start'] ?? '')
  field.max = String(values['end'] ?? '')
  put(field, 'aria-label', values['ariaLabel'])
  host.removeAttribute('aria-label')
}

/** A share button passes the page on, after its own tap. */
function attachButton(this: Caller, host: HTMLElement): void {
  host.addEventListener('click', () => {
    const wanted = this.data['openType']
    if (!wanted || this.data['disabled']) return
    if (wanted !== 'share') throw new Error(`button: open-type="${String(wanted)}" is not in the simulator`)
    void shareByButton({ ...host.dataset })
  })
}

function attachSwitch(this: Caller, host: HTMLElement): void {
  let on = false
  host.addEventListener('click', () => {
    if (this.data['disabled']) return
    on = host.getAttribute('aria-checked') !== 'true'
    host.setAttribute('aria-checked', String(on))
    this.triggerEvent('change', { value: on })
  })
}

const BUILT_INS: Record<string, BuiltIn> = {
  view: {},
  text: {
    properties: { userSelect: Boolean },
    apply: (host, values) => put(host, 'data-selectable', values['userSelect']),
  },
  image: { properties: { src: String, mode: { type: String, value: 'scaleToFill' } }, attached: attachImage, apply: applyImage },
  'scroll-view': {
    properties: { scrollX: Boolean, scrollY: Boolean },
    apply: (host, values) => {
      put(host, 'data-x', values['scrollX'])
      put(host, 'data-y', values['scrollY'])
    },
  },
  swiper: { attached: attachSwiper },
  'swiper-item': {},
  picker: { properties: { mode: String, value: String, start: String, end: String }, attached: attachPicker, apply: applyPicker },
  button: {
    role: 'button',
    properties: { disabled: Boolean, loading: Boolean, openType: String },
    attached: attachButton,
    apply: (host, values) => {
      put(host, 'aria-disabled', values['disabled'])
      put(host, 'aria-busy', values['loading'])
    },
  },
  input: {
    properties: {
      value: String, placeholder: String, type: String, confirmType: String, disabled: Boolean, focus: Boolean,
      maxlength: { type: Number, value: 140 },
    },
    attached: attachInput,
    apply: applyInput,
  },
  map: { role: 'application', properties: MAP_PROPERTIES, attached: attachMap, apply: applyMap },
  canvas: { role: 'img', properties: { type: String }, attached: attachCanvas },
  switch: {
    role: 'switch',
    properties: { checked: Boolean, disabled: Boolean },
    attached: attachSwitch,
    apply: (host, values) => host.setAttribute('aria-checked', String(Boolean(values['checked']))),
  },
}

export const BUILT_IN_USING: Record<string, string> = Object.fromEntries(
  Object.keys(BUILT_INS).map((tag) => [`wx-${tag}`, `/wx/${tag}`]),
)

/** Before that there is nothing to see: a view with ten attributes is written once and not ten times. */
const attached = new WeakSet<Caller>()

function defineBuiltIn(space: CodeSpace, tag: string, builtIn: BuiltIn): void {
  const properties = { ...ARIA, ...builtIn.properties }
  const apply = (caller: Caller): void => {
    if (!caller._$.$$) return // the page is closed; an answer that came late changes nothing to see
    applyAria(caller._$.$$, caller.data, builtIn.role ?? '')
    builtIn.apply?.(caller._$.$$, caller.data)
  }
  const path = `wx/${tag}`
  space.addComponentStaticConfig(path, { component: true, styleIsolation: 'isolated', usingComponents: {} } as never)
  space.component(path).definition({
    properties,
    observers: { [Object.keys(properties).join(', ')](this: Caller) { if (attached.has(this)) apply(this) } },
    lifetimes: {
      attached(this: Caller) {
        builtIn.attached?.call(this, this._$.$$!)
        attached.add(this)
        apply(this)
      },
    },
  } as never).register()
}

/** Puts every built-in into the code space; call before the mini program's own components. */
export function defineBuiltIns(space: CodeSpace): void {
  for (const [tag, builtIn] of Object.entries(BUILT_INS)) defineBuiltIn(space, tag, builtIn)
}
