// The first page: search, a day in Milan, the boutique, a visit, and any limited release.
import { listDrops } from '../../utils/api'
import { HOUSE_NAME } from '../../utils/config'
import { dropLine } from '../../utils/drops'
import { currentLanguage, words } from '../../utils/language'
import { messageOf, nameTabs } from '../../utils/page'

Page({
  data: { t: words().home, house: HOUSE_NAME, drops: [] as { id: string; name: string; line: string }[], problem: '' },
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
      this.setData({ problem: messageOf(error) })
    }
  },
  toSearch() { wx.navigateTo({ url: '/pages/search/search' }) },
  toPlan() { wx.switchTab({ url: '/pages/plan/plan' }) },
  toBoutique() { wx.switchTab({ url: '/pages/boutique/boutique' }) },
  toAppointment() { wx.navigateTo({ url: '/pages/appointment/appointment' }) },
  toDrop(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/drop/drop?id=${event.currentTarget.dataset['id'] as string}` })
  },
})
