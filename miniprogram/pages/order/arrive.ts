// How an order reaches its client: an address, or a store to collect it from.
import type { FieldRow } from '../../components/fields/fields'
import type { OptionRow } from '../../components/options/options'
import { chooseWay, readService, readTerms, type DeliveryTerms } from '../../utils/api'
import { counters } from '../../utils/counters'
import { fill, words } from '../../utils/language'
import { formatMoney } from '../../utils/money'
import { messageOf, toast, type Phase } from '../../utils/page'
import { addressOf, wayToSay } from '../../utils/service'
import type { Address } from '../../utils/types'

const EMPTY: Address = { recipient: '', phone: '', region: '', street: '', postcode: '', country: 'CN' }

function fieldsOf(address: Address): FieldRow[] {
  const t = words().service
  const row = (name: keyof Address, label: string, type: string, max: number): FieldRow => ({ name, label, type, max, value: address[name], hint: '' })
  return [
    row('recipient', t.recipient, 'text', 40), row('phone', t.phone, 'text', 20), row('region', t.region, 'text', 80),
    row('street', t.street, 'text', 120), row('postcode', t.postcode, 'text', 12),
  ]
}

/** What sending to a country costs, while it can still be paid with the order. */
function costOf({ delivery_fee: fee, free_from: from }: DeliveryTerms): string {
  const t = words().service
  if (!fee) return t.feeNone
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
    fields: [] as FieldRow[], stores: [] as OptionRow[], store: '', cost: '', countries: [] as DeliveryTerms[], country: '', busy: false, refused: '',
  },
  address: EMPTY,
  asks: false, // whether what sending costs is paid with the order still
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
      const { countries } = await readTerms()
      this.asks = service.way_first || (service.state === 'placed' && countries.length > 1)
      this.address = service.arrival.address ?? EMPTY
      this.setData({
        phase: still ? 'ready' : 'empty', fields: fieldsOf(this.address), countries, stores, store: stores[0]?.value ?? '',
      })
      this.goTo(this.address.country)
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  /** Says what sending to a country costs, before anything is paid. */
  goTo(country: string) {
    this.address = { ...this.address, country }
    const terms = this.data.countries.find((one) => one.code === country) ?? this.data.countries[0]
    const cost = terms && this.asks ? costOf(terms) : ''
    this.setData({ country, cost, ways: this.data.stores.length ? waysOf(cost) : [], refused: '' })
  },
  chooseCountry(event: WechatMiniprogram.TouchEvent) { this.goTo(event.currentTarget.dataset['code'] as string) },
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
        this.setData({ fields: fieldsOf(this.address) })
        this.goTo(this.address.country)
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
