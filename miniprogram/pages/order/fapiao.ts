// Asks for an order's tax invoice (fapiao), or puts its fields right until it is issued.
import type { FieldRow } from '../../components/fields/fields'
import type { OptionRow } from '../../components/options/options'
import { askFapiao, readService, type FapiaoWish } from '../../utils/api'
import { words } from '../../utils/language'
import { messageOf, toast, type Phase } from '../../utils/page'
import { fapiaoOpen, standingFapiao } from '../../utils/service'

const EMPTY: FapiaoWish = { buyer: 'person', title: '', tax_number: '', email: '' }

function fieldsOf(wish: FapiaoWish): FieldRow[] {
  const t = words().service
  const company = wish.buyer === 'company'
  const row = (name: keyof FapiaoWish, label: string, max: number): FieldRow => ({ name, label, type: 'text', max, value: wish[name], hint: '' })
  return [
    row('title', company ? t.titleOf.company : t.titleOf.person, 100),
    ...(company ? [row('tax_number', t.taxNumber, 24)] : []),
    row('email', t.email, 120),
  ]
}

function buyersOf(): OptionRow[] {
  const { buyers } = words().service
  return [{ value: 'person', title: buyers.person, note: '' }, { value: 'company', title: buyers.company, note: '' }]
}

Page({
  data: {
    t: words().service, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', buyers: [] as OptionRow[], buyer: 'person',
    fields: [] as FieldRow[], busy: false, refused: '',
  },
  wish: EMPTY,
  onLoad(query: { id?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.service.fapiao })
    this.setData({ t: t.service, retry: t.common.retry, errorTitle: t.error.title, id: query.id ?? '', buyers: buyersOf() })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const service = await readService(this.data.id)
      const asked = standingFapiao(service)
      this.wish = asked ? { buyer: asked.buyer, title: asked.title, tax_number: asked.tax_number, email: asked.email } : EMPTY
      this.setData({ phase: fapiaoOpen(service) ? 'ready' : 'empty', buyer: this.wish.buyer, fields: fieldsOf(this.wish) })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  chooseBuyer(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.wish = { ...this.wish, buyer: event.detail.value }
    this.setData({ buyer: this.wish.buyer, fields: fieldsOf(this.wish), refused: '' })
  },
  write(event: WechatMiniprogram.CustomEvent<{ name: keyof FapiaoWish; value: string }>) {
    this.wish = { ...this.wish, [event.detail.name]: event.detail.value }
    if (this.data.refused) this.setData({ refused: '' })
  },
  async save() {
    if (this.data.busy) return
    this.setData({ busy: true, refused: '' })
    try {
      const { wish } = this
      await askFapiao(this.data.id, wish.buyer === 'person' ? { ...wish, tax_number: '' } : wish)
      toast(words().service.saved)
      wx.navigateBack()
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
})
