// Asks for one to five days and what the person would like, and has the server plan them.
import { browsePlaces, buildTrip } from '../../utils/api'
import { keepWanted, sharedCodes, toggled, wantedPlaces, withShared, type WantedPlace } from '../../utils/basket'
import { dayLabel, daysFrom, type DayChoice } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, nameTabs, toast } from '../../utils/page'
import { lastTrip, setLastTrip } from '../../utils/saved'
import { cardTo } from '../../utils/sharing'

const DAYS_AHEAD = 14
const DAYS_MAX = 5
const STARTS = ['09:00', '09:30', '10:30', '13:00', '14:30']
const WEIGHTS = [0, 1, 3]

interface Chip { code: string; name: string; chosen: boolean }
interface Choice { value: string; name: string }

const choices = (names: { [value: string]: string }): Choice[] => Object.entries(names).map(([value, name]) => ({ value, name }))

Page({
  data: {
    t: words().plan, days: [] as DayChoice[], chosenDays: '', starts: STARTS, start: '09:30', wanted: [] as (WantedPlace & { removal: string })[],
    interests: [] as Chip[], paces: [] as Choice[], pace: 'normal', weights: [] as Choice[], weight: '0', meals: true, busy: false, problem: '', last: '', lastId: '',
  },
  /** From a friend's card: its places are wanted too. */
  onLoad(query: { places?: string }) {
    const codes = sharedCodes(decodeURIComponent(query.places ?? ''))
    if (codes.length) void this.receive(codes)
  },
  onShareAppMessage() {
    return cardTo('plan', words().plan.shareTitle, { places: wantedPlaces().map((place) => place.code).join(',') })
  },
  async receive(codes: string[]) {
    try {
      const { places } = await browsePlaces()
      const before = wantedPlaces()
      const after = withShared(before, codes.flatMap((code) => places.find((place) => place.code === code) ?? []))
      keepWanted(after)
      this.showWanted(after)
      if (after.length > before.length) toast(fill(words().plan.received, { n: after.length - before.length }))
    } catch (error) {
      this.setData({ problem: messageOf(error) })
    }
  },
  onShow() {
    nameTabs()
    const t = words().plan
    const language = currentLanguage()
    const days = daysFrom(new Date(), DAYS_AHEAD, language)
    const chosen = new Set(this.data.interests.filter((chip) => chip.chosen).map((chip) => chip.code))
    const last = lastTrip()
    wx.setNavigationBarTitle({ title: t.title })
    this.setData({
      t, days, chosenDays: this.chosen().filter((day) => days.some((choice) => choice.day === day)).join(',') || days[1]!.day,
      interests: Object.entries(t.interest).map(([code, name]) => ({ code, name, chosen: chosen.has(code) })),
      paces: choices(t.paces), weights: t.lesserChoices.map((name, index) => ({ value: String(WEIGHTS[index]!), name })),
      last: last ? `${t.last} · ${dayLabel(last.day, language)}` : '', lastId: last ? last.id : '',
    })
    this.showWanted(wantedPlaces())
  },
  chosen(): string[] { return this.data.chosenDays.split(',').filter(Boolean) },
  showWanted(places: WantedPlace[]) {
    this.setData({ wanted: places.map((place) => ({ ...place, removal: fill(words().plan.remove, { name: place.name }) })) })
  },
  chooseDay(event: WechatMiniprogram.CustomEvent<{ day: string }>) {
    const { day } = event.detail
    const chosen = this.chosen()
    const next = chosen.includes(day) ? chosen.filter((one) => one !== day) : [...chosen, day].sort()
    if (next.length > DAYS_MAX) toast(fill(words().plan.full, { n: DAYS_MAX }))
    else if (next.length) this.setData({ chosenDays: next.join(',') })
  },
  choose(event: WechatMiniprogram.TouchEvent) {
    const { field, value } = event.currentTarget.dataset as { field: 'start' | 'pace' | 'weight'; value: string }
    this.setData({ [field]: value })
  },
  turnMeals(event: WechatMiniprogram.CustomEvent<{ value: boolean }>) { this.setData({ meals: event.detail.value }) },
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
  toLast() { wx.navigateTo({ url: `/pages/day/day?trip=${this.data.lastId}` }) },
  async build() {
    if (this.data.busy) return
    this.setData({ busy: true, problem: '' })
    const { start, interests, pace, meals, weight } = this.data
    try {
      const trip = await buildTrip({
        days: this.chosen().map((day) => ({ day, start })), places: wantedPlaces().map((place) => place.code),
        interests: interests.filter((chip) => chip.chosen).map((chip) => chip.code), pace, meals, lesser_known: Number(weight),
      })
      setLastTrip(trip)
      wx.navigateTo({ url: `/pages/day/day?trip=${trip.trip_id}&saved=1` })
    } catch (error) {
      this.setData({ problem: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
})
