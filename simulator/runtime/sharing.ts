// Passing a page on: to a friend's chat as a card, or to Moments, as the capsule's menu and a share button ask for it.
import { WxFailure, askPhone } from './phone'
import { pictureAddress } from './pictures'
import type { Router } from './router'

interface Content { title?: string; path?: string; query?: string; imageUrl?: string; promise?: Promise<Content> }
interface Sharing {
  onShareAppMessage?(asked: { from: 'menu' | 'button'; target: unknown }): Content | undefined
  onShareTimeline?(): Content | undefined
}
/** What the phone sends on; an empty title is the mini program's name. */
export interface Shared { title: string; path: string; image: string }

const PROMISE_MS_MAX = 3000 // then WeChat takes what came with the promise

const asQuery = (query: Record<string, string>): string => {
  const text = new URLSearchParams(query).toString()
  return text && `?${text}`
}

/** A path of the package seen from the phone's page, where the card is drawn. */
function imageFor(source: string | undefined): string {
  if (!source) return ''
  const address = pictureAddress(source)
  return /^(\/|data:)/.test(address) ? address : `/_mp/${address}`
}

async function settled(content: Content): Promise<Content> {
  if (!content.promise) return content
  return Promise.race([content.promise, new Promise<Content>((done) => { setTimeout(() => done(content), PROMISE_MS_MAX) })])
}

let router: Router

/** What the page in sight can be passed on to: Moments takes only what a friend can have too. */
function ways(): { friend: boolean; timeline: boolean } {
  const page = router.top().page as Sharing
  return { friend: Boolean(page.onShareAppMessage), timeline: Boolean(page.onShareAppMessage && page.onShareTimeline) }
}

async function cardFor(from: 'menu' | 'button', target?: unknown): Promise<Shared> {
  const { page, path, query } = router.top()
  const given = await settled((page as Sharing).onShareAppMessage?.({ from, target }) ?? {})
  if (given.path && !given.path.startsWith('/')) throw new Error(`onShareAppMessage: the path ${given.path} has to begin with /`)
  return { title: given.title ?? '', path: (given.path ?? `/${path}${asQuery(query)}`).slice(1), image: imageFor(given.imageUrl) }
}

/** Moments opens the same page, with another query if it gave one. */
async function postOf(): Promise<Shared> {
  const { page, path, query } = router.top()
  const given = await settled((page as Sharing).onShareTimeline?.() ?? {})
  return { title: given.title ?? '', path: given.query === undefined ? `${path}${asQuery(query)}` : `${path}?${given.query}`, image: imageFor(given.imageUrl) }
}

/** `<button open-type="share">`: the person chooses a chat, or thinks better of it. */
export async function shareByButton(dataset: Record<string, unknown>): Promise<void> {
  const card = await cardFor('button', { dataset })
  await askPhone('forward', card).catch((error: unknown) => { if (!(error instanceof WxFailure)) throw error })
}

/** Answers the menu of the phone around the frame. */
export function answerMenu(pages: Router): void {
  router = pages
  const answers: Record<string, () => unknown> = { ways, friend: () => cardFor('menu'), timeline: postOf }
  addEventListener('message', async (event: MessageEvent<{ seta: string; id: number; what: string }>) => {
    if (event.origin !== location.origin || event.data?.seta !== 'phone-menu') return
    const { id, what } = event.data
    const answer = await answers[what]?.()
    window.parent.postMessage({ seta: 'menu-answer', id, answer }, location.origin)
  })
}
