// A page opened from Moments: WeChat shows it alone and without a login, over a bar that opens the mini program.
import { tellPhone } from './phone'

export const SINGLE_PAGE_SCENE = 1154
const WORDS: Record<string, string> = { 'zh-Hans': '前往小程序', en: 'Open the mini program', it: 'Apri il mini programma' }

/** The bar at the foot. */
export function drawWayIn(frame: HTMLElement): void {
  const bar = document.createElement('button')
  bar.type = 'button'
  bar.className = 'mp-way-in'
  bar.textContent = WORDS[document.documentElement.lang] ?? WORDS['en']!
  bar.addEventListener('click', () => tellPhone('leaveSinglePage', {}))
  frame.append(bar)
}
