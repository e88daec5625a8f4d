// The tax of purchases: today's rule with its source, what to do in order, and what a traveller's receipts come to.
import type { FieldRow } from '../../components/fields/fields'
import { assessPurchases, readTaxRefund } from '../../utils/api'
import { dayTitle, milanDay } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { formatMoney } from '../../utils/money'
import { messageOf, type Phase } from '../../utils/page'
import { centsOf } from '../../utils/tax'
import type { TaxReceipt, TaxRule } from '../../utils/types'
import { cardTo } from '../../utils/sharing'

const DAY_MS = 86_400_000
const STAY_DAYS = 7
const RECEIPTS_MAX = 20
const LIVES = { outside: 'CN', inside: 'IT' } // the rule asks only whether one lives in the Union

interface Receipt { key: number; fields: FieldRow[]; bought: string; boughtText: string; remove: string; said: string; kind: string }
interface Fact { name: string; value: string }

const euro = (cents: number): string => formatMoney(cents, 'EUR')
const dayText = (day: string): string => dayTitle(day, currentLanguage())

function factsOf(rule: TaxRule): Fact[] {
  const t = words().tax
  return [
    { name: t.over, value: fill(t.overValue, { amount: euro(rule.over_cents) }) }, { name: t.rate, value: `${rule.vat_percent}%` },
    { name: t.leave, value: fill(t.leaveValue, { n: rule.leave_months }) },
  ]
}

const typed = (receipt: Receipt, name: string): string => receipt.fields.find((row) => row.name === name)!.value

function newReceipt(key: number, day: string): Receipt {
  const t = words().tax
  const fields: FieldRow[] = [
    { name: 'amount', label: `${t.amount} ${key}`, value: '', type: 'digit', max: 12, hint: '120,00' },
    { name: 'shop', label: `${t.shop} ${key}`, value: '', type: 'text', max: 80, hint: '' },
  ]
  return { key, fields, bought: day, boughtText: dayText(day), remove: `${t.remove} ${key}`, said: '', kind: '' }
}

function told(receipt: Receipt, answer: TaxReceipt): Receipt {
  const t = words().tax
  const details = [
    answer.vat_at_most ? fill(t.most, { amount: euro(answer.vat_at_most) }) : '',
    answer.short_by ? fill(t.short, { amount: euro(answer.short_by) }) : '',
    answer.vat_at_most && answer.leave_by ? fill(t.leaveBy, { day: dayText(answer.leave_by) }) : '',
  ]
  return { ...receipt, said: [answer.text, ...details].filter(Boolean).join(' · '), kind: answer.verdict === 'refund' ? 'mark-ok' : 'mark-warn' }
}

Page({
  data: {
    t: words().tax, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', facts: [] as Fact[], steps: [] as { code: string; text: string }[], source: '',
    today: '', leaves: '', leavesText: '', lives: 'outside' as keyof typeof LIVES, receipts: [] as Receipt[], full: false, busy: false, refused: '', total: '', proof: '',
  },
  onLoad() {
    const t = words()
    const today = milanDay(new Date())
    const leaves = milanDay(new Date(Date.now() + STAY_DAYS * DAY_MS))
    wx.setNavigationBarTitle({ title: t.tax.title })
    this.setData({
      t: t.tax, retry: t.common.retry, errorTitle: t.error.title, today, leaves, leavesText: dayText(leaves), receipts: [newReceipt(1, today)],
    })
    void this.load()
  },
  onShareAppMessage() { return cardTo('tax-refund', words().tax.title) },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const { today: rule, steps } = await readTaxRefund()
      this.setData({
        phase: 'ready', facts: rule ? factsOf(rule) : [], steps,
        source: rule ? fill(words().tax.source, { source: rule.source, day: rule.checked_on }) : '',
      })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  /** What was said no longer holds once anything is changed. */
  change(key: number, fields: Partial<Receipt>) {
    this.setData({ receipts: this.data.receipts.map((one) => ({ ...one, said: '', ...(one.key === key ? fields : {}) })), total: '', proof: '', refused: '' })
  },
  write(event: WechatMiniprogram.CustomEvent<{ name: string; value: string }>) {
    const { name, value } = event.detail
    const key = event.currentTarget.dataset['key'] as number
    const fields = this.data.receipts.find((one) => one.key === key)?.fields ?? []
    this.change(key, { fields: fields.map((row) => (row.name === name ? { ...row, value } : row)) })
  },
  chooseBought(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    const bought = event.detail.value
    this.change(event.currentTarget.dataset['key'] as number, { bought, boughtText: dayText(bought) })
  },
  chooseLeaves(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ leaves: event.detail.value, leavesText: dayText(event.detail.value) })
    this.change(0, {})
  },
  chooseLives(event: WechatMiniprogram.TouchEvent) {
    this.setData({ lives: event.currentTarget.dataset['value'] as keyof typeof LIVES })
    this.change(0, {})
  },
  add() {
    this.change(0, {})
    const { receipts, today } = this.data
    const next = [...receipts, newReceipt(Math.max(0, ...receipts.map((one) => one.key)) + 1, today)]
    this.setData({ receipts: next, full: next.length >= RECEIPTS_MAX })
  },
  remove(event: WechatMiniprogram.TouchEvent) {
    const key = event.currentTarget.dataset['key'] as number
    this.change(0, {})
    this.setData({ receipts: this.data.receipts.filter((one) => one.key !== key), full: false })
  },
  async assess() {
    if (this.data.busy) return
    const t = words().tax
    const { receipts, leaves, lives } = this.data
    const amounts = receipts.map((one) => centsOf(typed(one, 'amount')))
    if (amounts.some((amount) => !amount)) {
      this.setData({ refused: t.enter })
      return
    }
    this.setData({ busy: true, refused: '' })
    try {
      const answer = await assessPurchases({
        lives_in: LIVES[lives], leaves_on: leaves,
        receipts: receipts.map((one, index) => ({ shop: typed(one, 'shop'), amount: amounts[index]!, bought_on: one.bought })),
      })
      this.setData({
        receipts: receipts.map((one, index) => told(one, answer.receipts[index]!)), total: answer.vat_at_most ? fill(t.total, { amount: euro(answer.vat_at_most) }) : '',
        proof: answer.proof_by ? fill(t.proof, { day: dayText(answer.proof_by) }) : '',
      })
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
})
