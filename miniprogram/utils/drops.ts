// Where a limited release stands, in one line.
import { momentLabel } from './days'
import { fill, words, type Language } from './language'
import type { Drop } from './types'

export type DropPhase = 'before' | 'open' | 'sold_out' | 'closed'

/** By the clock and the count; the server decides again when a piece is reserved. */
export function dropPhase(drop: Drop, now: Date): DropPhase {
  if (now < new Date(drop.opens_at)) return 'before'
  if (drop.closes_at && now >= new Date(drop.closes_at)) return 'closed'
  return drop.left === 0 ? 'sold_out' : 'open'
}

export function dropLine(drop: Drop, now: Date, language: Language): string {
  const t = words()
  const phase = dropPhase(drop, now)
  if (phase === 'before') return fill(t.home.opensAt, { at: momentLabel(drop.opens_at, language) })
  if (phase === 'closed') return t.drop.closed
  if (phase === 'sold_out') return t.home.soldOut
  return drop.left === undefined ? t.home.open : `${t.home.open} · ${fill(t.home.left, { n: drop.left })}`
}
