// The page stack, the navigation bar and the tab bar, as WeChat keeps them.
import type { AssociatedBackend, CodeSpace, Root } from 'glass-easel-miniprogram-adapter'
import { app, parts } from 'virtual:program'
import { WxFailure, tellPhone } from './phone'

const STACK_PAGES_MAX = 10
const BOTTOM_PX = 50 // WeChat's distance when a page's onReachBottomDistance says nothing
const BAR_WORDS: Record<string, { back: string; home: string }> = {
  'zh-Hans': { back: '返回', home: '首页' },
  en: { back: 'Back', home: 'Home' },
  it: { back: 'Indietro', home: 'Home' },
}

interface PageObject {
  route?: string
  onLoad?(query: Record<string, string>): void
  onShow?(): void
  onReady?(): void
  onHide?(): void
  onUnload?(): void
  onReachBottom?(): void
}
interface Opened { path: string; query: Record<string, string>; root: Root; page: PageObject; host: HTMLElement; title: string; scroll: number; reached: number; bottom: number }

/** `pages/place/place?code=duomo` in its two halves; a leading slash is the same page. */
export function splitAddress(address: string): { path: string; query: Record<string, string> } {
  const [path = '', query = ''] = address.replace(/^\//, '').split('?')
  return { path, query: Object.fromEntries(new URLSearchParams(query)) }
}

const element = (tag: string, className: string, parent: Element): HTMLElement => {
  const made = document.createElement(tag)
  made.className = className
  parent.append(made)
  return made
}

export class Router {
  private readonly stack: Opened[] = []
  private readonly bar: HTMLElement
  private readonly back: HTMLButtonElement
  private readonly title: HTMLElement
  private readonly pages: HTMLElement
  private readonly tabs: HTMLElement

  /** In `single` mode, as Moments opens a page, it is alone: no tabs, and no way to another page. */
  constructor(frame: HTMLElement, private readonly space: CodeSpace, private readonly backend: AssociatedBackend, private readonly single = false) {
    this.bar = element('header', 'mp-bar', frame)
    this.back = element('button', 'mp-back', this.bar) as HTMLButtonElement
    this.back.type = 'button'
    this.back.addEventListener('click', () => this.goBack(1))
    this.title = element('h1', 'mp-title', this.bar)
    this.pages = element('main', 'mp-pages', frame)
    this.pages.addEventListener('scroll', () => this.noticeBottom(), { passive: true })
    this.tabs = element('nav', 'mp-tabs', frame)
    app.tabBar.list.forEach((item, index) => this.addTab(item.pagePath, index))
  }

  private addTab(path: string, index: number): void {
    const item = app.tabBar.list[index]!
    const tab = element('button', 'mp-tab', this.tabs) as HTMLButtonElement
    tab.type = 'button'
    for (const [kind, source] of [['plain', item.iconPath], ['chosen', item.selectedIconPath]] as const) {
      if (!source) continue
      const icon = element('img', `mp-icon mp-icon-${kind}`, tab) as HTMLImageElement
      icon.src = source
      icon.alt = ''
    }
    element('span', 'mp-tab-text', tab).textContent = item.text
    tab.addEventListener('click', () => this.switchTab(path))
  }

  /** Told once for each height: what the page adds can be reached again. */
  private noticeBottom(): void {
    const top = this.stack.at(-1)
    const { scrollTop, clientHeight, scrollHeight } = this.pages
    if (!top || scrollHeight - scrollTop - clientHeight > top.bottom || top.reached === scrollHeight) return
    top.reached = scrollHeight
    top.page.onReachBottom?.()
  }

  /** The page in sight. */
  top(): { path: string; query: Record<string, string>; page: object; host: HTMLElement } {
    return this.stack.at(-1)!
  }

  topElement(): HTMLElement {
    return this.top().host
  }

  setTabText(index: number, text: string): void {
    const label = this.tabs.children[index]?.querySelector('.mp-tab-text')
    if (!label) throw new WxFailure('setTabBarItem:fail invalid index')
    label.textContent = text
  }

  setTitle(title: string): void {
    const top = this.stack.at(-1)
    if (top) top.title = title
    this.title.textContent = title
  }

  openPages(): PageObject[] {
    return this.stack.map((opened) => opened.page)
  }

  private isTab(path: string): boolean {
    return app.tabBar.list.some((item) => item.pagePath === path)
  }

  private known(path: string, api: string): void {
    if (this.single && this.stack.length) throw new WxFailure(`${api}:fail can not navigate in single page mode`)
    if (!app.pages.includes(path)) throw new WxFailure(`${api}:fail page "${path}" is not found`)
  }

  navigateTo(address: string): void {
    const { path, query } = splitAddress(address)
    this.known(path, 'navigateTo')
    if (this.isTab(path)) throw new WxFailure('navigateTo:fail can not navigateTo a tabbar page')
    if (this.stack.length >= STACK_PAGES_MAX) throw new WxFailure('navigateTo:fail webview count limit exceed')
    this.hideTop()
    this.open(path, query)
  }

  redirectTo(address: string): void {
    const { path, query } = splitAddress(address)
    this.known(path, 'redirectTo')
    if (this.isTab(path)) throw new WxFailure('redirectTo:fail can not redirectTo a tabbar page')
    this.closeTop()
    this.open(path, query)
  }

  switchTab(address: string): void {
    const { path } = splitAddress(address)
    this.known(path, 'switchTab')
    if (!this.isTab(path)) throw new WxFailure('switchTab:fail can not switch to no-tabBar page')
    if (this.stack.length === 1 && this.stack[0]!.path === path) return
    while (this.stack.length) this.closeTop()
    this.open(path, {})
  }

  reLaunch(address: string): void {
    const { path, query } = splitAddress(address)
    this.known(path, 'reLaunch')
    while (this.stack.length) this.closeTop()
    this.open(path, query)
  }

  goBack(delta: number): void {
    if (this.stack.length === 1) {
      this.switchTab(app.tabBar.list[0]!.pagePath)
      return
    }
    for (let left = Math.min(delta, this.stack.length - 1); left > 0; left -= 1) this.closeTop()
    const top = this.stack.at(-1)!
    top.host.hidden = false
    this.pages.scrollTop = top.scroll
    this.drawChrome(top)
    top.page.onShow?.()
  }

  private hideTop(): void {
    const top = this.stack.at(-1)
    if (!top) return
    top.scroll = this.pages.scrollTop
    top.host.hidden = true
    top.page.onHide?.()
  }

  private closeTop(): void {
    const top = this.stack.pop()
    if (!top) return
    top.page.onUnload?.()
    top.root.release()
    top.host.remove()
  }

  private open(path: string, query: Record<string, string>): void {
    const part = parts.find((known) => known.path === path)!
    const host = element('div', 'mp-page', this.pages)
    const placeholder = element('div', '', host)
    const root = this.backend.createRoot('wx-page', this.space, path)
    const page = root.get() as unknown as PageObject
    page.route = path
    const dom = (root.getComponent() as unknown as { $$: HTMLElement }).$$
    dom.classList.add('wx-page')
    dom.dataset['page'] = path
    const title = part.config.navigationBarTitleText ?? app.window.navigationBarTitleText ?? ''
    const opened: Opened = { path, query, root, page, host, title, scroll: 0, reached: 0, bottom: part.config.onReachBottomDistance ?? BOTTOM_PX }
    this.stack.push(opened)
    this.drawChrome(opened)
    page.onLoad?.(query)
    root.attach(host as never, placeholder as never)
    this.pages.scrollTop = 0
    page.onShow?.()
    page.onReady?.()
  }

  private drawChrome(top: Opened): void {
    const tab = app.tabBar.list.findIndex((item) => item.pagePath === top.path)
    this.title.textContent = top.title
    this.back.hidden = tab >= 0 || this.single
    const kind = this.stack.length > 1 ? 'back' : 'home'
    this.back.dataset['kind'] = kind
    this.back.setAttribute('aria-label', (BAR_WORDS[document.documentElement.lang] ?? BAR_WORDS['en']!)[kind])
    this.tabs.hidden = tab < 0 || this.single
    Array.from(this.tabs.children).forEach((item, index) => {
      if (index === tab) item.setAttribute('aria-current', 'page')
      else item.removeAttribute('aria-current')
    })
    tellPhone('pageOpened', { path: top.path, title: top.title })
  }
}
