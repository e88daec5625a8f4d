// Every call of the server's API by name; pages know these, not addresses.
import type { PackChanges } from './pack'
import { forget, get, post } from './session'
import type { TalkLine } from '../pages/chat/talk'
import type { Kept, OwnCopy } from '../pages/privacy/copy'
import type {
  Address, Appointment, Boutique, CallTime, CodePayment, Collection, Consent, Consultation, District, Drop, Fitting, Look, Lookbook, Order, OrderService, PayCode, PayParameters, PlaceCard, PlaceDetail, Plan, Popup, PopupFull, PreparedBag, Product,
  Reservation, Slot, Standing, TaxAnswer, TaxRule, Trip,
} from './types'

/** A stay as the person wishes it; times are `HH:MM` in Milan, `lesser_known` goes from 0 to 3. */
export interface TripWish {
  days: { day: string; start: string; end?: string }[]
  places: string[]
  avoid?: string[]
  interests: string[]
  booked?: { place: string; time: string; day: string }[]
  pace: string
  meals: boolean
  lesser_known: number
}

/** `key` makes a repeated tap harmless; `seen_amount` is the unit price the person was shown. */
export interface Bag {
  lines: { variant_id: string | number; quantity: number; seen_amount: number }[]
  source: string
  key: string
}

type Listed<K extends string, T> = T[] | { [key in K]: T[] }

/** Lists come bare or under their name. */
export function listOf<K extends string, T>(answer: Listed<K, T>, key: K): T[] {
  return Array.isArray(answer) ? answer : answer[key]
}

const id = (value: string | number): string => encodeURIComponent(String(value))

export const searchPlaces = async (q: string): Promise<PlaceCard[]> =>
  listOf<'places', PlaceCard>(await get(`/guide/search?q=${encodeURIComponent(q)}`), 'places')
export const readPlace = (code: string): Promise<PlaceDetail> => get(`/guide/places/${id(code)}`)
export const browsePlaces = (): Promise<{ places: PlaceCard[]; districts: District[] }> => get('/guide/places')
export const buildTrip = (wish: TripWish): Promise<Trip> => post('/guide/trips', wish)
export const readTrip = (trip: string): Promise<Trip> => get(`/guide/trips/${id(trip)}`)
export const setReminder = (trip: string, wanted: boolean): Promise<void> => post(`/guide/trips/${id(trip)}/reminder`, { wanted })
export const forgetTrip = (trip: string): Promise<void> => forget(`/guide/trips/${id(trip)}`)
export const planLate = (plan: string, at: string): Promise<Plan> => post(`/guide/plans/${id(plan)}/late`, { at })

/** The saved city: everything for no marks, else what differs from them. */
export const readPackChanges = (version: string, marks: { [code: string]: string }): Promise<PackChanges> =>
  post('/guide/pack', { version, marks })

export const listBoutiques = async (): Promise<Boutique[]> =>
  listOf<'boutiques', Boutique>(await get('/stores/boutiques'), 'boutiques')
export const listProducts = async (): Promise<Product[]> =>
  listOf<'products', Product>(await get('/boutique/products'), 'products')
export const listCollections = async (): Promise<Collection[]> =>
  listOf<'collections', Collection>(await get('/boutique/collections'), 'collections')
export const listLookbooks = async (): Promise<Lookbook[]> =>
  listOf<'lookbooks', Lookbook>(await get('/boutique/lookbooks'), 'lookbooks')
export const readLookbook = (code: string): Promise<Lookbook & { looks: Look[] }> => get(`/boutique/lookbooks/${id(code)}`)
export const readProduct = (code: string): Promise<Product> => get(`/boutique/products/${id(code)}`)
export const placeOrder = (bag: Bag): Promise<Order> => post('/boutique/orders', bag)
export const listOrders = async (): Promise<Order[]> =>
  listOf<'orders', Order>(await get('/boutique/orders'), 'orders')
export const readOrder = (order: string): Promise<Order> => get(`/boutique/orders/${id(order)}`)
export const payOrder = (order: string): Promise<PayParameters> => post(`/boutique/orders/${id(order)}/pay`, {})

/** A prepared bag as an order to collect: `pickup_at` is the store's code, empty where none hands over. */
export interface Checkout {
  lines: { variant_id: number; quantity: number; seen_amount: number }[]
  pickup_at: string
  bag: string
  key: string
}

