// The first page: search, a day in Milan, the boutique, a visit, and any limited release.
import { listDrops, listPopups } from '../../utils/api'
import { HOUSE_NAME } from '../../utils/config'
import { dropLine } from '../../utils/drops'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, nameTabs, toast } from '../../utils/page'
import { popupLine } from '../../utils/popups'
import { cardTo } from '../../utils/sharing'
import { isOffline, packIsOf, refreshPack, savedNote, savedPack } from '../../utils/saved'

interface Row { id: string; name: string; line: string }

Page({
  data: { t: words().home, house: HOUSE_NAME, drops: [] as Row[], popups: [] as Row[], problem: '', saved: '', old: '', trust: '', renew: '', again: '', canUpdate: false, updating: false },
  onShow() {
    nameTabs()
    wx.setNavigationBarTitle({ title: HOUSE_NAME })
    this.setData({ t: words().home, renew: words().offline.renew, again: words().common.retry })
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
      this.warnOfAge(!isOffline(error))
      this.setData({ problem: (isOffline(error) && !this.data.old && savedNote()) || messageOf(error), saved: '' })
      return
    }
    await this.save()
  },
  /** The rest of the page does not depend on it: without an answer the pack stays as it was. */
  async save() {
    try {
      await refreshPack()
      this.warnOfAge(true)
    } catch (error) {
      messageOf(error)
      this.warnOfAge(!isOffline(error))
    }
    this.setData({ saved: savedPack().version && !this.data.old ? words().offline.ready : '' })
  },
  /** An old city is said to be old, with what can still be trusted and, with a network, the way to a new one. */
  warnOfAge(canUpdate: boolean) {
    const t = words().offline
    const at = packIsOf()
    this.setData({ old: at && fill(t.old, { at }), trust: at && t.trust, canUpdate })
  },
  async update() {
    if (this.data.updating) return
    this.setData({ updating: true })
    try {
      const changed = await refreshPack()
      this.warnOfAge(true)
      toast(this.data.old ? words().offline.full : fill(words().offline.updated, { n: changed }))
      this.setData({ saved: this.data.old ? '' : words().offline.ready, problem: '' })
    } catch (error) {
      this.warnOfAge(!isOffline(error))
      toast(messageOf(error))
    } finally {
      this.setData({ updating: false })
    }
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
