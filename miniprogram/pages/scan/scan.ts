// Where every printed code lands: asks the server what it names and opens that page, or says that nobody knows it.
import { listBoutiques, readPlace, readProduct } from '../../utils/api'
import { words } from '../../utils/language'
import { messageOf, storeName, type Phase } from '../../utils/page'
import { popupScanned } from '../../utils/popups'
import { known } from '../../utils/request'
import { namesSomething, scannedIn, targetsOf, type Target } from '../../utils/scenes'
import type { Boutique } from '../../utils/types'

interface Store { id: string; name: string; address: string }

const storeOf = (store: Boutique): Store => ({ id: String(store.id), name: storeName(store), address: store.address })

Page({
  data: {
    t: words().scan, retry: '', errorTitle: '', phase: 'loading' as Phase | 'unknown' | 'store', problem: '', text: '', store: null as Store | null,
  },
  onLoad(query: { [name: string]: string | undefined }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.scan.title })
    this.setData({ t: t.scan, retry: t.common.retry, errorTitle: t.error.title, text: scannedIn(query) })
    void this.load()
  },
  async load() {
    const { text } = this.data
    if (!text) {
      this.setData({ phase: 'empty' })
      return
    }
    this.setData({ phase: 'loading' })
    try {
      const targets = targetsOf(text)
      for (const target of targets) {
        if (target.kind === 'campaign' && namesSomething(targets)) break
        if (await this.open(target)) return
      }
      this.setData({ phase: 'unknown' })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  /** Opens what the code names; false when the house does not know it. */
  async open(target: Target): Promise<boolean> {
    const source = encodeURIComponent(this.data.text)
    switch (target.kind) {
      case 'popup': return this.go(await popupScanned(target.address), `/pages/popup/popup?q=${encodeURIComponent(target.address)}`)
      case 'product': return this.go(await known(readProduct(target.code)), `/pages/product/product?code=${target.code}&source=${source}`)
      case 'place': return this.go(await known(readPlace(target.code)), `/pages/place/place?code=${target.code}`)
      case 'pay': return this.go(target, `/pages/pay-here/pay-here?code=${target.code}`)
      case 'bag': return this.go(target, `/pages/bag/bag?token=${target.code}`)
      case 'campaign':
        wx.switchTab({ url: '/pages/home/home' })
        return true
      case 'boutique': {
        const found = (await listBoutiques()).find((one) => one.code === target.code)
        if (found) this.setData({ phase: 'store', store: storeOf(found) })
        return found !== undefined
      }
    }
  },
  go(found: unknown, url: string): boolean {
    if (found === null) return false
    wx.redirectTo({ url })
    return true
  },
  scan() {
    wx.scanCode({
      success: ({ result }) => {
        this.setData({ text: result })
        void this.load()
      },
      fail: () => undefined, // closed without scanning
    })
  },
  book() { wx.navigateTo({ url: `/pages/appointment/appointment?boutique=${this.data.store?.id ?? ''}` }) },
  toBoutique() { wx.switchTab({ url: '/pages/boutique/boutique' }) },
  toHome() { wx.switchTab({ url: '/pages/home/home' }) },
})
