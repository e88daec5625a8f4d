// Where a limited release stands, in one line, and what the person's own place in it means.
import { milanTime, momentLabel } from './days'
import { currentLanguage, fill, words, type Language } from './language'
import type { Words } from '../words/zh'
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

/** What a person can do next in a release; nothing while it is not their turn. */
export type Deed = 'register' | 'enter' | 'withdraw' | 'reserve' | 'wait' | ''

export function deedOf(drop: Drop, now: Date): Deed {
  const phase = dropPhase(drop, now)
  if (phase === 'closed' || (drop.reservation && drop.reservation.state !== 'expired')) return ''
  if (now < new Date(drop.opens_at)) return drop.needs_registration && !drop.mine?.registered_at ? 'register' : ''
  if (phase === 'before') return ''
  if (drop.kind !== 'draw' || drop.drawn_at) return phase === 'open' ? 'reserve' : 'wait'
  if (drop.turns_at && now >= new Date(drop.turns_at)) return ''
  return drop.mine?.entry ? 'withdraw' : 'enter'
}

/** How a release lets people in, line by line: what is asked of everybody is said to everybody. */
export function termsOf(drop: Drop, language: Language, t = words().drop): string[] {
  const at = drop.turns_at ? momentLabel(drop.turns_at, language) : ''
  const kinds: { [kind: string]: string } = { draw: fill(t.byDraw, { at }), invited: t.byInvitation }
  return [
    kinds[drop.kind ?? ''] ?? t.firstCome,
    drop.kind === 'invited' && at ? fill(t.kept, { at }) : '',
    drop.needs_registration ? t.needsRegistration : '',
    drop.proof === 'visit' ? t.visit : drop.proof === 'purchase' ? t.purchase : '',
    drop.right ? t.right : '',
    drop.check_rank ? t.checked : '',
    drop.seed_hash ? fill(t.seed, { hash: drop.seed_hash.slice(0, 12) }) : '',
  ].filter(Boolean)
}

/** What the person has said and been given before a place in the line; empty for nothing. */
export function mineOf(drop: Drop, now: Date, t = words().drop): string {
  const entry = drop.mine?.entry
  if (entry?.rank) return fill(t.rank, { n: entry.rank })
  if (entry && drop.turns_at && now >= new Date(drop.turns_at)) return `${fill(t.entered, { code: entry.code })} · ${t.drawing}`
  if (entry) return fill(t.entered, { code: entry.code })
  return drop.mine?.registered_at && now < new Date(drop.opens_at) ? t.registered : ''
}

/** The server looks for pieces that were not paid for every two seconds: asked sooner, it still tells of the old place. */
const LAPSE_SEEN_MS = 3_000

/** Milliseconds until a release opens, its entries close or the person's own piece lapses; Infinity when none of it is ahead. */
export function untilTurn(drop: Drop, now: Date): number {
  const ahead = (at: string | null | undefined) => (at ? new Date(at).getTime() - now.getTime() : 0)
  const lapses = drop.reservation?.state === 'reserved' ? ahead(drop.reservation.expires_at) : 0
  const turns = [ahead(drop.opens_at), ahead(drop.turns_at), lapses > 0 ? lapses + LAPSE_SEEN_MS : 0]
  return Math.min(...turns.filter((left) => left > 0))
}

/** How many are before, and what may honestly be hoped for. */
function hopeOf({ ahead, prospect }: Reservation, t: Words['drop'], language: Language): string {
  const said = [fill(t.ahead, { n: ahead ?? 0 })]
  if (prospect && !prospect.has_chance) said.push(t.noChance)
  else if (prospect) {
    said.push(fill(t.mayReturn, { n: prospect.may_return }))
    if (prospect.expected_at) said.push(fill(t.expected, { at: momentLabel(prospect.expected_at, language) }))
    else if (prospect.not_before) said.push(fill(t.notBefore, { at: momentLabel(prospect.not_before, language) }))
  }
  return said.join(' · ')
}

/** What a reservation means to the person; null when there is none. */
export function standingOf(reservation: Reservation | null | undefined, t = words().drop, language?: Language): Standing | null {
  if (!reservation) return null
  const orderId = reservation.order_id ? String(reservation.order_id) : ''
  const until = reservation.expires_at ? fill(t.payBefore, { at: milanTime(reservation.expires_at) }) : ''
  switch (reservation.state) {
    case 'reserved': return { said: t.reserved, note: until, kind: 'mark-ok', orderId, payable: true }
    case 'paid': return { said: t.paid, note: '', kind: 'mark-ok', orderId, payable: false }
    case 'waiting': return { said: t.waiting, note: hopeOf(reservation, t, language ?? currentLanguage()), kind: 'muted', orderId, payable: false }
    default: return { said: t.expired, note: '', kind: 'mark-warn', orderId: '', payable: false }
  }
}
