// A planned day on the map: numbered stops, how to get from one to the next, and the stop that is looked at.
import { readTrip } from '../../utils/api'
import { dayLabel, milanTime, weekdayOf, type DayChoice } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import type { Pin } from '../../utils/mapping'
import { messageOf, type Phase } from '../../utils/page'
import { orSaved, savedTrip } from '../../utils/saved'
import { linesOf, markersOf, modesOf, pinOf, placed, type Line, type Marker } from '../../utils/stay'
import type { Plan, Stop, Trip } from '../../utils/types'

const MILAN = { latitude: 45.4642, longitude: 9.19 }
const PADDING = [72, 40, 32, 40]

interface Shown { code: string; number: number; name: string; when: string; way: string; spoken: string }

const wayTo = (stop: Stop): string => {
  const { ways } = words().day
  return stop.walk_minutes ? fill(ways[stop.mode === 'metro' || stop.mode === 'car' ? stop.mode : 'walk'], { n: stop.walk_minutes }) : ''
}

function shownOf(stop: Stop, number: number): Shown {
  const when = `${milanTime(stop.arrive)} – ${milanTime(stop.leave)}`
  return { code: stop.code, number, name: stop.name, when, way: wayTo(stop), spoken: fill(words().day.openStop, { name: stop.name }) }
}

const choiceOf = (plan: Plan): DayChoice =>
  ({ day: plan.day, label: dayLabel(plan.day, currentLanguage()), weekday: weekdayOf(plan.day, currentLanguage()) })

Page({
  data: {
    t: words().day, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', offline: '', days: [] as DayChoice[], day: '', ...MILAN,
    markers: [] as Marker[], lines: [] as Line[], around: [] as { latitude: number; longitude: number }[], pins: [] as Pin[], label: '',
    legend: [] as { mode: string; name: string }[], stop: null as Shown | null, first: true, last: true, moved: false,
  },
  trip: null as Trip | null,
  stops: [] as Stop[],
  onLoad(query: { trip?: string; day?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.day.mapTitle })
    this.setData({ t: t.day, retry: t.common.retry, errorTitle: t.error.title, id: query.trip ?? '', day: query.day ?? '' })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const { id } = this.data
      const { value: trip, note } = await orSaved(() => readTrip(id), () => savedTrip(id))
      this.trip = trip
      this.setData({ offline: note && words().day.mapOffline, days: trip.days.length > 1 ? trip.days.map(choiceOf) : [] })
      this.showDay(trip.days.some((plan) => plan.day === this.data.day) ? this.data.day : trip.days[0]?.day ?? '')
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  showDay(day: string) {
    const plan = this.trip?.days.find((one: Plan) => one.day === day)
    this.stops = plan?.stops ?? []
    const there = placed(this.stops)
    const names: { [mode: string]: string } = words().day.legend
    this.setData({
      day, phase: there.length ? 'ready' : 'empty', lines: linesOf(this.stops), pins: there.map(({ stop, number }) => pinOf(stop, number)), moved: false,
      around: there.map(({ stop }) => ({ latitude: stop.lat, longitude: stop.lon })), label: fill(words().day.map, { n: there.length }),
      legend: modesOf(this.stops).map((mode) => ({ mode, name: names[mode]! })),
    })
    if (there.length) this.look(there[0]!.number)
  },
  /** The stop of this number comes into the card, larger on the map. */
  look(number: number) {
    const there = placed(this.stops)
    const at = there.findIndex((one) => one.number === number)
    if (at < 0) return
    this.setData({
      markers: markersOf(this.stops, number), stop: shownOf(there[at]!.stop, number), first: at === 0, last: at === there.length - 1,
    })
  },
  chooseDay(event: WechatMiniprogram.CustomEvent<{ day: string }>) { this.showDay(event.detail.day) },
  tapMarker(event: WechatMiniprogram.MarkerTap) { this.look(event.detail.markerId) },
  step(event: WechatMiniprogram.TouchEvent) {
    const there = placed(this.stops)
    const at = there.findIndex((one) => one.number === this.data.stop?.number) + Number(event.currentTarget.dataset['by'])
    const next = there[at]
    if (!next) return
    this.look(next.number)
    if (!this.data.offline) wx.createMapContext('stay', this).moveToLocation({ latitude: next.stop.lat, longitude: next.stop.lon })
    this.setData({ moved: true })
  },
  noticeMove(event: WechatMiniprogram.RegionChange) {
    const { type, causedBy } = { ...event, ...event.detail } // WeChat's versions differ in where these stand
    if (type === 'end' && causedBy !== 'update') this.setData({ moved: true })
  },
  whole() {
    wx.createMapContext('stay', this).includePoints({ points: this.data.around, padding: PADDING })
    this.setData({ moved: false })
  },
  open() {
    if (this.data.stop) wx.navigateTo({ url: `/pages/place/place?code=${this.data.stop.code}` })
  },
})
