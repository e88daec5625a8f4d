// A planned stay, day by day and stop by stop: on a map, with reasons, what did not fit, and ways to change it.
import { buildTrip, forgetTrip, planLate, readTrip, setReminder, type TripWish } from '../../utils/api'
import { keepWanted, WANTED_PLACES_MAX, wantedPlaces } from '../../utils/basket'
import { dayLabel, dayTitle, milanDay, milanTime, weekdayOf, type DayChoice } from '../../utils/days'
import { hoursText } from '../../utils/hours'
import { currentLanguage, fill, words } from '../../utils/language'
import type { Pin } from '../../utils/mapping'
import { messageOf, sentence, toast, type Phase } from '../../utils/page'
import { dropTrip, keepTrip, orSaved, savedTrip, setLastTrip } from '../../utils/saved'
import { pinOf, placed } from '../../utils/stay'
import { avoidedIn, keepAvoided, wishOf, without, withPlaces } from '../../utils/trips'
import { cardTo } from '../../utils/sharing'
import { askToNotify } from '../../utils/subscribing'
import type { Plan, Stop, Trip } from '../../utils/types'

interface StopRow {
  key: string; code: string; number: string; name: string; arrive: string; leave: string; walk: string; hours: string; confirm: string; why: string
  shelter: string; removal: string
}
interface LeftRow { code: string; name: string; reason: string }

function stopRow(stop: Stop, index: number): StopRow {
  const t = words()
  return {
    key: `${stop.code}-${index}`,
    code: stop.code,
    number: String(index + 1),
    name: stop.name,
    arrive: milanTime(stop.arrive),
    leave: fill(t.day.leave, { at: milanTime(stop.leave) }),
    walk: stop.walk_minutes ? fill(t.day.ways[stop.mode === 'metro' || stop.mode === 'car' ? stop.mode : 'walk'], { n: stop.walk_minutes }) : '',
    hours: stop.hours_today ? fill(t.day.hours, { hours: hoursText(stop.hours_today, currentLanguage()).replace(/\n/g, ' ') }) : '',
    confirm: typeof stop.confirm === 'string' ? sentence(stop.confirm) : stop.confirm ? t.common.confirmMark : '',
    why: sentence(stop.why_text ?? ''),
    shelter: stop.shelter_name ? fill(t.day.shelter, { name: stop.shelter_name }) : '',
    removal: fill(t.day.out, { name: stop.name }),
  }
}

function leftOutRows(left: Plan['left_out']): LeftRow[] {
  const reasons: { [name: string]: string } = words().day.reasons
  return left.map((one) => ({
    code: one.code,
    name: one.name ?? one.code,
    reason: one.reason_text ?? reasons[one.reason] ?? words().day.reasons.other,
  }))
}

function choiceOf(plan: Plan): DayChoice {
  const language = currentLanguage()
  return { day: plan.day, label: dayLabel(plan.day, language), weekday: weekdayOf(plan.day, language) }
}

/** Whether a reminder is asked for (`yes`), may be (`may`), or comes too late: the stay has begun. */
function remindable(trip: Trip): '' | 'may' | 'yes' {
  const first = trip.days[0]?.day ?? ''
  if (first <= milanDay(new Date())) return ''
  return trip.remind ? 'yes' : 'may'
}

