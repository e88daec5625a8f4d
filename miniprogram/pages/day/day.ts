// A planned day, stop by stop, with what did not fit and why.
import { readPlan } from '../../utils/api'
import { dayTitle, milanTime } from '../../utils/days'
import { hoursText } from '../../utils/hours'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, sentence, type Phase } from '../../utils/page'
import { keepPlan, orSaved, savedPlan } from '../../utils/saved'
import type { Plan, Stop } from '../../utils/types'

interface StopRow { code: string; name: string; arrive: string; leave: string; walk: string; hours: string; confirm: string }

function stopRow(stop: Stop): StopRow {
  const t = words()
  return {
    code: stop.code,
    name: stop.name,
    arrive: milanTime(stop.arrive),
    leave: fill(t.day.leave, { at: milanTime(stop.leave) }),
    walk: stop.walk_minutes ? fill(t.day.ways[stop.mode === 'metro' || stop.mode === 'car' ? stop.mode : 'walk'], { n: stop.walk_minutes }) : '',
    hours: stop.hours_today ? fill(t.day.hours, { hours: hoursText(stop.hours_today, currentLanguage()).replace(/\n/g, ' ') }) : '',
    confirm: typeof stop.confirm === 'string' ? sentence(stop.confirm) : stop.confirm ? t.common.confirmMark : '',
  }
}

function leftOutRows(plan: Plan): { code: string; name: string; reason: string }[] {
  const reasons: { [name: string]: string } = words().day.reasons
  return plan.left_out.map((left) => ({
    code: left.code,
    name: left.name ?? left.code,
    reason: left.reason_text ?? reasons[left.reason] ?? words().day.reasons.other,
  }))
}

Page({
  data: {
    t: words().day, milanTime: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', heading: '', count: '', saved: false, offline: '',
    stops: [] as StopRow[], leftOut: [] as { code: string; name: string; reason: string }[],
  },
  onLoad(query: { id?: string; saved?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.day.title })
    this.setData({
      t: t.day, milanTime: t.common.milanTime, retry: t.common.retry, errorTitle: t.error.title, id: query.id ?? '', saved: query.saved === '1',
    })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const { id } = this.data
      const { value: plan, note } = await orSaved(() => readPlan(id), () => savedPlan(id))
      if (!note) keepPlan(plan)
      const language = currentLanguage()
      this.setData({
        phase: plan.stops.length ? 'ready' : 'empty',
        offline: note && words().offline.plan,
        heading: dayTitle(plan.day, language),
        count: fill(words().day.stops, { n: plan.stops.length }),
        stops: plan.stops.map(stopRow),
        leftOut: leftOutRows(plan),
      })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  open(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/place/place?code=${event.currentTarget.dataset['code'] as string}` })
  },
  change() { wx.switchTab({ url: '/pages/plan/plan' }) },
})
