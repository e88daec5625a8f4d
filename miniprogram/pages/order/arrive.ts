// How an order reaches its client: an address, or a store to collect it from.
import type { FieldRow } from '../../components/fields/fields'
import type { OptionRow } from '../../components/options/options'
import { chooseWay, readService, readTerms } from '../../utils/api'
import { counters } from '../../utils/counters'
import { fill, words } from '../../utils/language'
import { formatMoney } from '../../utils/money'
import { messageOf, toast, type Phase } from '../../utils/page'
import { addressOf, wayToSay } from '../../utils/service'
import type { Address, OrderService } from '../../utils/types'

const EMPTY: Address = { recipient: '', phone: '', region: '', street: '', postcode: '', country: 'CN' }

function fieldsOf(address: Address): FieldRow[] {
  const t = words().service
  const row = (name: keyof Address, label: string, type: string, max: number): FieldRow => ({ name, label, type, max, value: address[name], hint: '' })
  return [
    row('recipient', t.recipient, 'text', 40), row('phone', t.phone, 'text', 20), row('region', t.region, 'text', 80),
    row('street', t.street, 'text', 120), row('postcode', t.postcode, 'text', 12),
  ]
}

/** What sending costs, while it can still be paid with the order. */
async function costOf(service: OrderService): Promise<string> {
  if (!service.way_first) return ''
  const t = words().service
  const { delivery_fee: fee, free_from: from } = await readTerms()
  const amount = formatMoney(fee, 'CNY')
  return from ? fill(t.feeUntil, { amount, from: formatMoney(from, 'CNY') }) : fill(t.feeOf, { amount })
}

function waysOf(cost: string): OptionRow[] {
  const { ways, wayNotes } = words().service
  return [{ value: 'delivery', title: ways.delivery, note: cost || wayNotes.delivery }, { value: 'pickup', title: ways.pickup, note: wayNotes.pickup }]
}

Page({
  data: {
    t: words().service, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', ways: [] as OptionRow[], way: 'delivery',
    fields: [] as FieldRow[], stores: [] as OptionRow[], store: '', cost: '', busy: false, refused: '',
  },
  address: EMPTY,
  onLoad(query: { id?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.service.way })
    this.setData({ t: t.service, retry: t.common.retry, errorTitle: t.error.title, id: query.id ?? '' })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const service = await readService(this.data.id)
      const still = wayToSay(service)
      const stores = still === 'choose' ? await counters() : []
      const cost = await costOf(service)
      this.address = service.arrival.address ?? EMPTY
      this.setData({
        phase: still ? 'ready' : 'empty', fields: fieldsOf(this.address), ways: stores.length ? waysOf(cost) : [], cost, stores,
        store: stores[0]?.value ?? '',
      })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  chooseWay(event: WechatMiniprogram.CustomEvent<{ value: string }>) { this.setData({ way: event.detail.value, refused: '' }) },
  chooseStore(event: WechatMiniprogram.CustomEvent<{ value: string }>) { this.setData({ store: event.detail.value }) },
  write(event: WechatMiniprogram.CustomEvent<{ name: keyof Address; value: string }>) {
    this.address = { ...this.address, [event.detail.name]: event.detail.value }
    if (this.data.refused) this.setData({ refused: '' })
  },
  /** Only when the person picks one does WeChat hand an address over. */
  fromWeChat() {
    wx.chooseAddress({
      success: (chosen) => {
        this.address = addressOf(chosen)
        this.setData({ fields: fieldsOf(this.address), refused: '' })
      },
      fail: () => undefined, // closed without choosing; the form is there to write in
    })
  },
  async save() {
    if (this.data.busy) return
    this.setData({ busy: true, refused: '' })
    try {
      await chooseWay(this.data.id, this.data.way === 'pickup' ? { pickup_at: this.data.store } : { address: this.address })
      toast(words().service.saved)
      wx.navigateBack()
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
})
