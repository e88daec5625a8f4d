// One order: what it holds, its payment by WeChat Pay, how it arrives, and what is asked after it.
import { confirmParcel, giveUpOrder, listBoutiques, payOrder, readOrder, readService, withdrawRequest } from '../../utils/api'
import { formatMoney } from '../../utils/money'
import { fill, words } from '../../utils/language'
import { canvasOf } from '../../utils/canvas'
import { drawSquares } from '../../utils/squares'
import { messageOf, storeName, toast, type Phase } from '../../utils/page'
import { isUnproven, payOnSheet, setUnproven } from '../../utils/paying'
import { pollUntil } from '../../utils/polling'
import { isOffline } from '../../utils/saved'
import {
  arrivalRow, askable, dayOf, fapiaoOpen, fapiaoRow, giftLine, requestRow, standingFapiao, wayToSay,
  type ArrivalRow, type FapiaoRow, type RequestRow,
} from '../../utils/service'
import { askToNotify } from '../../utils/subscribing'
import type { Order, OrderService } from '../../utils/types'

const TO_BE_PAID = ['placed', 'requires_payment']

interface LineRow { key: number; name: string; quantity: string; amount: string }
interface Action { kind: string; text: string }

function lineRows(order: Order): LineRow[] {
  return (order.lines ?? []).map((line, key) => ({
    key,
    name: [line.name, line.label].filter(Boolean).join(' · '),
    quantity: `× ${line.quantity}`,
    amount: line.amount_text ?? (line.amount === undefined ? '' : formatMoney(line.amount, order.currency)),
  }))
}

Page({
  data: {
    t: words().order, s: words().service, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', number: '', state: '', mark: '', lines: [] as LineRow[],
    total: '', settle: '', rate: '', payLabel: '', payable: false, unsure: false, busy: false, said: '', saidKind: '', paid: false,
    arrival: null as ArrivalRow | null, wayLabel: '', wayFirst: false, fee: '', gift: '', requests: [] as RequestRow[], asks: [] as Action[], until: '', fapiao: null as FapiaoRow | null, fapiaoLabel: '',
  },
  onLoad(query: { id?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.order.title })
    this.setData({ t: t.order, s: t.service, retry: t.common.retry, errorTitle: t.error.title, id: query.id ?? '' })
    void this.load()
  },
  /** Back from one of its forms. */
  onShow() {
    if (this.data.phase === 'ready' && !this.data.busy) void this.load()
  },
  async load() {
    if (this.data.phase !== 'ready') this.setData({ phase: 'loading' })
    try {
      this.show(await readOrder(this.data.id))
      await this.showService()
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
  async showService() { await this.put(await readService(this.data.id)) },
  async put(service: OrderService) {
    const { arrival } = service
    const t = words().service
    const asking: { [kind: string]: string } = t.ask
    const store = arrival.boutique ? (await listBoutiques()).find((one) => one.code === arrival.boutique) : undefined
    const way = wayToSay(service)
    const fapiao = standingFapiao(service)
    const asks = askable(service)
    this.setData({
      arrival: arrivalRow(arrival, store ? storeName(store) : '', !this.data.payable), wayLabel: way && t[way], wayFirst: service.way_first ?? false, fee: service.fee_text ?? '', gift: giftLine(service.gift),
      requests: service.requests.map(requestRow), asks: asks.map((kind) => ({ kind, text: asking[kind] ?? kind })),
      until: service.returns_until && asks.length ? fill(t.until, { day: dayOf(service.returns_until) }) : '',
      fapiao: fapiao ? fapiaoRow(fapiao) : null, fapiaoLabel: fapiaoOpen(service) ? (fapiao ? t.correctFapiao : t.askFapiao) : '',
    }, () => { this.drawCode() })
  },
  /** The code that the counter reads. */
  drawCode() {
    const squares = this.data.arrival?.squares ?? []
    if (squares.length) canvasOf('#code', this, ({ context, width }) => { drawSquares(context, width, squares) })
  },
  copyTracking() {
    const { copied } = words().order
    wx.setClipboardData({ data: this.data.arrival?.tracking ?? '', success: () => { toast(copied) } })
  },
  toWay() { wx.navigateTo({ url: `/pages/order/arrive?id=${this.data.id}` }) },
  toFapiao() { wx.navigateTo({ url: `/pages/order/fapiao?id=${this.data.id}` }) },
  ask(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/order/ask?id=${this.data.id}&kind=${event.currentTarget.dataset['kind'] as string}` })
  },
  openReplacement(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/order/order?id=${event.currentTarget.dataset['id'] as string}` })
  },
  received() { void this.change(() => confirmParcel(this.data.id), words().service.receivedDone) },
  withdraw(event: WechatMiniprogram.TouchEvent) {
    const t = words().service
    const request = event.currentTarget.dataset['id'] as number
    wx.showModal({
      title: t.withdrawTitle, content: event.currentTarget.dataset['title'] as string, confirmText: t.withdraw, cancelText: t.keep,
      success: ({ confirm }) => { if (confirm) void this.change(() => withdrawRequest(this.data.id, request), t.withdrawn) },
    })
  },
  giveUp() {
    const t = words().service
    wx.showModal({
      title: t.giveUpTitle, content: `${this.data.number} · ${this.data.total}`, confirmText: t.giveUp, cancelText: t.keep,
      success: ({ confirm }) => { if (confirm) void this.change(() => giveUpOrder(this.data.id), t.cancelled) },
    })
  },
  /** One change of the order, then all of it as the server has it now. */
  async change(act: () => Promise<unknown>, done: string) {
    if (this.data.busy) return
    this.setData({ busy: true, said: '', saidKind: '' })
    try {
      await act()
      toast(done)
      await this.load()
    } catch (error) {
      this.setData({ said: messageOf(error), saidKind: 'mark-bad' })
    } finally {
      this.setData({ busy: false })
    }
  },
  async pay() {
    if (this.data.busy || this.data.unsure) return
    if (this.data.wayFirst) {
      this.toWay()
      return
    }
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
    await askToNotify('pickup')
    await this.showService()
  },
  toHome() { wx.switchTab({ url: '/pages/home/home' }) },
  toOrders() { wx.switchTab({ url: '/pages/my/my' }) },
})
