// Books a visit: a store, a day, a free time; confirmed by the server, kept in the phone's calendar when wished.
import type { OptionRow } from '../../components/options/options'
import { bookAppointment, cancelAppointment, listAppointments, listBoutiques, listSlots } from '../../utils/api'
import { upcoming } from '../../utils/appointments'
import { API_ORIGIN } from '../../utils/config'
import { daysFrom, momentLabel, type DayChoice } from '../../utils/days'
import { currentLanguage, words } from '../../utils/language'
import { messageOf, storeName, toast, type Phase } from '../../utils/page'
import { askToNotify } from '../../utils/subscribing'
import type { Appointment, Slot } from '../../utils/types'
import { cardTo } from '../../utils/sharing'

const DAYS_AHEAD = 14

interface SlotChip { startsAt: string; label: string; free: boolean; spoken: string }
interface Booked { id: string; when: string; where: string; startsAt: string; endsAt: string; calendar: string }

function slotChip(slot: Slot): SlotChip {
  const t = words().appointment
  const free = Number(slot.free) > 0
  return { startsAt: slot.starts_at, label: slot.label, free, spoken: `${slot.label} ${free ? t.free : t.full}` }
}

function bookedFrom(made: Appointment): Booked {
  const name = storeName({ name: made.boutique_name, name_zh: made.boutique_name_zh })
  return {
    id: made.appointment_id, when: momentLabel(made.starts_at, currentLanguage()), where: `${name} · ${made.address}`,
    startsAt: made.starts_at, endsAt: made.ends_at,
    calendar: made.calendar_url.startsWith('/') ? API_ORIGIN + made.calendar_url : made.calendar_url,
  }
}

Page({
  data: {
    mine: [] as Booked[], t: words().appointment, milanTime: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', stores: [] as OptionRow[], boutique: '',
    days: [] as DayChoice[], day: '', slots: [] as SlotChip[], slotsPhase: 'loading' as Phase, startsAt: '', kind: 'visit', busy: false, refused: '',
    booked: null as Booked | null,
  },
  onLoad(query: { boutique?: string }) {
    const t = words()
    const days = daysFrom(new Date(), DAYS_AHEAD, currentLanguage())
    wx.setNavigationBarTitle({ title: t.appointment.title })
    this.setData({
      t: t.appointment, milanTime: t.common.milanTime, retry: t.common.retry, errorTitle: t.error.title, days, day: days[1]!.day,
      boutique: query.boutique ?? '',
    })
    void this.load()
  },
  onShareAppMessage() { return cardTo('appointment', words().appointment.title, { boutique: this.data.boutique }) },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      await this.loadMine()
      const boutiques = (await listBoutiques()).filter((one) => one.open_to_bookings !== false)
      const wanted = boutiques.find((one) => [String(one.id), one.code].includes(this.data.boutique)) ?? boutiques[0]
      this.setData({
        phase: boutiques.length ? 'ready' : 'empty', boutique: String(wanted?.id ?? ''),
        stores: boutiques.map((one) => ({ value: String(one.id), title: storeName(one), note: one.address })),
      })
      if (boutiques.length) await this.loadSlots()
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  async loadMine() {
    this.setData({ mine: upcoming(await listAppointments(), new Date()).map(bookedFrom) })
  },
  cancel(event: WechatMiniprogram.TouchEvent) {
    const t = words().appointment
    const chosen = this.data.mine.find((one) => one.id === event.currentTarget.dataset['id'])
    if (!chosen) return
    wx.showModal({
      title: t.cancelTitle, content: `${chosen.when}\n${chosen.where}`, confirmText: t.cancelYes, cancelText: t.cancelNo,
      success: ({ confirm }) => { if (confirm) void this.giveBack(chosen.id) },
    })
  },
  async giveBack(appointment: string) {
    try {
      await cancelAppointment(appointment)
      toast(words().appointment.cancelled)
      await this.loadMine()
      await this.loadSlots()
    } catch (error) {
      toast(messageOf(error))
    }
  },
  async loadSlots() {
    const { boutique, day } = this.data
    this.setData({ slotsPhase: 'loading', startsAt: '', refused: '' })
    try {
      const slots = await listSlots(boutique, day)
      if (boutique !== this.data.boutique || day !== this.data.day) return // another day was chosen meanwhile
      const chips = slots.map(slotChip)
      this.setData({ slots: chips, slotsPhase: chips.some((chip) => chip.free) ? 'ready' : 'empty' })
    } catch (error) {
      this.setData({ slotsPhase: 'error', problem: messageOf(error) })
    }
  },
  chooseBoutique(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.setData({ boutique: event.detail.value })
    void this.loadSlots()
  },
  chooseDay(event: WechatMiniprogram.CustomEvent<{ day: string }>) {
    this.setData({ day: event.detail.day })
    void this.loadSlots()
  },
  chooseSlot(event: WechatMiniprogram.TouchEvent) {
    const startsAt = event.currentTarget.dataset['starts'] as string
    if (this.data.slots.some((chip) => chip.startsAt === startsAt && chip.free)) this.setData({ startsAt, refused: '' })
    else this.setData({ refused: words().appointment.full })
  },
  chooseKind(event: WechatMiniprogram.TouchEvent) { this.setData({ kind: event.currentTarget.dataset['kind'] as string }) },
  async book() {
    const { busy, startsAt, kind, boutique } = this.data
    if (busy) return
    if (!startsAt) {
      this.setData({ refused: words().appointment.choose })
      return
    }
    this.setData({ busy: true, refused: '' })
    try {
      await askToNotify('appointment')
      const made = await bookAppointment(boutique, startsAt, kind)
      this.setData({ booked: bookedFrom(made) })
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
  addToCalendar() {
    const booked = this.data.booked
    if (!booked) return
    const seconds = (instant: string): number => Math.floor(new Date(instant).getTime() / 1000)
    wx.addPhoneCalendar({
      title: words().appointment.title, startTime: seconds(booked.startsAt), endTime: String(seconds(booked.endsAt)), location: booked.where,
      success: () => { toast(words().appointment.calendarDone) },
      fail: () => undefined, // the person said no on the phone's own sheet
    })
  },
  copyLink() {
    const data = this.data.booked?.calendar ?? ''
    wx.setClipboardData({ data, success: () => { toast(words().appointment.copied) } })
  },
  another() {
    this.setData({ booked: null })
    void this.load()
  },
})
