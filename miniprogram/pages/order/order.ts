// One order: what it holds, its payment by WeChat Pay, and the state the server proved.
import { payOrder, readOrder } from '../../utils/api'
import { formatMoney } from '../../utils/money'
import { fill, words } from '../../utils/language'
import { messageOf, type Phase } from '../../utils/page'
import { payOnSheet } from '../../utils/paying'
import { pollUntil } from '../../utils/polling'
import { askToNotify } from '../../utils/subscribing'
import type { Order } from '../../utils/types'

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

Page({
  data: {
    t: words().order, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', number: '', state: '', mark: '', lines: [] as LineRow[],
    total: '', settle: '', rate: '', payLabel: '', payable: false, busy: false, said: '', saidKind: '', paid: false,
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
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  show(order: Order) {
    const t = words().order
    const states: { [name: string]: string } = t.states
    const total = order.total_text ?? formatMoney(order.total, order.currency)
    const paid = order.state === 'paid'
    this.setData({
      phase: 'ready', number: order.number, state: states[order.state] ?? order.state, paid, total, payable: TO_BE_PAID.includes(order.state),
      mark: paid ? 'mark-ok' : 'muted', lines: lineRows(order), settle: order.settle_text ?? '', rate: order.rate_text ?? '',
      payLabel: fill(t.pay, { amount: total }),
    })
  },
  async pay() {
    if (this.data.busy) return
    const t = words().order
    this.setData({ busy: true, said: t.paying, saidKind: 'muted' })
    try {
      const outcome = await payOnSheet(await payOrder(this.data.id))
      if (outcome === 'cancelled') this.setData({ said: t.cancelled, saidKind: 'muted' })
      else if (outcome === 'failed') this.setData({ said: t.notPaid, saidKind: 'mark-bad' })
      else await this.awaitProof()
    } catch (error) {
      this.setData({ said: messageOf(error), saidKind: 'mark-bad' })
    } finally {
      this.setData({ busy: false })
    }
  },
  /** The phone's word is not proof: only the server's state is. */
  async awaitProof() {
    const t = words().order
    this.setData({ said: t.checking, saidKind: 'muted' })
    const order = await pollUntil(() => readOrder(this.data.id), (read) => !TO_BE_PAID.includes(read.state))
    this.show(order)
    const proven = !TO_BE_PAID.includes(order.state)
    this.setData({ said: proven ? t.thanks : t.slow, saidKind: proven ? 'mark-ok' : 'muted' })
    if (proven) await askToNotify('order')
  },
  toHome() { wx.switchTab({ url: '/pages/home/home' }) },
  toOrders() { wx.switchTab({ url: '/pages/my/my' }) },
})
