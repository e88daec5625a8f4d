// What goes with an order after it is placed: how it arrives, what may be asked for, and how each request stands.
import { dayTitle, milanDay } from './days'
import { currentLanguage, fill, words } from './language'
import type { Address, Arrival, Fapiao, OrderService, ServiceRequest } from './types'

const COUNTED = ['asked', 'accepted', 'received', 'closed']
const WITHDRAWABLE = ['asked', 'accepted']
const TO_INVOICE = ['placed', 'paid', 'partly_refunded']
const OVER = ['cancelled', 'expired', 'refunded']
const REASONS_TO_CANCEL = ['changed_mind', 'late', 'other']

type Named = { [name: string]: string }

/** An instant's day in Milan as people read it. */
export const dayOf = (instant: string): string => dayTitle(milanDay(new Date(instant)), currentLanguage())

/** Pieces of each line that no request has, by the line's id. */
export function leftOf(service: OrderService): Map<number, number> {
  const left = new Map(service.lines.map((line) => [line.id, line.quantity]))
  for (const request of service.requests) {
    if (!COUNTED.includes(request.state)) continue
    for (const { line_id, quantity } of request.lines) left.set(line_id, (left.get(line_id) ?? 0) - quantity)
  }
  return left
}

/** Reasons that make sense for what is asked; the server says which count at all. */
export const reasonsFor = (kind: string, reasons: string[]): string[] =>
  kind === 'cancel' ? reasons.filter((reason) => REASONS_TO_CANCEL.includes(reason)) : reasons

/** What may be asked for and still has pieces to ask it for. */
export function askable(service: OrderService): string[] {
  const some = [...leftOf(service).values()].some((left) => left > 0)
  return some ? service.may_ask : []
}

/** `choose` while nobody said how the pieces arrive, `correct` while a parcel's address can still change. */
export function wayToSay(service: OrderService): '' | 'choose' | 'correct' {
  if (OVER.includes(service.state) || service.arrival.stage !== 'to_prepare') return ''
  if (service.arrival.way === 'open') return 'choose'
  return service.arrival.way === 'delivery' ? 'correct' : ''
}

/** The tax invoice that stands, if any; one that was dropped or withdrawn does not. */
export const standingFapiao = (service: OrderService): Fapiao | undefined =>
  service.fapiao.find((one) => ['asked', 'issued', 'to_withdraw'].includes(one.state))

/** Whether a fapiao can be asked for, or its fields put right. */
export function fapiaoOpen(service: OrderService): boolean {
  const standing = standingFapiao(service)
  return TO_INVOICE.includes(service.state) && (!standing || standing.state === 'asked')
}

/** What WeChat's own address book hands over, as an order's address; a mainland address has its region in three parts. */
export function addressOf(chosen: WechatMiniprogram.ChooseAddressSuccessCallbackResult): Address {
  const region = [...new Set([chosen.provinceName, chosen.cityName, chosen.countyName])].filter(Boolean).join(' ')
  return { recipient: chosen.userName, phone: chosen.telNumber, region, street: chosen.detailInfo, postcode: chosen.postalCode, country: 'CN' }
}

export interface ArrivalRow {
  said: string
  where: string
  address: string
  code: string
  squares: string[]
  tracking: string
  shipped: boolean
}

/** Where the pieces are, in a line; null while nobody has said how they are to arrive. */
export function arrivalRow(arrival: Arrival, store: string, paid: boolean): ArrivalRow | null {
  const t = words().order
  const stages: Named = t.stages
  if (!['delivery', 'pickup'].includes(arrival.way)) return null
  const way = arrival.way === 'pickup' ? t.pickup : t.delivery
  const { address } = arrival
  return {
    said: paid ? `${way} · ${stages[arrival.stage] ?? arrival.stage}` : way,
    where: arrival.way === 'pickup' ? store : arrival.carrier,
    address: address ? `${address.recipient} ${address.phone}\n${address.region} ${address.street}` : '',
    code: arrival.code, squares: arrival.squares ?? [], tracking: arrival.tracking, shipped: arrival.stage === 'shipped',
  }
}

export interface RequestRow { id: number; title: string; pieces: string; notes: string[]; open: boolean; replacement: string }

/** A request as its client reads it: what, how it stands, and what comes next. */
export function requestRow(request: ServiceRequest): RequestRow {
  const t = words().service
  const kinds: Named = t.kinds
  const standings: Named = t.standings
  const notes = [
    request.answer,
    request.due_by ? fill(t.due, { day: dayOf(request.due_by) }) : '',
    request.money_text ? fill(request.is_returned ? t.moneyBack : t.moneyComing, { amount: request.money_text }) : '',
    request.due_text ? fill(t.difference, { amount: request.due_text }) : '',
  ]
  const pieces = request.lines.map((line) => [`${line.name} × ${line.quantity}`, line.wished].filter(Boolean).join(' → '))
  return {
    id: request.id, title: `${kinds[request.kind] ?? request.kind} · ${standings[request.state] ?? request.state}`, pieces: pieces.join('\n'),
    notes: notes.filter(Boolean), open: WITHDRAWABLE.includes(request.state), replacement: request.replacement_id ? String(request.replacement_id) : '',
  }
}

/** How a gift is made up, in a line. */
export function giftLine(gift: OrderService['gift']): string {
  if (!gift) return ''
  const t = words().service
  return [gift.is_wrapped ? t.wrapped : '', gift.hides_prices ? t.noPrices : '', gift.card_text ? `“${gift.card_text}”` : ''].filter(Boolean).join(' · ')
}

export interface FapiaoRow { said: string; detail: string }

export function fapiaoRow(fapiao: Fapiao): FapiaoRow {
  const states: Named = words().service.papers
  return { said: states[fapiao.state] ?? fapiao.state, detail: [fapiao.title, fapiao.tax_number, fapiao.number].filter(Boolean).join('\n') }
}