export const openBag = (token: string): Promise<PreparedBag> => get(`/boutique/bags/${id(token)}`)
/** What a delivery to a country costs, in fen; `free_from` is 0 where it is never free. */
export interface DeliveryTerms { code: string; name: string; delivery_fee: number; free_from: number }
export const readTerms = (): Promise<{ pickup_at: string[]; countries: DeliveryTerms[] }> => get('/boutique/terms')
export const checkOut = (bag: Checkout): Promise<{ order_id: number }> => post('/boutique/checkout', bag)

export const readService = (order: string): Promise<OrderService> => get(`/boutique/orders/${id(order)}/service`)
export const giveUpOrder = (order: string): Promise<Order> => post(`/boutique/orders/${id(order)}/cancel`, {})
export const chooseWay = (order: string, way: { address?: Address; pickup_at?: string }): Promise<OrderService> =>
  post(`/boutique/orders/${id(order)}/way`, way)
export const confirmParcel = (order: string): Promise<OrderService> => post(`/boutique/orders/${id(order)}/received`, {})

export interface FapiaoWish { buyer: string; title: string; tax_number: string; email: string }
export const askFapiao = (order: string, wish: FapiaoWish): Promise<OrderService> => post(`/boutique/orders/${id(order)}/fapiao`, wish)

/** `variant_id` is what an exchange asks for instead; `key` makes a repeated tap harmless. */
export interface AfterSaleWish {
  kind: string
  reason: string
  words: string
  lines: { line_id: number; quantity: number; variant_id?: number }[]
  key: string
}
export const askAfterSale = (order: string, wish: AfterSaleWish): Promise<OrderService> => post(`/boutique/orders/${id(order)}/requests`, wish)
export const withdrawRequest = (order: string, request: number): Promise<OrderService> =>
  post(`/boutique/orders/${id(order)}/requests/${request}/withdraw`, {})

export const readCode = (code: string): Promise<PayCode> => get(`/pay-here/codes/${id(code)}`)
export const payAtCode = (code: string, amount: number, key: string): Promise<{ payment: CodePayment; pay: PayParameters }> =>
  post(`/pay-here/codes/${id(code)}/payments`, { amount, key })
export const readCodePayment = (payment: number): Promise<CodePayment> => get(`/pay-here/payments/${payment}`)

export const listSlots = async (boutique: string, day: string, kind: string): Promise<Slot[]> =>
  listOf<'slots', Slot>(await get(`/stores/slots?boutique=${id(boutique)}&day=${day}&kind=${id(kind)}`), 'slots')
export const bookAppointment = (boutique: string | number, startsAt: string, kind: string): Promise<Appointment> =>
  post('/stores/appointments', { boutique_id: boutique, starts_at: startsAt, kind })
export const listAppointments = async (): Promise<Appointment[]> =>
  listOf<'appointments', Appointment>(await get('/stores/appointments'), 'appointments')
export const cancelAppointment = (appointment: string): Promise<Appointment> =>
  post(`/stores/appointments/${id(appointment)}/cancel`, {})
export const moveAppointment = (appointment: string, startsAt: string): Promise<Appointment> =>
  post(`/stores/appointments/${id(appointment)}/move`, { starts_at: startsAt })

/** A piece to try on: `boutique` is the store's code, `appointment` the visit at `wanted_at`; `key` makes a repeated tap harmless. */
export interface FittingsWish { variant_ids: number[]; boutique: string; appointment: string; wanted_at: string; key: string }
/** The pieces that are held for one visit, and why others are not. */
export interface FittingsHeld { fittings: Fitting[]; refused: { variant_id: number; message: string }[] }
export const holdFittings = (wish: FittingsWish): Promise<FittingsHeld> => post('/boutique/fittings/bag', wish)
export const listFittings = async (): Promise<Fitting[]> => (await get<{ fittings: Fitting[] }>('/boutique/fittings')).fittings
export const releaseFitting = (fitting: number): Promise<Fitting> => post(`/boutique/fittings/${fitting}/cancel`, {})

export const listConsultations = async (): Promise<Consultation[]> =>
  (await get<{ consultations: Consultation[] }>('/consultations/')).consultations
