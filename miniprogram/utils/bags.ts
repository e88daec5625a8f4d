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

export const totalOf = (bag: PreparedBag): string =>
  formatMoney(linesOf(bag).reduce((sum, line) => sum + line.quantity * line.seen_amount, 0), 'CNY')
