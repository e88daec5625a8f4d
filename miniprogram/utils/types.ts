// What the server's API answers, as far as the pages read it.

export type Mark = 'H' | 'M' | 'L' | 'high' | 'medium' | 'low' | string

export interface PlaceCard {
  code: string
  name: string
  name_it: string
  category: string
  district: string
  confidence: { hours: Mark; coord: Mark }
  hours_note?: string
  lat?: number
  lon?: number
  admission?: string
  hours_today?: string
  category_name?: string
}

export interface District {
  code: string
  name_zh: string
  name_en: string
  name_it: string
  lat: number
  lon: number
}

/** What a business offers from a day to a day, both included. */
export interface Offer { text: string; begins: string; ends: string }

/** What is known, who said it and on which day; `standing` is fresh, stale or undated. */
export interface DatedFact { kind: string; text: string; source_text: string; confirmed_on: string | null; standing: string }
export interface PlaceDetail extends PlaceCard {
  facts?: DatedFact[]
  hours_on?: string
  offers?: Offer[]
  photos?: (Picture & { width: number; height: number; credit?: string })[]
  hours_text?: string
  hours_today?: string
  visit_minutes?: number
  admission?: string
  booking?: string
  note?: string
  confirm?: boolean | string
}

export interface Stop {
  code: string
  name: string
  arrive: string
  leave: string
  walk_minutes: number
  mode?: 'start' | 'walk' | 'metro' | 'car'
  hours_today: string
  confirm: boolean | string
  lat?: number
  lon?: number
  booked?: boolean
  why?: string
  why_text?: string
  shelter_name?: string
}

export interface Plan {
  plan_id: number | string
  day: string
  stops: Stop[]
  left_out: { code: string; name?: string; reason: string; reason_text?: string }[]
  trip_id?: string
  start?: string
  end?: string
  pace?: string
  interests?: string[]
  notes?: { code: string; text: string }[]
}

/** A stay of one to five days; `dispersal` says what the weight of lesser-known districts did. */
export interface Trip {
  trip_id: string
  days: Plan[]
  left_out: Plan['left_out']
  dispersal: { weight: number; text: string } | null
  remind?: boolean
}

export interface Standing {
  is_live: boolean
  program: string
  name: string
  text: string
  points: number
  rights: { code: string; name: string }[]
  next: { name: string; missing: number } | null
}

export interface Boutique {
  id: number | string
  name: string
  district: string
  address: string
  name_zh?: string
  open_to_bookings?: boolean
  code?: string
}

/** What an associate prepared; `amount` is today's unit price in fen, null for what is not sold any more. */
export interface PreparedBag {
  token: string
  note: string
  expires_at: string
  lines: {
    variant_id: number; product_code: string; name: string; label: string; image: string; quantity: number; amount: number | null; amount_text: string
    has_changed: boolean
  }[]
}

export interface Address {
  recipient: string
  phone: string
  region: string
  street: string
  postcode: string
  country: string
}

/** How an order reaches the client; `code` is told or shown as `squares` at the counter once the pieces wait there. */
export interface Arrival {
  way: 'open' | 'delivery' | 'pickup' | 'taken'
  stage: string
  boutique: string
  code: string
  squares?: string[]
  carrier: string
  tracking: string
  address: Address | null
}

/** A cancellation, return or exchange; `due_text` is what an exchange's new piece costs beyond the old one. */
export interface ServiceRequest {
  id: number
  kind: string
  state: string
  answer: string
  due_by: string | null
  money_text: string
  is_returned: boolean
  replacement_id: number | null
  due_text: string
  lines: { line_id: number; name: string; quantity: number; wished: string }[]
}

/** A Chinese tax invoice. */
export interface Fapiao {
  state: string
  buyer: string
  title: string
  tax_number: string
  email: string
  number: string
}

/** A pop-up: `scene` is what visits and orders are told by, `can_buy` is false before it opens and once it is over. */
export interface Popup {
  code: string
  state: string
  title: string
  intro: string
  accent: string
  cover: string
  place: { kind: string; code: string; name: string }
  opens_at: string
  closes_at: string
  can_buy: boolean
  scene: string
}

export interface PopupFull extends Popup { products: Product[] }

/** The rule for having the tax of purchases back; amounts in cents of euro. */
export interface TaxRule {
  over_cents: number
  vat_percent: number
  leave_months: number
  source: string
  checked_on: string
}

export interface TaxReceipt {
  shop: string
  amount: number
  verdict: string
  text: string
  vat_at_most: number
  short_by: number
  leave_by: string | null
}

export interface TaxAnswer {
  receipts: TaxReceipt[]
  vat_at_most: number
  proof_by: string | null
}