Page({
  data: {
    t: words().day, milanTime: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', day: '', days: [] as DayChoice[], heading: '',
    count: '', saved: false, remind: '' as '' | 'may' | 'yes', offline: '', dispersal: '', notes: [] as { code: string; text: string }[], stops: [] as StopRow[], pins: [] as Pin[],
    mapLabel: '', leftOut: [] as LeftRow[], addable: '', late: false, busy: false, refused: '',
  },
  trip: null as Trip | null,
  picture: '', // of the day in sight, for a friend's card
  onLoad(query: { trip?: string; saved?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.day.title })
    this.setData({
      t: t.day, milanTime: t.common.milanTime, retry: t.common.retry, errorTitle: t.error.title, id: query.trip ?? '', saved: query.saved === '1',
    })
    void this.load()
  },
  onShow() { this.showAddable() },
  /** A stay is one person's own: a friend gets its places, to plan with. */
  onShareAppMessage() {
    const codes = [...new Set(this.trip?.days.flatMap((plan: Plan) => plan.stops.map((stop) => stop.code)) ?? [])]
    return cardTo('plan', fill(words().day.shareTitle, { n: codes.length }), { places: codes.slice(0, WANTED_PLACES_MAX).join(',') }, this.picture)
  },
  keepPicture(event: WechatMiniprogram.CustomEvent<{ path: string }>) { this.picture = event.detail.path },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const { id } = this.data
      const { value: trip, note } = await orSaved(() => readTrip(id), () => savedTrip(id))
      if (!note) keepTrip(trip)
      this.setData({ offline: note && words().offline.plan })
      this.show(trip)
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  show(trip: Trip) {
    this.trip = trip
    const known = trip.days.some((plan) => plan.day === this.data.day)
    this.setData({
      id: trip.trip_id, days: trip.days.length > 1 ? trip.days.map(choiceOf) : [], dispersal: sentence(trip.dispersal?.text ?? ''),
      remind: remindable(trip), leftOut: leftOutRows(trip.left_out), phase: trip.days.some((plan) => plan.stops.length) ? 'ready' : 'empty',
    })
    this.showDay(known ? this.data.day : trip.days[0]?.day ?? '')
    this.showAddable()
  },
  showDay(day: string) {
    const plan = this.trip?.days.find((one: Plan) => one.day === day)
    if (!plan) return
    const t = words().day
    const n = plan.stops.length
    this.setData({
      day, heading: dayTitle(day, currentLanguage()), count: n ? fill(t.stops, { n }) : t.empty, notes: plan.notes ?? [],
      stops: plan.stops.map(stopRow), pins: placed(plan.stops).map(({ stop, number }) => pinOf(stop, number)), mapLabel: fill(t.map, { n }),
      late: day === milanDay(new Date()) && n > 0,
    })
  },
  chooseDay(event: WechatMiniprogram.CustomEvent<{ day: string }>) { this.showDay(event.detail.day) },
  /** What was chosen elsewhere and is not in these days yet. */
  missing(): string[] {
    const there = new Set(this.trip?.days.flatMap((plan: Plan) => plan.stops.map((stop) => stop.code)) ?? [])
    return wantedPlaces().map((place) => place.code).filter((code) => !there.has(code))
  },
  showAddable() {
    const n = this.trip ? this.missing().length : 0
    this.setData({ addable: n ? fill(words().day.addWanted, { n }) : '' })
  },
  open(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/place/place?code=${event.currentTarget.dataset['code'] as string}` })
  },
  /** WeChat's own question needs a tap; whoever says no there is asked again next time. */
  async remindMe() {
    const wanted = this.data.remind !== 'yes'
    if (wanted) await askToNotify('trip')
    try {
      await setReminder(this.data.id, wanted)
      if (this.trip) this.trip.remind = wanted
      this.setData({ remind: wanted ? 'yes' : 'may' })
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    }
  },
  takeOut(event: WechatMiniprogram.TouchEvent) {
    const { code, name } = event.currentTarget.dataset as { code: string; name: string }
    const t = words().day
    wx.showModal({
      title: fill(t.outTitle, { name }), content: '', confirmText: t.outYes, cancelText: t.outNo,
      success: ({ confirm }) => {
        if (confirm && this.trip) void this.again(without(wishOf(this.trip), code, avoidedIn(this.trip.trip_id)))
      },
    })
  },
  addWanted() {
    if (this.trip) void this.again(withPlaces(wishOf(this.trip), this.missing(), avoidedIn(this.trip.trip_id)))
  },
  /** The new stay takes the old one's place once it is there: a refusal changes nothing. */
  async again(wish: TripWish) {
    const old = this.data.id
    if (this.data.busy) return
    this.setData({ busy: true, refused: '' })
    try {
      const trip = await buildTrip(wish)
      if (this.trip?.remind) await setReminder(trip.trip_id, trip.remind = true)
      keepAvoided(trip.trip_id, wish.avoid ?? [])
      keepTrip(trip)
      setLastTrip(trip)
      if (wish.avoid?.length) keepWanted(wantedPlaces().filter((place) => !wish.avoid!.includes(place.code)))
      this.show(trip)
      toast(words().day.replanned)
      dropTrip(old)
      await forgetTrip(old)
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
  async planLate() {
    const plan = this.trip?.days.find((one: Plan) => one.day === this.data.day)
    if (!this.trip || !plan || this.data.busy) return
    this.setData({ busy: true, refused: '' })
    try {
      const changed = await planLate(String(plan.plan_id), milanTime(new Date().toISOString()))
      const trip = { ...this.trip, days: this.trip.days.map((one: Plan) => (one.day === changed.day ? changed : one)) }
      keepTrip(trip)
      this.show({ ...trip, left_out: [...trip.left_out, ...changed.left_out] })
      toast(words().day.replanned)
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
  toMap() { wx.navigateTo({ url: `/pages/day/map?trip=${this.data.id}&day=${this.data.day}` }) },
  share() { wx.navigateTo({ url: `/pages/day/share?trip=${this.data.id}` }) },
  change() { wx.switchTab({ url: '/pages/plan/plan' }) },
})
