// Where a limited release stands, in one line, and what the person's own place in it means.
import { milanTime, momentLabel } from './days'
import { fill, words, type Language } from './language'
import type { Drop, Reservation } from './types'

export type DropPhase = 'before' | 'open' | 'sold_out' | 'closed'

export interface Standing {
  said: string
  note: string
  kind: string
  orderId: string
  payable: boolean
}

/** By the clock, the desk's state and the count; the server decides again when a piece is reserved. */
export function dropPhase(drop: Drop, now: Date): DropPhase {
  if (drop.state === 'closed' || (drop.closes_at && now >= new Date(drop.closes_at))) return 'closed'
  if (now < new Date(drop.opens_at) || (drop.state ?? 'open') !== 'open') return 'before'
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

/** What a reservation means to the person; null when there is none. */
export function standingOf(reservation: Reservation | null | undefined): Standing | null {
  if (!reservation) return null
  const t = words().drop
  const orderId = reservation.order_id ? String(reservation.order_id) : ''
  const until = reservation.expires_at ? fill(t.payBefore, { at: milanTime(reservation.expires_at) }) : ''
  switch (reservation.state) {
    case 'reserved': return { said: t.reserved, note: until, kind: 'mark-ok', orderId, payable: true }
    case 'paid': return { said: t.paid, note: '', kind: 'mark-ok', orderId, payable: false }
    case 'waiting': return { said: t.waiting, note: fill(t.ahead, { n: reservation.ahead ?? 0 }), kind: 'muted', orderId, payable: false }
    default: return { said: t.expired, note: '', kind: 'mark-warn', orderId: '', payable: false }
  }
}
