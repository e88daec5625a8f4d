// One order: what it holds, its payment by WeChat Pay, and the state the server proved.
import { listBoutiques, payOrder, readArrival, readOrder } from '../../utils/api'
import { formatMoney } from '../../utils/money'
import { fill, words } from '../../utils/language'
import { messageOf, storeName, toast, type Phase } from '../../utils/page'
import { isUnproven, payOnSheet, setUnproven } from '../../utils/paying'
import { pollUntil } from '../../utils/polling'
import { isOffline } from '../../utils/saved'
import { askToNotify } from '../../utils/subscribing'
import type { Arrival, Order } from '../../utils/types'

const TO_BE_PAID = ['placed', 'requires_payment']

interface LineRow { key: number; name: string; quantity: string; amount: string }

function lineRows(order: Order): LineRow[] {
  return (order.lines ?? []).map((line, key) => ({
    key,
    name: [line.name, line.label].filter(Boolean).join(' · '),
    quantity: `× ${line.quantity}`,
    amount: line.amount_text ?? (line.amount === undefined ? '' : formatMoney(line.amount, order.currency)),
  }))
}

interface ArrivalRow { said: string; where: string; code: string; tracking: string }

/** Where the pieces are, in a line; null while nobody has said how they are to arrive. */
function arrivalRow(arrival: Arrival, store: string, paid: boolean): ArrivalRow | null {
  const t = words().order
  const stages: { [name: string]: string } = t.stages
  if (!['delivery', 'pickup'].includes(arrival.way)) return null
  const way = arrival.way === 'pickup' ? t.pickup : t.delivery
  const said = paid ? `${way} · ${stages[arrival.stage] ?? arrival.stage}` : way
  return { said, where: arrival.way === 'pickup' ? store : arrival.carrier, code: arrival.code, tracking: arrival.tracking }
}

Page({
  data: {
    arrival: null as ArrivalRow | null,
    t: words().order, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', number: '', state: '', mark: '', lines: [] as LineRow[],
    total: '', settle: '', rate: '', payLabel: '', payable: false, unsure: false, busy: false, said: '', saidKind: '', paid: false,
  },
  onLoad(query: { id?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.order.title })
    this.setData({ t: t.order, retry: t.common.retry, errorTitle: t.error.title, id: query.id ?? '' })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      this.show(await readOrder(this.data.id))
      await this.showArrival()
      if (this.data.unsure) this.setData({ said: words().order.unsure, saidKind: 'mark-warn' })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  show(order: Order) {
    const t = words().order
    const states: { [name: string]: string } = t.states
    const total = order.total_text ?? formatMoney(order.total, order.currency)
    const paid = order.state === 'paid'
    const payable = TO_BE_PAID.includes(order.state)
    if (!payable) setUnproven(this.data.id, false)
    this.setData({
      phase: 'ready', number: order.number, state: states[order.state] ?? order.state, paid, total, payable,
      unsure: payable && isUnproven(this.data.id), mark: paid ? 'mark-ok' : 'muted', lines: lineRows(order), settle: order.settle_text ?? '', rate: order.rate_text ?? '',
      payLabel: fill(t.pay, { amount: total }),
    })
  },
  async showArrival() {
    const arrival = await readArrival(this.data.id)
    const store = arrival.boutique ? (await listBoutiques()).find((one) => one.code === arrival.boutique) : undefined
    this.setData({ arrival: arrivalRow(arrival, store ? storeName(store) : '', !this.data.payable) })
  },
  copyTracking() {
    const { copied } = words().order
    wx.setClipboardData({ data: this.data.arrival?.tracking ?? '', success: () => { toast(copied) } })
  },
  async pay() {
    if (this.data.busy || this.data.unsure) return
    const t = words().order
    this.setData({ busy: true, said: t.paying, saidKind: 'muted' })
    let shown = false
    try {
      const parameters = await payOrder(this.data.id)
      shown = true
      const outcome = await payOnSheet(parameters)
      if (outcome === 'cancelled') this.setData({ said: t.cancelled, saidKind: 'muted' })
      else await this.awaitProof(outcome === 'paid')
    } catch (error) {
      this.tell(error, shown)
    } finally {
      this.setData({ busy: false })
    }
  },
  /** Asks about a payment whose end was not heard; never opens the sheet. */
  async check() {
    if (this.data.busy) return
    this.setData({ busy: true })
    try {
      await this.awaitProof(true)
    } catch (error) {
      this.tell(error, true)
    } finally {
      this.setData({ busy: false })
    }
  },
  /** What a lost network means depends on whether the sheet had been opened. */
  tell(error: unknown, shown: boolean) {
    const t = words().order
    if (!isOffline(error)) {
      this.setData({ said: messageOf(error), saidKind: 'mark-bad' })
      return
    }
    if (shown) setUnproven(this.data.id, true)
    this.setData({ said: shown ? t.unsure : t.unsent, saidKind: 'mark-warn', unsure: shown })
  },
  /** The phone's word is not proof: only the server's state is. */
  async awaitProof(hopeful: boolean) {
    const t = words().order
    const { id } = this.data
    this.setData({ said: t.checking, saidKind: 'muted' })
    const order = await pollUntil(() => readOrder(id), (read) => !hopeful || !TO_BE_PAID.includes(read.state))
    const proven = !TO_BE_PAID.includes(order.state)
    setUnproven(id, hopeful && !proven)
    this.show(order)
    if (proven) this.setData({ said: t.thanks, saidKind: 'mark-ok' })
    else this.setData({ said: hopeful ? t.slow : t.notPaid, saidKind: hopeful ? 'muted' : 'mark-bad' })
    if (!proven) return
    await askToNotify('order')
    await this.showArrival()
  },
  toHome() { wx.switchTab({ url: '/pages/home/home' }) },
  toOrders() { wx.switchTab({ url: '/pages/my/my' }) },
})