/** What goes with an order; `may_ask` and `reasons` are what the server would take now. */
export interface OrderService {
  state: string
  lines: { id: number; variant_id: number; name: string; quantity: number }[]
  arrival: Arrival
  gift: { is_wrapped: boolean; card_text: string; hides_prices: boolean } | null
  may_ask: string[]
  reasons: string[]
  returns_until: string | null
  fee_text?: string
  /** How it arrives has to be said before it is paid, because a delivery costs. */
  way_first?: boolean
  requests: ServiceRequest[]
  fapiao: Fapiao[]
}

export interface Variant {
  id: number | string
  label: string
  price: number
  currency: string
  price_text: string
  settle_text: string
  stock: number
  sale?: Sale
}

export interface Sale {
  state: 'open' | 'later' | 'elsewhere' | 'over'
  text: string
}

/** One of a piece's pictures, with the words that stand for it. */
export interface Picture { src: string; alt: string }

/** `pictures` come only when one piece is asked for. */
export interface Product {
  code: string
  name: string
  description: string
  image: string
  pictures?: Picture[]
  variants: Variant[]
}

/** Pieces under one name; `pieces` are their codes, in the collection's order. */
export interface Collection { code: string; name: string; season: string; cover: string; pieces: string[] }

/** A season as pages; `count` is how many looks it has. */
export interface Lookbook { code: string; name: string; description: string; season: string; cover: Picture; count: number }

export interface Look { id: number; caption: string; picture: Picture & { width: number; height: number }; pieces: Product[] }

export interface OrderLine {
  product_code?: string
  name?: string
  label?: string
  quantity: number
  amount?: number
  amount_text?: string
}

export interface Order {
  order_id: number | string
  number: string
  total: number
  currency: string
  state: string
  total_text?: string
  settle_text?: string
  rate_text?: string
  placed_at?: string
  lines?: OrderLine[]
}

export interface PayParameters {
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'RSA'
  paySign: string
}

/** A printed code of a boutique; `rate` is minor units of the currency for one fen, times `rate_scale`. */
export interface PayCode {
  code: string
  house: string
  title: string
  settle_currency: string
  rate: number | null
  rate_scale: number
  rate_text: string
  amount_max: number
}

export interface CodePayment {
  id: number
  number: string
  state: string
  amount: number
  amount_text: string
  settle_text: string
}

export interface Slot {
  starts_at: string
  label: string
  free: number | boolean
}

export interface Appointment {
  appointment_id: string
  state: string
  kind: string
  local_time: string
  calendar_url: string
  boutique_id: number
  boutique_name: string
  boutique_name_zh: string
  address: string
  starts_at: string
  ends_at: string
}

/** A piece held in a store to be tried on; `appointment` is the visit it is held for, empty for none. */
export interface Fitting {
  id: number
  variant_id: number
  name: string
  label: string
  image: string
  boutique: string
  appointment: string
  state: string
  held_until: string
}

/** When a call may begin: on Milan's clock, and on Beijing's beside it. */
export interface CallTime { starts_at: string; label: string; beijing: string }

/** A call by video or voice with an associate; `url` opens it in a browser. */
export interface Consultation {
  id: string
  kind: string
  host: string
  topic: string
  starts_at: string
  minutes: number
  state: string
  url: string
}

export interface Drop {
  id: number | string
  name: string
  product_name?: string
  description?: string
  image?: string
  /** In fen, as shown: a reservation whose price has changed since is not paid unseen. */
  price?: number | null
  price_text?: string
  settle_text?: string
  opens_at: string
  closes_at?: string
  state?: string
  total?: number
  left?: number
  reservation?: Reservation | null
  /** The server's clock, by which a release opens. */
  now?: string
  kind?: string
  turns_at?: string | null
  drawn_at?: string | null
  needs_registration?: boolean
  needs_ticket?: boolean
  proof?: string
  right?: string
  check_rank?: number | null
  seed_hash?: string
  fairness_url?: string
  mine?: DropMine
}

/** What a person has said and been given before a place in the line. */
export interface DropMine {
  entry: { code: string; rank: number | null } | null
  registered_at: string | null
  is_invited: boolean
}

/** What somebody in line may honestly expect. */
export interface Prospect {
  may_return: number
  not_before: string | null
  expected_at: string | null
  has_chance: boolean
}

/** A place in a limited release: waiting, reserved, paid or expired. */
export interface Reservation {
  state: string
  seq?: number
  ahead?: number
  order_id?: number | string | null
  expires_at?: string | null
  prospect?: Prospect | null
}

export interface Consent {
  purpose: string
  granted: boolean
}
