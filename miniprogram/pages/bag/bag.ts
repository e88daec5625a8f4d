// What an associate put together for a client: the pieces at today's prices, where to collect them, and the order.
import type { OptionRow } from '../../components/options/options'
import { checkOut, openBag } from '../../utils/api'
import { linesOf, totalOf } from '../../utils/bags'
import { counters } from '../../utils/counters'
import { momentLabel } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, picture, type Phase } from '../../utils/page'
import { newKey } from '../../utils/paying'
import type { PreparedBag } from '../../utils/types'

interface Row { key: string; code: string; name: string; label: string; image: string; quantity: string; amount: string; mark: string; gone: boolean }

function rowsOf(bag: PreparedBag): Row[] {
  const t = words().bag
  return bag.lines.map((line) => ({
    key: String(line.variant_id), code: line.product_code, name: line.name, label: line.label, image: picture(line.image), quantity: `× ${line.quantity}`,
    amount: line.amount_text, gone: line.amount === null, mark: line.amount === null ? t.gone : line.has_changed ? t.changed : '',
  }))
}

Page({
  data: {
    t: words().bag, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', token: '', note: '', until: '', rows: [] as Row[], total: '',
    counters: [] as OptionRow[], pickup: '', sellable: false, busy: false, refused: '',
  },
  bag: null as PreparedBag | null,
  key: '', // of the order being placed; kept until it is known to be placed
  onLoad(query: { token?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.bag.title })
    this.setData({ t: t.bag, retry: t.common.retry, errorTitle: t.error.title, token: query.token ?? '' })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const [bag, places] = await Promise.all([openBag(this.data.token), counters()])
      this.bag = bag
      this.setData({
        phase: bag.lines.length ? 'ready' : 'empty', note: bag.note, rows: rowsOf(bag), total: totalOf(bag), sellable: linesOf(bag).length > 0,
        until: fill(words().bag.until, { at: momentLabel(bag.expires_at, currentLanguage()) }),
        counters: places, pickup: places[0]?.value ?? '',
      })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  choose(event: WechatMiniprogram.CustomEvent<{ value: string }>) { this.setData({ pickup: event.detail.value }) },
  open(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/product/product?code=${event.currentTarget.dataset['code'] as string}` })
  },
  async order() {
    if (this.data.busy || !this.bag) return
    this.setData({ busy: true, refused: '' })
    try {
      this.key ||= newKey()
      const placed = await checkOut({ lines: linesOf(this.bag), pickup_at: this.data.pickup, bag: this.data.token, key: this.key })
      this.key = ''
      wx.redirectTo({ url: `/pages/order/order?id=${placed.order_id}` })
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
  tryOn() { wx.navigateTo({ url: `/pages/appointment/appointment?bag=${this.data.token}` }) },
  toBoutique() { wx.switchTab({ url: '/pages/boutique/boutique' }) },
})