/** Advisors who take calls, how long they may be, and what one agrees to by booking. */
export interface CallHosts { hosts: { id: number; name: string; boutique: string }[]; minutes: number[]; words: string }
export interface CallWish { associate: number; kind: string; starts_at: string; minutes: number; agreed: boolean }
export const listCallHosts = (): Promise<CallHosts> => get('/consultations/hosts')
export const listCallTimes = async (associate: string, day: string, minutes: number): Promise<CallTime[]> =>
  (await get<{ times: CallTime[] }>(`/consultations/free?associate=${id(associate)}&day=${day}&minutes=${minutes}`)).times
export const bookCall = (wish: CallWish): Promise<Consultation> => post('/consultations/', wish)
export const cancelConsultation = (consultation: string): Promise<Consultation> => post(`/consultations/${id(consultation)}/cancel`, {})

export const checkIn = (code: string): Promise<unknown> => post('/stores/check-ins', { code })

export const listDrops = async (): Promise<Drop[]> => listOf<'drops', Drop>(await get('/drops'), 'drops')
export const readDrop = (drop: string): Promise<Drop> => get(`/drops/${id(drop)}`)
/** With the ticket that a release may ask for. */
export const reservePiece = (drop: string, ticket = ''): Promise<Reservation> =>
  post(`/gate/drops/${id(drop)}/reserve`, {}, ticket ? { 'X-Drop-Ticket': ticket } : {})
export const ticketFor = (drop: string): Promise<{ ticket: string; expires_at: string }> => post(`/drops/${id(drop)}/ticket`, {})
export const tellDrop = (drop: string, deed: 'register' | 'enter' | 'withdraw'): Promise<unknown> => post(`/drops/${id(drop)}/${deed}`, {})

export const claimPiece = (drop: string, seen: number | null): Promise<Order> => post(`/drops/${id(drop)}/claim`, { seen_amount: seen })
export const joinLine = async (drop: string): Promise<Reservation> =>
  (await post<{ reservation: Reservation }>(`/drops/${id(drop)}/wait`, {})).reservation

export const recordConsent = (purpose: string, granted: boolean): Promise<unknown> =>
  post('/people/consents', { purpose, granted })
export const listConsents = async (): Promise<Consent[]> =>
  listOf<'consents', Consent>(await get('/people/consents'), 'consents')

export const listPopups = async (): Promise<Popup[]> => listOf<'popups', Popup>(await get('/popups'), 'popups')
export const findPopup = (scanned: string): Promise<Popup> => get(`/popups/by-scene?scene=${encodeURIComponent(scanned)}`)
export const readPopup = (code: string): Promise<PopupFull> => get(`/popups/${id(code)}`)
export const visitPopup = (code: string, scene: string): Promise<unknown> => post(`/popups/${id(code)}/visits`, { scene })
export const orderPopup = (code: string, bag: { lines: Bag['lines']; scene: string; key: string }): Promise<Order> =>
  post(`/popups/${id(code)}/orders`, bag)

export const readTaxRefund = (): Promise<{ today: TaxRule | null; steps: { code: string; text: string }[]; airport_minutes: number }> =>
  get('/guide/tax-refund')

/** Amounts in cents of euro, days `YYYY-MM-DD`; nothing is kept. */
export interface Purchases {
  lives_in: string
  leaves_on: string
  receipts: { shop: string; amount: number; bought_on: string }[]
}
export const assessPurchases = (purchases: Purchases): Promise<TaxAnswer> => post('/guide/tax-refund', purchases)

export const readStanding = (): Promise<Standing> => get('/loyalty/standing')

export const readOwnCopy = (): Promise<OwnCopy> => get('/me/export')
export const readKept = async (): Promise<Kept[]> => (await get<{ kept: Kept[] }>('/me/erase')).kept
/** Forgets the person and ends their session; `whole` is false while the law keeps something. */
export const erasePerson = (): Promise<{ whole: boolean }> => post('/me/erase', { confirm: 'erase' })

export const readTalk = (): Promise<{ house: string; username: string; messages: TalkLine[] }> => get('/conversations/mine')
export const listAdvisors = async (): Promise<{ name: string; boutique: string; is_primary: boolean }[]> =>
  (await get<{ advisors: { name: string; boutique: string; is_primary: boolean }[] }>('/clienteling/advisors')).advisors
