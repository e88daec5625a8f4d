// A lookbook: one look after the other, each with its picture and, when asked for, all pieces of it.
import { readLookbook } from '../../utils/api'
import { fill, words } from '../../utils/language'
import { messageOf, picture, type Phase } from '../../utils/page'
import type { Look } from '../../utils/types'

interface Piece { code: string; name: string; image: string; price: string; note: string; spoken: string }
interface Leaf { id: number; src: string; alt: string; shape: string; caption: string; pieces: Piece[]; open: boolean; ask: string }

function pageOf(look: Look): Leaf {
  const t = words().lookbook
  const { src, alt, width, height } = look.picture
  return {
    id: look.id, src: picture(src), alt, shape: `aspect-ratio: ${width} / ${height}`, caption: look.caption, open: false,
    ask: look.pieces.length ? fill(t.ask, { n: look.pieces.length }) : '',
    pieces: look.pieces.map((piece) => ({
      code: piece.code, name: piece.name, image: picture(piece.image), price: piece.variants[0]?.price_text ?? '',
      note: piece.variants.every((variant) => variant.stock <= 0) ? t.soldOut : (piece.variants[0]?.settle_text ?? ''),
      spoken: fill(t.see, { name: piece.name }),
    })),
  }
}

Page({
  data: {
    t: words().lookbook, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', code: '', source: '',
    name: '', season: '', description: '', count: '', looks: [] as Leaf[],
  },
  onLoad(query: { code?: string; source?: string; s?: string; scene?: string }) {
    const t = words()
    const source = decodeURIComponent(query.source ?? query.s ?? query.scene ?? '')
    wx.setNavigationBarTitle({ title: t.lookbook.title })
    this.setData({ t: t.lookbook, retry: t.common.retry, errorTitle: t.error.title, code: query.code ?? '', source })
    void this.load()
  },
  onShareAppMessage() {
    return { title: this.data.name, path: `/pages/lookbook/lookbook?code=${this.data.code}` }
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const { name, season, description, looks } = await readLookbook(this.data.code)
      this.setData({ phase: 'ready', name, season, description, count: fill(words().lookbook.count, { n: looks.length }), looks: looks.map(pageOf) })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  /** Shows all pieces of a look, or puts them away again. */
  unfold(event: WechatMiniprogram.TouchEvent) {
    const at = event.currentTarget.dataset['at'] as number
    this.setData({ looks: this.data.looks.map((look, index) => (index === at ? { ...look, open: !look.open } : look)) })
  },
  open(event: WechatMiniprogram.TouchEvent) {
    const source = this.data.source ? `&source=${encodeURIComponent(this.data.source)}` : ''
    wx.navigateTo({ url: `/pages/product/product?code=${event.currentTarget.dataset['code'] as string}${source}` })
  },
  toBoutique() { wx.switchTab({ url: '/pages/boutique/boutique' }) },
})
