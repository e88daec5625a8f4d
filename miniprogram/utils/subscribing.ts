// Asks whether one service notification may be sent; WeChat needs the question after a tap, each time.
import { SUBSCRIBE_TEMPLATES } from './config'

interface KeptSession { templates?: { [use: string]: string } }

/** The template for a use: the server's, else the one configured; empty when there is none. */
export function templateFor(use: string, session: KeptSession | '', configured = SUBSCRIBE_TEMPLATES): string {
  const known = { ...configured, ...(session ? session.templates : {}) }
  return known[use] ?? known['default'] ?? ''
}

/** Resolves when the person has answered, or at once when the house has no template. Never rejects. */
export function askToNotify(use: string): Promise<void> {
  const template = templateFor(use, wx.getStorageSync('session') as KeptSession | '')
  if (!template) return Promise.resolve()
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({ tmplIds: [template], complete: () => { resolve() } })
  })
}
