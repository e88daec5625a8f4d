// Where the person stands as a member: the tier, the points, how far the next one is, and what comes with it.
import { readStanding } from '../../utils/api'
import { fill, words } from '../../utils/language'
import { messageOf, type Phase } from '../../utils/page'

Page({
  data: {
    t: words().loyalty, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', program: '', name: '', text: '', points: 0, next: '', share: 100,
    progress: '', rights: [] as { code: string; name: string }[],
  },
  onLoad() {
    const t = words()
    wx.setNavigationBarTitle({ title: t.loyalty.title })
    this.setData({ t: t.loyalty, retry: t.common.retry, errorTitle: t.error.title })
    void this.load()
  },
  toBoutique() { wx.switchTab({ url: '/pages/boutique/boutique' }) },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const standing = await readStanding()
      const { points, next } = standing
      const t = words().loyalty
      this.setData({
        phase: standing.is_live ? 'ready' : 'empty', program: standing.program, name: standing.name, text: standing.text, points, rights: standing.rights,
        next: next ? fill(t.next, { n: next.missing, name: next.name }) : t.top,
        share: next ? Math.round((100 * points) / (points + next.missing)) : 100,
        progress: fill(t.progress, { n: points, missing: next?.missing ?? 0 }),
      })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
})
