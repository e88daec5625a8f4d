// What belongs to the person: orders, the last plan, privacy choices, the language, and checking in at a store.
import { checkIn, listAppointments, listConsents, listOrders, recordConsent } from '../../utils/api'
import { upcoming } from '../../utils/appointments'
import { checkInCode } from '../../utils/checkin'
import { dayLabel, momentLabel } from '../../utils/days'
import { chooseLanguage, currentLanguage, words, type Language } from '../../utils/language'
import { messageOf, nameTabs, toast } from '../../utils/page'
import { formatMoney } from '../../utils/money'
import { targetsOf } from '../../utils/scenes'
import { lastTrip } from '../../utils/saved'
import type { Order } from '../../utils/types'

const LANGUAGES: { code: Language; name: string }[] = [
  { code: 'zh', name: '简体中文' }, { code: 'en', name: 'English' }, { code: 'it', name: 'Italiano' },
]

interface OrderRow { id: string; number: string; state: string; total: string }
interface Choice { purpose: string; name: string; granted: boolean }

function orderRow(order: Order): OrderRow {
  const states: { [name: string]: string } = words().order.states
  return {
    id: String(order.order_id), number: order.number, state: states[order.state] ?? order.state,
    total: order.total_text ?? formatMoney(order.total, order.currency),
  }
}

Page({
  data: {
    t: words().my, orders: [] as OrderRow[], loading: true, problem: '', last: '', lastId: '', languages: LANGUAGES, language: 'zh' as Language,
    choices: [] as Choice[], scanned: '', scannedKind: '', visit: '', common: words().common, errorTitle: '',
  },
  onShow() {
    nameTabs()
    const t = words()
    const last = lastTrip()
    wx.setNavigationBarTitle({ title: t.my.title })
    this.setData({
      t: t.my, common: t.common, errorTitle: t.error.title, language: currentLanguage(), lastId: last ? last.id : '',
      last: last ? dayLabel(last.day, currentLanguage()) : '',
    })
    void this.load()
  },
  async load() {
    try {
      const [orders, consents, appointments] = await Promise.all([listOrders(), listConsents(), listAppointments()])
      const next = upcoming(appointments, new Date())[0]
      const granted = new Map(consents.map((consent) => [consent.purpose, consent.granted]))
      this.setData({
        loading: false, problem: '', orders: orders.map(orderRow), visit: next ? momentLabel(next.starts_at, currentLanguage()) : words().my.noVisits,
        choices: Object.entries(words().my.purposes).map(([purpose, name]) => ({ purpose, name, granted: granted.get(purpose) ?? false })),
      })
    } catch (error) {
      this.setData({ loading: false, problem: messageOf(error) })
    }
  },
  openOrder(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/order/order?id=${event.currentTarget.dataset['id'] as string}` })
  },
  openPlan() { wx.navigateTo({ url: `/pages/day/day?trip=${this.data.lastId}` }) },
  openChat() { wx.navigateTo({ url: '/pages/chat/chat' }) },
  openPrivacy() { wx.navigateTo({ url: '/pages/privacy/privacy' }) },
  openVisits() { wx.navigateTo({ url: '/pages/appointment/appointment' }) },
  openMembership() { wx.navigateTo({ url: '/pages/loyalty/loyalty' }) },
  retry() {
    this.setData({ loading: true, problem: '' })
    void this.load()
  },
  chooseLanguage(event: WechatMiniprogram.TouchEvent) {
    chooseLanguage(event.currentTarget.dataset['code'] as Language)
    this.onShow()
  },
  async consent(event: WechatMiniprogram.CustomEvent<{ value: boolean }>) {
    const purpose = event.currentTarget.dataset['purpose'] as string
    const granted = event.detail.value
    const show = (value: boolean): void => {
      this.setData({ choices: this.data.choices.map((choice) => (choice.purpose === purpose ? { ...choice, granted: value } : choice)) })
    }
    show(granted)
    try {
      await recordConsent(purpose, granted)
      toast(words().my.saved)
    } catch (error) {
      show(!granted)
      toast(messageOf(error))
    }
  },
  scan() {
    wx.scanCode({
      success: ({ result }) => { this.use(result) },
      fail: () => undefined, // closed without scanning
    })
  },
  /** One of our printed codes opens its page; anything else is a store's door. */
  use(scanned: string) {
    if (targetsOf(scanned).length) wx.navigateTo({ url: `/pages/scan/scan?q=${encodeURIComponent(scanned)}` })
    else void this.checkIn(scanned)
  },
  async checkIn(scanned: string) {
    try {
      await checkIn(checkInCode(scanned))
      this.setData({ scanned: words().my.checkedIn, scannedKind: 'mark-ok' })
    } catch (error) {
      this.setData({ scanned: messageOf(error), scannedKind: 'mark-bad' })
    }
  },
})
