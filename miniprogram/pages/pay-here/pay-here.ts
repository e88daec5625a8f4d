// A boutique's printed code: the client enters an amount, sees whose it is and what it is worth, and pays.
import { payAtCode, readCode, readCodePayment } from '../../utils/api'
import { formatMoney } from '../../utils/money'
import { fill, words } from '../../utils/language'
import { messageOf, type Phase } from '../../utils/page'
import { codeFrom, fenOf, newKey, payOnSheet } from '../../utils/paying'
import { pollUntil } from '../../utils/polling'
import { isOffline } from '../../utils/saved'
import type { CodePayment, PayCode } from '../../utils/types'

const OPEN = ['requires_confirmation', 'processing', 'requires_action', 'unknown']

Page({
  data: {
    t: words().payHere, check: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', code: '', house: '', title: '', rate: '', amount: '',
    worth: '', payLabel: '', busy: false, unsure: false, said: '', saidKind: '', paid: false, paidText: '', settleText: '', number: '',
  },
  found: null as PayCode | null,
  key: '',
  keyAmount: 0,
  opened: 0,
  onLoad(query: { [name: string]: string | undefined }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.payHere.title })
    this.setData({ t: t.payHere, check: t.order.check, retry: t.common.retry, errorTitle: t.error.title, code: codeFrom(query) })
    this.label()
    void this.load()
  },
  async load() {
    if (!this.data.code) {
      this.setData({ phase: 'error', problem: words().payHere.unknown })
      return
    }
    this.setData({ phase: 'loading' })
    try {
      this.found = await readCode(this.data.code)
      this.setData({ phase: 'ready', house: this.found.house, title: this.found.title, rate: this.found.rate_text })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  type(event: { detail: { value: string } }) {
    this.setData({ amount: event.detail.value, said: '' })
    this.label()
  },
  /** The button says what will be paid; below the amount stands what the house receives, about. */
  label() {
    const t = words().payHere
    const fen = fenOf(this.data.amount)
    const { rate = null, rate_scale = 1, settle_currency = '' } = this.found ?? {}
    const worth = fen && rate ? `≈ ${formatMoney(Math.round((fen * rate) / rate_scale), settle_currency)}` : ''
    this.setData({ worth, payLabel: fen ? fill(t.pay, { amount: formatMoney(fen, 'CNY') }) : t.payEmpty })
  },
  /** What is wrong with the amount, in words; empty when it can be paid. */
  wrong(fen: number | null): string {
    const t = words().payHere
    if (fen === null) return t.enter
    if (fen <= 0) return t.notPositive
    const most = this.found?.amount_max ?? 0
    return fen > most ? fill(t.tooLarge, { most: formatMoney(most, 'CNY') }) : ''
  },
  async pay() {
    if (this.data.busy || this.data.paid || this.data.unsure) return
    const t = words().payHere
    const fen = fenOf(this.data.amount)
    const wrong = this.wrong(fen)
    if (wrong || fen === null) {
      this.setData({ said: wrong, saidKind: 'mark-bad' })
      return
    }
    if (!this.key || this.keyAmount !== fen) {
      this.key = newKey()
      this.keyAmount = fen
    }
    this.setData({ busy: true, said: t.paying, saidKind: 'muted' })
    this.opened = 0
    try {
      const opened = await payAtCode(this.data.code, fen, this.key)
      this.opened = opened.payment.id
      const outcome = await payOnSheet(opened.pay)
      if (outcome === 'cancelled') this.setData({ said: t.cancelled, saidKind: 'muted' })
      else if (outcome === 'failed') this.setData({ said: t.notPaid, saidKind: 'mark-bad' })
      else await this.awaitProof(opened.payment.id)
    } catch (error) {
      this.tell(error)
    } finally {
      this.setData({ busy: false })
    }
  },
  /** Asks about a payment whose end was not heard; never opens the sheet. */
  async check() {
    if (this.data.busy) return
    this.setData({ busy: true })
    try {
      await this.awaitProof(this.opened)
      this.setData({ unsure: false })
    } catch (error) {
      this.tell(error)
    } finally {
      this.setData({ busy: false })
    }
  },
  /** What a lost network means depends on whether the sheet had been opened. */
  tell(error: unknown) {
    const t = words().order
    if (isOffline(error)) this.setData({ unsure: this.opened > 0, said: this.opened ? t.unsure : t.unsent, saidKind: 'mark-warn' })
    else this.setData({ said: messageOf(error), saidKind: 'mark-bad' })
  },
  /** The phone's word is not proof: only the server's state is. */
  async awaitProof(id: number) {
    const t = words().payHere
    this.setData({ said: t.checking, saidKind: 'muted' })
    const payment = await pollUntil(() => readCodePayment(id), (read) => !OPEN.includes(read.state))
    if (payment.state === 'succeeded') this.showPaid(payment)
    else this.setData({ said: OPEN.includes(payment.state) ? t.slow : t.notPaid, saidKind: 'muted' })
  },
  showPaid(payment: CodePayment) {
    this.setData({
      paid: true, said: '', paidText: payment.amount_text, settleText: `≈ ${payment.settle_text}`, number: payment.number,
    })
  },
  again() {
    this.key = ''
    this.setData({ paid: false, amount: '', said: '' })
    this.label()
  },
})
