// Asks to cancel, return or exchange: which pieces, why, and for an exchange what instead.
import type { FieldRow } from '../../components/fields/fields'
import type { OptionRow } from '../../components/options/options'
import { askAfterSale, listProducts, readOrder, readService } from '../../utils/api'
import { fill, words } from '../../utils/language'
import { messageOf, toast, type Phase } from '../../utils/page'
import { newKey } from '../../utils/paying'
import { askable, leftOf, reasonsFor } from '../../utils/service'
import { canBuy } from '../../utils/variants'
import type { Product } from '../../utils/types'

interface Piece { id: number; variant: number; product: string; name: string; quantity: number; most: number; fewer: string; more: string }
interface Reason { value: string; name: string }

/** What a piece can be exchanged for: its other versions first, then everything else that is sold now. */
function wishesFor(piece: Piece, products: Product[]): OptionRow[] {
  const rows = (product: Product): OptionRow[] => product.variants
    .filter((variant) => canBuy(variant) && Number(variant.id) !== piece.variant)
    .map((variant) => ({ value: String(variant.id), title: `${product.name} · ${variant.label}`, note: variant.price_text }))
  const same = products.filter((product) => product.code === piece.product)
  return [...same, ...products.filter((product) => product.code !== piece.product)].flatMap(rows)
}

Page({
  data: {
    t: words().service, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', kind: '', pieces: [] as Piece[], wishes: [] as OptionRow[], wished: '',
    reasons: [] as Reason[], reason: '', field: [] as FieldRow[], busy: false, refused: '',
  },
  products: [] as Product[],
  words: '',
  key: '', // of the request being sent; kept until it is known to be kept
  onLoad(query: { id?: string; kind?: string }) {
    const t = words()
    const titles: { [kind: string]: string } = t.service.ask
    const kind = query.kind ?? 'return'
    wx.setNavigationBarTitle({ title: titles[kind] ?? t.service.requests })
    this.setData({
      t: t.service, retry: t.common.retry, errorTitle: t.error.title, id: query.id ?? '', kind,
      field: [{ name: 'words', label: t.service.words, value: '', type: 'text', max: 200, hint: t.service.wordsHint }],
    })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    const { id, kind } = this.data
    try {
      const [order, service] = await Promise.all([readOrder(id), readService(id)])
      this.products = kind === 'exchange' ? await listProducts() : []
      const t = words().service
      const names: { [reason: string]: string } = t.reasons
      const left = leftOf(service)
      const pieces = service.lines.map((line, index): Piece => ({
        id: line.id, variant: line.variant_id, product: order.lines?.[index]?.product_code ?? '', name: line.name, most: left.get(line.id) ?? 0, quantity: 0,
        fewer: fill(t.fewer, { name: line.name }), more: fill(t.more, { name: line.name }),
      })).filter((piece) => piece.most > 0)
      this.setData({
        phase: askable(service).includes(kind) ? 'ready' : 'empty', pieces: kind === 'cancel' ? [] : pieces,
        reasons: reasonsFor(kind, service.reasons).map((value) => ({ value, name: names[value] ?? value })),
      })
      if (pieces.length === 1) this.count(pieces[0]!.id, 1)
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  /** An exchange is for one line at a time. */
  count(id: number, change: number) {
    const alone = this.data.kind === 'exchange' && change > 0
    const pieces = this.data.pieces.map((piece) => {
      if (piece.id !== id) return alone ? { ...piece, quantity: 0 } : piece
      return { ...piece, quantity: Math.max(0, Math.min(piece.most, piece.quantity + change)) }
    })
    const chosen = pieces.find((piece) => piece.quantity > 0)
    const wishes = chosen ? wishesFor(chosen, this.products) : []
    this.setData({ pieces, wishes, wished: wishes.some((row) => row.value === this.data.wished) ? this.data.wished : '', refused: '' })
  },
  fewer(event: WechatMiniprogram.TouchEvent) { this.count(event.currentTarget.dataset['id'] as number, -1) },
  more(event: WechatMiniprogram.TouchEvent) { this.count(event.currentTarget.dataset['id'] as number, 1) },
  chooseWished(event: WechatMiniprogram.CustomEvent<{ value: string }>) { this.setData({ wished: event.detail.value, refused: '' }) },
  chooseReason(event: WechatMiniprogram.TouchEvent) { this.setData({ reason: event.currentTarget.dataset['value'] as string, refused: '' }) },
  write(event: WechatMiniprogram.CustomEvent<{ value: string }>) { this.words = event.detail.value },
  /** What is still missing, in words; empty when it can be sent. */
  missing(): string {
    const t = words().service
    const { kind, pieces, wishes, wished, reason } = this.data
    if (kind !== 'cancel' && !pieces.some((piece) => piece.quantity > 0)) return t.choosePieces
    if (kind === 'exchange' && !wished) return wishes.length ? t.chooseWished : t.noWished
    return reason ? '' : t.chooseReason
  },
  async send() {
    if (this.data.busy) return
    const refused = this.missing()
    this.setData({ refused })
    if (refused) return
    this.setData({ busy: true })
    try {
      const { id, kind, reason, wished, pieces } = this.data
      this.key ||= newKey()
      const lines = pieces.filter((piece) => piece.quantity > 0)
        .map((piece) => ({ line_id: piece.id, quantity: piece.quantity, ...(kind === 'exchange' ? { variant_id: Number(wished) } : {}) }))
      await askAfterSale(id, { kind, reason, words: this.words, lines, key: this.key })
      toast(words().service.sent)
      wx.navigateBack()
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
})
