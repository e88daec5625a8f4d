// One piece: its versions, price in CNY beside EUR, and the order. Who shared it stays with the order; sharing earns nothing.
import { placeOrder, readProduct } from '../../utils/api'
import { formatMoney } from '../../utils/money'
import { canBuy, firstChoice, tagsOf } from '../../utils/variants'
import { fill, words } from '../../utils/language'
import { messageOf, picture, type Phase } from '../../utils/page'
import { cardTo, isAlone, postOf } from '../../utils/sharing'
import type { Picture, Variant } from '../../utils/types'

const QUANTITY_MAX = 9

interface Choice { id: string; label: string; chosen: boolean; soldOut: boolean }

Page({
  data: {
    t: words().product, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', code: '', source: '', name: '', description: '', pictures: [] as Picture[], seen: '', image: '', aloneNote: '',
    choices: [] as Choice[], variant: '', price: '', settle: '', tags: '', stock: '', sale: '', closed: '', most: 1, quantity: 1, busy: false, refused: '',
  },
  variants: [] as Variant[],
  key: '', // of the order being placed; kept until it is known to be placed
  onLoad(query: { code?: string; source?: string; s?: string; scene?: string; title?: string; image?: string }) {
    const t = words()
    const source = decodeURIComponent(query.source ?? query.s ?? query.scene ?? '')
    wx.setNavigationBarTitle({ title: t.product.title })
    this.setData({ t: t.product, retry: t.common.retry, errorTitle: t.error.title, code: query.code ?? '', source })
    if (isAlone()) this.showAlone(decodeURIComponent(query.title ?? ''), decodeURIComponent(query.image ?? ''))
    else void this.load()
  },
  /** The picture is only one of our own server: anybody can write an address. */
  showAlone(name: string, image: string) {
    this.setData({ phase: 'alone', name, image: image.startsWith('/') ? picture(image) : '', aloneNote: words().common.alone })
  },
  onShareAppMessage() { return cardTo('product', this.data.name, { code: this.data.code }, this.data.pictures[0]?.src) },
  onShareTimeline() {
    const { name, code, image } = this.data
    return postOf(name, { code, title: name, image }, this.data.pictures[0]?.src)
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const product = await readProduct(this.data.code)
      this.variants = product.variants
      const shown = product.pictures?.length ? product.pictures : [{ src: product.image, alt: product.name }]
      const pictures = shown.map((one) => ({ src: picture(one.src), alt: one.alt }))
      this.setData({ phase: 'ready', name: product.name, description: product.description, pictures, image: shown[0]!.src })
      this.see(0)
      const first = firstChoice(product.variants)
      if (first) this.show(first)
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  show(variant: Variant) {
    const t = words().product
    const sale = variant.sale?.text ?? ''
    const open = (variant.sale?.state ?? 'open') === 'open'
    const most = Math.max(1, Math.min(QUANTITY_MAX, variant.stock))
    this.setData({
      variant: String(variant.id),
      choices: this.variants.map((one: Variant) => ({ id: String(one.id), label: one.label, chosen: one.id === variant.id, soldOut: !canBuy(one) })),
      price: variant.price_text || formatMoney(variant.price, variant.currency),
      settle: variant.settle_text,
      tags: tagsOf(variant),
      stock: !open ? '' : variant.stock > 0 ? fill(t.stock, { n: variant.stock }) : t.soldOut,
      sale: open ? sale : '', closed: open ? (variant.stock > 0 ? '' : t.soldOut) : sale,
      most, quantity: Math.min(this.data.quantity, most), refused: '',
    })
  },
  see(at: number) { this.setData({ seen: `${at + 1} / ${this.data.pictures.length}` }) },
  turn(event: WechatMiniprogram.CustomEvent<{ current: number }>) { this.see(event.detail.current) },
  choose(event: WechatMiniprogram.TouchEvent) {
    const id = event.currentTarget.dataset['id'] as string
    const variant = this.variants.find((one: Variant) => String(one.id) === id)
    if (variant) this.show(variant)
  },
  fewer() { this.setData({ quantity: Math.max(1, this.data.quantity - 1) }) },
  more() { this.setData({ quantity: Math.min(this.data.most, this.data.quantity + 1) }) },
  async buy() {
    if (this.data.busy) return
    this.setData({ busy: true, refused: '' })
    try {
      const variant = this.variants.find((one: Variant) => String(one.id) === this.data.variant)
      if (!variant) return
      this.key ||= `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 10)}`
      const line = { variant_id: variant.id, quantity: this.data.quantity, seen_amount: variant.price }
      const order = await placeOrder({ lines: [line], source: this.data.source, key: this.key })
      this.key = ''
      wx.navigateTo({ url: `/pages/order/order?id=${order.order_id}` })
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
  /** A visit to try on the version that is shown; the store keeps it ready. */
  visit() {
    const label = this.data.choices.find((one) => one.chosen)?.label ?? ''
    const piece = encodeURIComponent([this.data.name, this.data.choices.length > 1 ? label : ''].filter(Boolean).join(' · '))
    wx.navigateTo({ url: `/pages/appointment/appointment?variant=${this.data.variant}&piece=${piece}` })
  },
})
