// What an associate put together for a client: the pieces at today's prices, where to collect them, and the order.
import { checkOut, listBoutiques, openBag, readTerms } from '../../utils/api'
import { linesOf, totalOf } from '../../utils/bags'
import { momentLabel } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, picture, storeName, type Phase } from '../../utils/page'
import { newKey } from '../../utils/paying'
import type { PreparedBag } from '../../utils/types'

interface Row { key: string; code: string; name: string; label: string; image: string; quantity: string; amount: string; mark: string; gone: boolean }
interface Counter { code: string; name: string; address: string }

function rowsOf(bag: PreparedBag): Row[] {
  const t = words().bag
  return bag.lines.map((line) => ({
    key: String(line.variant_id), code: line.product_code, name: line.name, label: line.label, image: picture(line.image), quantity: `× ${line.quantity}`,
    amount: line.amount_text, gone: line.amount === null, mark: line.amount === null ? t.gone : line.has_changed ? t.changed : '',
  }))
}

/** The stores that hand orders over, as their own list names them. */
async function counters(): Promise<Counter[]> {
  const [terms, stores] = await Promise.all([readTerms(), listBoutiques()])
  return stores.filter((store) => terms.pickup_at.includes(store.code ?? '')).map((store) => ({
    code: store.code!, name: storeName(store), address: store.address,
  }))
}

Page({
  data: {
    t: words().bag, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', token: '', note: '', until: '', rows: [] as Row[], total: '',
    counters: [] as Counter[], pickup: '', sellable: false, busy: false, refused: '',
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
        counters: places, pickup: places[0]?.code ?? '',
      })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  choose(event: WechatMiniprogram.TouchEvent) { this.setData({ pickup: event.currentTarget.dataset['code'] as string }) },
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
  toBoutique() { wx.switchTab({ url: '/pages/boutique/boutique' }) },
})
