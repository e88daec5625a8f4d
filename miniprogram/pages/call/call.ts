// Books a call with one's own advisor: who, how, when; the client agrees first, and both sides see it afterwards.
import type { OptionRow } from '../../components/options/options'
import { bookCall, listBoutiques, listCallHosts, listCallTimes } from '../../utils/api'
import { daysFrom, momentLabel, type DayChoice } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, storeName, type Phase } from '../../utils/page'
import { askToNotify } from '../../utils/subscribing'
import type { CallTime } from '../../utils/types'

const DAYS_AHEAD = 14

interface Choice<T> { value: T; title: string }

function kindsOf(): Choice<string>[] {
  const { video, voice } = words().appointment.callKinds
  return [{ value: 'video', title: video }, { value: 'voice', title: voice }]
}

Page({
  data: {
    t: words().call, milanTime: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', hosts: [] as OptionRow[], host: '', kinds: [] as Choice<string>[], kind: 'video',
    lengths: [] as Choice<number>[], minutes: 0, days: [] as DayChoice[], day: '', times: [] as CallTime[], timesPhase: 'loading' as Phase, startsAt: '', beijing: '',
    words: '', agreed: false, busy: false, refused: '', booked: '',
  },
  onLoad() {
    const t = words()
    const days = daysFrom(new Date(), DAYS_AHEAD, currentLanguage())
    wx.setNavigationBarTitle({ title: t.call.title })
    this.setData({ t: t.call, milanTime: t.common.milanTime, retry: t.common.retry, errorTitle: t.error.title, days, day: days[1]!.day, kinds: kindsOf() })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const [{ hosts, minutes, words: agreement }, stores] = await Promise.all([listCallHosts(), listBoutiques()])
      const named = new Map(stores.map((store) => [store.code ?? '', storeName(store)]))
      this.setData({
        phase: hosts.length ? 'ready' : 'empty', host: String(hosts[0]?.id ?? ''), words: agreement, minutes: minutes[0] ?? 0,
        hosts: hosts.map((one) => ({ value: String(one.id), title: one.name, note: named.get(one.boutique) ?? '' })),
        lengths: minutes.map((value) => ({ value, title: fill(words().common.minutes, { n: value }) })),
      })
      if (hosts.length) await this.loadTimes()
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  async loadTimes() {
    const { host, day, minutes } = this.data
    this.setData({ timesPhase: 'loading', startsAt: '', beijing: '', refused: '' })
    try {
      const times = await listCallTimes(host, day, minutes)
      if (host !== this.data.host || day !== this.data.day || minutes !== this.data.minutes) return // something else was chosen meanwhile
      this.setData({ times, timesPhase: times.length ? 'ready' : 'empty' })
    } catch (error) {
      this.setData({ timesPhase: 'error', problem: messageOf(error) })
    }
  },
  chooseHost(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ host: event.detail.value })
    void this.loadTimes()
  },
  chooseKind(event: WechatMiniprogram.TouchEvent) { this.setData({ kind: event.currentTarget.dataset['value'] as string }) },
  chooseMinutes(event: WechatMiniprogram.TouchEvent) {
    this.setData({ minutes: Number(event.currentTarget.dataset['value']) })
    void this.loadTimes()
  },
  chooseDay(event: WechatMiniprogram.CustomEvent<{ day: string }>) {
    this.setData({ day: event.detail.day })
    void this.loadTimes()
  },
  chooseTime(event: WechatMiniprogram.TouchEvent) {
    const chosen = this.data.times.find((one) => one.starts_at === event.currentTarget.dataset['starts'])
    if (chosen) this.setData({ startsAt: chosen.starts_at, refused: '', beijing: fill(words().call.beijing, { at: chosen.beijing }) })
  },
  agree() { this.setData({ agreed: !this.data.agreed, refused: '' }) },
  async book() {
    const { busy, startsAt, host, kind, minutes, agreed } = this.data
    const t = words().call
    if (busy) return
    if (!startsAt || !agreed) {
      this.setData({ refused: startsAt ? t.agree : t.choose })
      return
    }
    this.setData({ busy: true, refused: '' })
    try {
      await askToNotify('appointment')
      const made = await bookCall({ associate: Number(host), kind, starts_at: startsAt, minutes, agreed })
      const title = kindsOf().find((one) => one.value === made.kind)?.title ?? made.kind
      this.setData({ booked: `${title} · ${made.host} · ${momentLabel(made.starts_at, currentLanguage())}` })
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
  toVisits() { wx.redirectTo({ url: '/pages/appointment/appointment' }) },
  toChat() { wx.redirectTo({ url: '/pages/chat/chat' }) },
})
