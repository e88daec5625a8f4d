// Asks for a day, a start and what the person would like, and has the server plan it.
import { buildPlan } from '../../utils/api'
import { keepWanted, toggled, wantedPlaces, type WantedPlace } from '../../utils/basket'
import { dayLabel, daysFrom, type DayChoice } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, nameTabs } from '../../utils/page'

const DAYS_AHEAD = 14
const STARTS = ['09:00', '09:30', '10:30', '13:00', '14:30']

interface Chip { code: string; name: string; chosen: boolean }
interface LastPlan { id: string; day: string }

Page({
  data: {
    t: words().plan, days: [] as DayChoice[], day: '', starts: STARTS, start: '09:30', wanted: [] as (WantedPlace & { removal: string })[],
    interests: [] as Chip[], busy: false, problem: '', last: '', lastId: '',
  },
  onShow() {
    nameTabs()
    const t = words().plan
    const language = currentLanguage()
    const days = daysFrom(new Date(), DAYS_AHEAD, language)
    const chosen = new Set(this.data.interests.filter((chip) => chip.chosen).map((chip) => chip.code))
    const last = wx.getStorageSync('last-plan') as LastPlan | ''
    wx.setNavigationBarTitle({ title: t.title })
    this.setData({
      t, days, day: days.some((choice) => choice.day === this.data.day) ? this.data.day : days[1]!.day,
      interests: Object.entries(t.interest).map(([code, name]) => ({ code, name, chosen: chosen.has(code) })),
      last: last ? `${t.last} · ${dayLabel(last.day, language)}` : '', lastId: last ? last.id : '',
    })
    this.showWanted(wantedPlaces())
  },
  showWanted(places: WantedPlace[]) {
    this.setData({ wanted: places.map((place) => ({ ...place, removal: fill(words().plan.remove, { name: place.name }) })) })
  },
  chooseDay(event: WechatMiniprogram.CustomEvent<{ day: string }>) { this.setData({ day: event.detail.day }) },
  chooseStart(event: WechatMiniprogram.TouchEvent) { this.setData({ start: event.currentTarget.dataset['start'] as string }) },
  chooseInterest(event: WechatMiniprogram.TouchEvent) {
    const code = event.currentTarget.dataset['code'] as string
    const interests = this.data.interests.map((chip) => (chip.code === code ? { ...chip, chosen: !chip.chosen } : chip))
    this.setData({ interests })
  },
  remove(event: WechatMiniprogram.TouchEvent) {
    const code = event.currentTarget.dataset['code'] as string
    const places = toggled(wantedPlaces(), { code, name: '' })
    keepWanted(places)
    this.showWanted(places)
  },
  toSearch() { wx.navigateTo({ url: '/pages/search/search' }) },
  toLast() { wx.navigateTo({ url: `/pages/day/day?id=${this.data.lastId}` }) },
  async build() {
    if (this.data.busy) return
    this.setData({ busy: true, problem: '' })
    const { day, start, interests } = this.data
    try {
      const plan = await buildPlan({
        day, start, places: wantedPlaces().map((place) => place.code),
        interests: interests.filter((chip) => chip.chosen).map((chip) => chip.code),
      })
      wx.setStorageSync('last-plan', { id: String(plan.plan_id), day: plan.day } satisfies LastPlan)
      wx.navigateTo({ url: `/pages/day/day?id=${plan.plan_id}&saved=1` })
    } catch (error) {
      this.setData({ problem: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
})
