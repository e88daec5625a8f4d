// A bag that an associate prepared: how its link says which, and what it comes to today.
import { formatMoney } from './money'
import type { PreparedBag } from './types'

type Query = { [key: string]: string | undefined }
const TOKEN = /^[\w-]{6,60}$/

/** The token of a bag from a card's link (`bag`) or a mini program code (`scene`); empty for none. */
export function bagOf(query: Query): string {
  const scene = /(?:^|;)bag=([\w-]+)/.exec(decodeURIComponent(query['scene'] ?? ''))?.[1]
  const token = query['bag'] ?? scene ?? ''
  return TOKEN.test(token) ? token : ''
}

/** What is still sold, at today's prices, as an order's lines. */
export const linesOf = (bag: PreparedBag): { variant_id: number; quantity: number; seen_amount: number }[] =>
  bag.lines.flatMap((line) => (line.amount === null ? [] : [{ variant_id: line.variant_id, quantity: line.quantity, seen_amount: line.amount }]))

/** A piece that a visit can be asked for: what it is called, and whether it is among those chosen. */
export interface Wished { variant: number; name: string; chosen: boolean }

/** What a client holds at once at most; the server's own limit, said before it refuses. */
export const TRY_ON_MAX = 6

/** The pieces of a bag that are still sold, all chosen as far as one visit holds them. */
export const toTryOn = (bag: PreparedBag): Wished[] =>
  bag.lines.filter((line) => line.amount !== null).map((line, place) => ({ variant: line.variant_id, name: [line.name, line.label].filter(Boolean).join(' · '), chosen: place < TRY_ON_MAX }))

export const totalOf = (bag: PreparedBag): string =>
  formatMoney(linesOf(bag).reduce((sum, line) => sum + line.quantity * line.seen_amount, 0), 'CNY')
