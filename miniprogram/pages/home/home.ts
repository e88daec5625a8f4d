// The first page: search, a day in Milan, the boutique, a visit, and any limited release.
import { listDrops } from '../../utils/api'
import { HOUSE_NAME } from '../../utils/config'
import { dropLine } from '../../utils/drops'
import { currentLanguage, words } from '../../utils/language'
import { messageOf, nameTabs } from '../../utils/page'
import { isOffline, refreshPack, savedNote, savedPack } from '../../utils/saved'

Page({
  data: { t: words().home, house: HOUSE_NAME, drops: [] as { id: string; name: string; line: string }[], problem: '', saved: '' },
  onShow() {
    nameTabs()
    wx.setNavigationBarTitle({ title: HOUSE_NAME })
    this.setData({ t: words().home })
    void this.load()
  },
  async load() {
    try {
      const drops = await listDrops()
      const now = new Date()
      this.setData({
        problem: '',
        drops: drops.map((drop) => ({ id: String(drop.id), name: drop.name, line: dropLine(drop, now, currentLanguage()) })),
      })
    } catch (error) {
      this.setData({ problem: (isOffline(error) && savedNote()) || messageOf(error), saved: '' })
      return
    }
    await this.save()
  },
  /** The rest of the page does not depend on it: without an answer the pack stays as it was. */
  async save() {
    try {
      await refreshPack()
    } catch (error) {
      messageOf(error)
    }
    this.setData({ saved: savedPack().version ? words().offline.ready : '' })
  },
  toSearch() { wx.navigateTo({ url: '/pages/search/search' }) },
  toDiscover() { wx.navigateTo({ url: '/pages/discover/discover' }) },
  toPlan() { wx.switchTab({ url: '/pages/plan/plan' }) },
  toBoutique() { wx.switchTab({ url: '/pages/boutique/boutique' }) },
  toAppointment() { wx.navigateTo({ url: '/pages/appointment/appointment' }) },
  toDrop(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/drop/drop?id=${event.currentTarget.dataset['id'] as string}` })
  },
})
