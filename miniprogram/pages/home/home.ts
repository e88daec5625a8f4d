// The first page: search, a day in Milan, the boutique, a visit, and any limited release.
import { listDrops, listPopups } from '../../utils/api'
import { HOUSE_NAME } from '../../utils/config'
import { dropLine } from '../../utils/drops'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, nameTabs } from '../../utils/page'
import { popupLine } from '../../utils/popups'
import { cardTo } from '../../utils/sharing'
import { isOffline, refreshPack, savedNote, savedPack } from '../../utils/saved'

interface Row { id: string; name: string; line: string }

Page({
  data: { t: words().home, house: HOUSE_NAME, drops: [] as Row[], popups: [] as Row[], problem: '', saved: '' },
  onShow() {
    nameTabs()
    wx.setNavigationBarTitle({ title: HOUSE_NAME })
    this.setData({ t: words().home })
    void this.load()
  },
  onShareAppMessage() { return cardTo('home', fill(words().home.shareTitle, { house: HOUSE_NAME })) },
  async load() {
    try {
      const [drops, popups] = await Promise.all([listDrops(), listPopups()])
      const now = new Date()
      this.setData({
        problem: '', popups: popups.map((popup) => ({ id: popup.code, name: popup.title, line: popupLine(popup) })),
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
  toPopup(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/popup/popup?code=${event.currentTarget.dataset['id'] as string}` })
  },
  toDrop(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/drop/drop?id=${event.currentTarget.dataset['id'] as string}` })
  },
})
