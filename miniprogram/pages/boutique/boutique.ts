// The boutique: what it shows and where its stores are.
import { listBoutiques, listCollections, listLookbooks, listProducts } from '../../utils/api'
import { bagOf } from '../../utils/bags'
import { fill, words } from '../../utils/language'
import { messageOf, nameTabs, picture, storeName, type Phase } from '../../utils/page'
import type { Boutique, Collection, Lookbook, Product } from '../../utils/types'
import { cardTo } from '../../utils/sharing'
import { closedText, firstChoice } from '../../utils/variants'

interface Tile { code: string; name: string; image: string; price: string; settle: string; closed: string; label: string }

function tileOf(product: Product): Tile {
  const first = firstChoice(product.variants)
  return {
    code: product.code,
    name: product.name,
    image: picture(product.image),
    price: first?.price_text ?? '',
    settle: first?.settle_text ?? '',
    closed: closedText(product.variants, words().boutique.soldOut),
    label: words().boutique.view.replace('{name}', product.name),
  }
}

interface Cover { code: string; name: string; season: string; image: string; label: string }

const coverOf = (one: Collection): Cover => ({
  code: one.code, name: one.name, season: one.season, image: picture(one.cover), label: words().boutique.filter.replace('{name}', one.name),
})

interface Book { code: string; name: string; season: string; image: string; count: string; label: string }

const bookOf = (one: Lookbook): Book => ({
  code: one.code, name: one.name, season: one.season, image: picture(one.cover.src), count: fill(words().lookbook.count, { n: one.count }),
  label: fill(words().boutique.leaf, { name: one.name }),
})

/** The tiles of a collection in its own order; all of them when none is chosen. */
function within(tiles: Tile[], collections: Collection[], chosen: string): Tile[] {
  const one = collections.find((each) => each.code === chosen)
  return one ? one.pieces.flatMap((code) => tiles.filter((tile) => tile.code === code)) : tiles
}

Page({
  everything: [] as Tile[],
  collections: [] as Collection[],
  data: {
    t: words().boutique, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', tiles: [] as Tile[], stores: [] as Boutique[], view: 'products',
    books: [] as Book[], covers: [] as Cover[], chosen: '', total: 0,
  },
  /** A prepared bag's link opens this tab, so that the way back leads into the boutique. */
  onLoad(query: { bag?: string; scene?: string }) {
    const token = bagOf(query)
    if (token) wx.navigateTo({ url: `/pages/bag/bag?token=${token}` })
  },
  onShow() {
    nameTabs()
    const t = words()
    wx.setNavigationBarTitle({ title: t.boutique.title })
    this.setData({ t: t.boutique, retry: t.common.retry, errorTitle: t.error.title })
    void this.load()
  },
  onShareAppMessage() { return cardTo('boutique', words().boutique.title) },
  async load() {
    if (this.data.phase !== 'ready') this.setData({ phase: 'loading' })
    try {
      const [products, stores, collections, books] = await Promise.all([listProducts(), listBoutiques(), listCollections(), listLookbooks()])
      this.everything = products.map(tileOf)
      this.collections = collections
      const chosen = collections.some((one) => one.code === this.data.chosen) ? this.data.chosen : ''
      this.setData({
        phase: 'ready', chosen, total: products.length, books: books.map(bookOf), covers: collections.map(coverOf), tiles: within(this.everything, collections, chosen),
        stores: stores.map((store) => ({ ...store, name: storeName(store) })),
      })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  choose(event: WechatMiniprogram.TouchEvent) { this.setData({ view: event.currentTarget.dataset['view'] as string }) },
  /** Shows a collection's pieces alone, or with no code all of them. */
  gather(event: WechatMiniprogram.TouchEvent) {
    const chosen = event.currentTarget.dataset['code'] as string
    this.setData({ chosen, tiles: within(this.everything, this.collections, chosen) })
  },
  leaf(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/lookbook/lookbook?code=${event.currentTarget.dataset['code'] as string}` })
  },
  open(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/product/product?code=${event.currentTarget.dataset['code'] as string}` })
  },
  book(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/appointment/appointment?boutique=${String(event.currentTarget.dataset['id'])}` })
  },
})
