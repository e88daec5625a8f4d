// Paying: what a printed code says, what an entered amount is worth, and WeChat's pay sheet.
import type { PayParameters } from './types'

type Query = { [key: string]: string | undefined }

const CODE = /^[0-9a-z]{4,16}$/
const AMOUNT = /^(\d{1,8})(?:[.。](\d{0,2}))?$/

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The code of a print: opened by its link (`q`), by a mini program code (`scene`) or by our own address. */
export function codeFrom(query: Query): string {
  const link = /\/pay\/([0-9a-z]+)/.exec(decoded(query['q'] ?? ''))?.[1]
  const scene = /(?:^|;)pay=([0-9a-z]+)/.exec(decoded(query['scene'] ?? ''))?.[1]
  const code = link ?? scene ?? query['code'] ?? ''
  return CODE.test(code) ? code : ''
}

/** Fen of an amount as people type it: `12.5` is 1250; null for what is no amount yet. */
export function fenOf(text: string): number | null {
  const found = AMOUNT.exec(text.replace(/[\s,，¥￥]/g, ''))
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null
}

/** A key for one payment, so that a second tap cannot pay twice. */
export function newKey(): string {
  const part = (): string => Math.random().toString(36).slice(2, 10).padEnd(8, '0')
  return `${Date.now().toString(36).slice(-8)}${part()}`
}

const UNPROVEN_KEY = 'unproven-payments'
const UNPROVEN_MS = 30 * 60_000

type Unproven = { [order: string]: number }

/** Payments whose sheet was open while nothing could be heard of their end; after half an hour they count no more. */
export function stillUnproven(kept: Unproven, now: number): Unproven {
  return Object.fromEntries(Object.entries(kept).filter(([, at]) => now - at < UNPROVEN_MS))
}

const unproven = (): Unproven => stillUnproven((wx.getStorageSync(UNPROVEN_KEY) as Unproven | '') || {}, Date.now())

/** Whether an order may be paid for all we know, so that it must be asked about and not paid once more. */
export const isUnproven = (order: string): boolean => order in unproven()

export function setUnproven(order: string, doubtful: boolean): void {
  const { [order]: known, ...others } = unproven()
  wx.setStorageSync(UNPROVEN_KEY, doubtful ? { ...others, [order]: known ?? Date.now() } : others)
}

/** WeChat's pay sheet; what it says is no proof, only the server's state is. */
export function payOnSheet(parameters: PayParameters): Promise<'paid' | 'cancelled' | 'failed'> {
  return new Promise((resolve) => {
    wx.requestPayment({
      ...parameters,
      success: () => { resolve('paid') },
      fail: ({ errMsg }) => { resolve(errMsg.includes('cancel') ? 'cancelled' : 'failed') },
    })
  })
}
