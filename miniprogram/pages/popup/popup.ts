// A pop-up in its own colour: what it is, when and where, and its pieces while it is open.
import { listPopups, orderPopup, readPopup, visitPopup } from '../../utils/api'
import { fill, words } from '../../utils/language'
import { messageOf, picture, type Phase } from '../../utils/page'
import { newKey } from '../../utils/paying'
import { popupLine, popupScanned } from '../../utils/popups'
import { known } from '../../utils/request'
import { scannedIn } from '../../utils/scenes'
import { firstChoice } from '../../utils/variants'
import type { PopupFull, Product, Variant } from '../../utils/types'
import { cardTo } from '../../utils/sharing'

interface Piece {
  code: string
  name: string
  description: string
  image: string
  versions: { id: string; label: string; chosen: boolean; gone: boolean }[]
  price: string
  stock: string
  gone: boolean
  spoken: string
}

function pieceOf(product: Product, chosen: Variant): Piece {
  const t = words().popup
  const gone = chosen.stock <= 0
  return {
    code: product.code, name: product.name, description: product.description, image: picture(product.image), price: chosen.price_text, gone,
    versions: product.variants.map((one) => ({ id: String(one.id), label: one.label, chosen: one.id === chosen.id, gone: one.stock <= 0 })),
    stock: gone ? t.soldOut : fill(t.left, { n: chosen.stock }), spoken: fill(t.buyNamed, { name: product.name }),
  }
}

/** The pop-up that the mini program or a code names, with the scene that visits and orders tell; null for none. */
async function popupOf(code: string, scanned: string): Promise<{ popup: PopupFull; scene: string } | null> {
  const found = scanned ? await popupScanned(scanned) : null
  const popup = found || code ? await known(readPopup(found?.code ?? code)) : null
  return popup && { popup, scene: found?.scene ?? '' }
}

Page({
  data: {
    t: words().popup, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', code: '', scanned: '', title: '', intro: '', cover: '', theme: '',
    line: '', state: '', place: '', placeCode: '', placeKind: '', open: false, pieces: [] as Piece[], others: [] as { code: string; title: string; line: string }[], busy: '', refused: '', refusedFor: '',
  },
  popup: null as PopupFull | null,
  scene: '',
  chosen: {} as { [product: string]: Variant },
  key: '', // of the order being placed; kept until it is known to be placed
  keyFor: '',
  onLoad(query: { [name: string]: string | undefined }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.popup.title })
    this.setData({ t: t.popup, retry: t.common.retry, errorTitle: t.error.title, code: query['code'] ?? '', scanned: scannedIn(query) })
    void this.load()
  },
  /** Back from an order: stock has changed. */
  onShow() {
    if (this.data.phase === 'ready') void this.load()
  },
  onShareAppMessage() { return cardTo('popup', this.data.title, { code: this.popup?.code ?? this.data.code }) },
  async load() {
    if (this.data.phase !== 'ready') this.setData({ phase: 'loading' })
    try {
      const found = await popupOf(this.data.code, this.data.scanned)
      if (!found) {
        this.setData({ phase: 'empty' })
        return
      }
      const first = this.popup === null
      this.scene = found.scene
      this.show(found.popup)
      if (first && found.popup.can_buy) await visitPopup(found.popup.code, this.scene).catch(messageOf) // one that is not counted hinders nobody
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  show(popup: PopupFull) {
    this.popup = popup
    wx.setNavigationBarTitle({ title: popup.title })
    this.setData({
      phase: 'ready', title: popup.title, intro: popup.intro, cover: popup.cover ? picture(popup.cover) : '', theme: `--accent: ${popup.accent}`,
      line: popupLine(popup), state: popup.state, place: popup.place.name, placeCode: popup.place.code, placeKind: popup.place.kind, open: popup.can_buy,
    })
    this.list()
    if (popup.state === 'closed') void this.showOthers()
  },
  /** What there is instead of one that is over; none is no trouble. */
  async showOthers() {
    const others = await listPopups().catch(() => [])
    this.setData({ others: others.map((one) => ({ code: one.code, title: one.title, line: popupLine(one) })) })
  },
  toOther(event: WechatMiniprogram.TouchEvent) {
    wx.redirectTo({ url: `/pages/popup/popup?code=${event.currentTarget.dataset['code'] as string}` })
  },
  list() {
    const pieces = (this.popup?.products ?? []).flatMap((product: Product): Piece[] => {
      const kept = this.chosen[product.code]
      const chosen = product.variants.find((one: Variant) => one.id === kept?.id) ?? firstChoice(product.variants)
      if (!chosen) return []
      this.chosen[product.code] = chosen
      return [pieceOf(product, chosen)]
    })
    this.setData({ pieces })
  },
  choose(event: WechatMiniprogram.TouchEvent) {
    const { code, id } = event.currentTarget.dataset as { code: string; id: string }
    const variant = this.popup?.products.find((one: Product) => one.code === code)?.variants.find((one: Variant) => String(one.id) === id)
    if (!variant) return
    this.chosen[code] = variant
    this.list()
  },
  async buy(event: WechatMiniprogram.TouchEvent) {
    const code = event.currentTarget.dataset['code'] as string
    const variant = this.chosen[code]
    if (this.data.busy || !this.popup || !variant) return
    this.setData({ busy: code, refused: '', refusedFor: '' })
    try {
      const wish = `${String(variant.id)} ${variant.price}`
      if (this.keyFor !== wish) this.key = newKey()
      this.keyFor = wish
      const line = { variant_id: variant.id, quantity: 1, seen_amount: variant.price }
      const order = await orderPopup(this.popup.code, { lines: [line], scene: this.scene, key: this.key })
      this.keyFor = ''
      wx.navigateTo({ url: `/pages/order/order?id=${order.order_id}` })
    } catch (error) {
      this.setData({ refused: messageOf(error), refusedFor: code })
    } finally {
      this.setData({ busy: '' })
    }
  },
  toPlace() {
    const { placeKind, placeCode } = this.data
    wx.navigateTo({ url: placeKind === 'place' ? `/pages/place/place?code=${placeCode}` : `/pages/appointment/appointment?boutique=${placeCode}` })
  },
  toBoutique() { wx.switchTab({ url: '/pages/boutique/boutique' }) },
})
