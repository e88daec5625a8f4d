// The boutique: what it shows and where its stores are.
import { listBoutiques, listProducts } from '../../utils/api'
import { bagOf } from '../../utils/bags'
import { words } from '../../utils/language'
import { messageOf, nameTabs, picture, storeName, type Phase } from '../../utils/page'
import type { Boutique, Product } from '../../utils/types'

interface Tile { code: string; name: string; image: string; price: string; settle: string; soldOut: boolean; label: string }

function tileOf(product: Product): Tile {
  const first = product.variants[0]
  return {
    code: product.code,
    name: product.name,
    image: picture(product.image),
    price: first?.price_text ?? '',
    settle: first?.settle_text ?? '',
    soldOut: product.variants.every((variant) => variant.stock <= 0),
    label: words().boutique.view.replace('{name}', product.name),
  }
}

Page({
  data: {
    t: words().boutique, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', tiles: [] as Tile[], stores: [] as Boutique[], view: 'products',
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
  async load() {
    if (this.data.phase !== 'ready') this.setData({ phase: 'loading' })
    try {
      const [products, stores] = await Promise.all([listProducts(), listBoutiques()])
      this.setData({ phase: 'ready', tiles: products.map(tileOf), stores: stores.map((store) => ({ ...store, name: storeName(store) })) })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  choose(event: WechatMiniprogram.TouchEvent) { this.setData({ view: event.currentTarget.dataset['view'] as string }) },
  open(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/product/product?code=${event.currentTarget.dataset['code'] as string}` })
  },
  book(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/appointment/appointment?boutique=${String(event.currentTarget.dataset['id'])}` })
  },
})
