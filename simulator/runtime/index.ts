// Starts the mini program in the browser on WeChat's own component framework.
import * as glassEasel from 'glass-easel'
import { MiniProgramEnv, type CodeSpace } from 'glass-easel-miniprogram-adapter'
import { app, loadApp, parts, templates, type Part } from 'virtual:program'
import { BUILT_IN_USING, defineBuiltIns } from './builtins'
import { readSeat } from './phone'
import { Router, splitAddress } from './router'
import { answerMenu } from './sharing'
import { SINGLE_PAGE_SCENE, drawWayIn } from './single'
import { createWx } from './wx'

interface AppObject {
  onLaunch?(options: unknown): void
  onShow?(options: unknown): void
  onPageNotFound?(options: unknown): void
}

/** WeChat sends data between two threads as JSON: what JSON cannot say is a mistake here too. */
function copyAsJson(value: unknown, path: string): unknown {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value
  if (Array.isArray(value)) return value.map((item, index) => copyAsJson(item, `${path}[${index}]`))
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyAsJson(item, `${path}.${key}`)]))
  }
  throw new Error(`setData: ${path} is ${typeof value}, which cannot cross WeChat's threads`)
}

function deepCopySetData(): void {
  const prototype = glassEasel.Component.prototype as unknown as { setData(this: unknown, data: unknown): void }
  const original = prototype.setData
  prototype.setData = function setData(data) {
    original.call(this, data === undefined ? data : copyAsJson(data, 'data'))
  }
}

function definePart(space: CodeSpace, part: Part): void {
  const own = Object.fromEntries(Object.entries(part.using).map(([tag, path]) => [tag, `/${path}`]))
  const config = { ...part.config, usingComponents: { ...BUILT_IN_USING, ...own } }
  space.addComponentStaticConfig(part.path, config as never)
  space.addCompiledTemplate(part.path, { groupList: templates, content: templates[part.path] } as never)
  if (part.scope) space.addStyleSheet(part.path, undefined as never, part.scope)
  space.globalComponentEnv(globalThis, part.path, () => part.load())
}

/** The Enter and Space keys tap what has the focus. */
function tapByKeyboard(): void {
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement & { __wxElement?: unknown }
    if (!['Enter', ' '].includes(event.key) || !target.__wxElement || target.tabIndex < 0) return
    event.preventDefault()
    if (target.getAttribute('role') === 'switch') target.click()
    glassEasel.Event.triggerEvent(target.__wxElement as never, 'tap', {}, { bubbles: true, composed: true })
  })
}

function showCrash(error: unknown): void {
  document.querySelector('.mp-crash')?.remove()
  const note = document.createElement('pre')
  note.className = 'mp-crash'
  note.setAttribute('role', 'alert')
  note.textContent = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
  document.body.append(note)
}

function start(): void {
  const seat = readSeat()
  document.documentElement.lang = seat.language.startsWith('zh') ? 'zh-Hans' : seat.language.slice(0, 2)
  deepCopySetData()
  const env = new MiniProgramEnv()
  const space = env.createCodeSpace('', true)
  const context = new glassEasel.CurrentWindowBackendContext()
  const backend = env.associateBackend(context as never)
  context.onEvent((target, type, detail, options) =>
    glassEasel.Event.triggerEvent(target as never, type, detail as never, options) as never)
  const frame = document.getElementById('simulator')!
  const router = new Router(frame, space, backend, seat.scene === SINGLE_PAGE_SCENE)
  answerMenu(router)
  if (seat.scene === SINGLE_PAGE_SCENE) drawWayIn(frame)
  let running: AppObject = {}
  const launch = { path: seat.path, query: seat.query, scene: seat.scene }
  Object.assign(globalThis, {
    wx: createWx(seat, router),
    App: (options: AppObject) => { running = options },
    getApp: () => running,
    getCurrentPages: () => router.openPages(),
  })
  defineBuiltIns(space)
  loadApp()
  for (const part of parts) definePart(space, part)
  tapByKeyboard()
  running.onLaunch?.(launch)
  running.onShow?.(launch)
  const { path } = splitAddress(seat.path)
  const query = new URLSearchParams(seat.query).toString()
  if (app.pages.includes(path)) {
    router.reLaunch(`${path}?${query}`)
    return
  }
  router.reLaunch(`${app.pages[0]!}?${query}`)
  running.onPageNotFound?.({ path, query: seat.query, isEntryPage: true })
}

addEventListener('error', (event) => showCrash(event.error ?? event.message))
addEventListener('unhandledrejection', (event) => showCrash(event.reason))
glassEasel.globalOptions.throwGlobalError = true
start()
