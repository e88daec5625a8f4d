// Books a visit: a store, a day, a free time; confirmed by the server, kept in the phone's calendar when wished.
import type { OptionRow } from '../../components/options/options'
import {
  bookAppointment, cancelAppointment, cancelConsultation, holdFittings, listAppointments, listBoutiques, listConsultations, listFittings, listSlots, moveAppointment, openBag, releaseFitting,
} from '../../utils/api'
import { callsAhead, held, upcoming } from '../../utils/appointments'
import { toTryOn, type Wished } from '../../utils/bags'
import { API_ORIGIN } from '../../utils/config'
import { daysFrom, momentLabel, type DayChoice } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, storeName, toast, type Phase } from '../../utils/page'
import { newKey } from '../../utils/paying'
import { ApiError } from '../../utils/request'
import { askToNotify } from '../../utils/subscribing'
import type { Appointment, Boutique, Consultation, Fitting, Slot } from '../../utils/types'
import { cardTo } from '../../utils/sharing'

const DAYS_AHEAD = 14

interface SlotChip { startsAt: string; label: string; free: boolean; spoken: string }
interface Booked { id: string; boutique: string; kind: string; day: string; when: string; where: string; startsAt: string; endsAt: string; calendar: string; piece: string; pieceIds: number[] }
interface HeldPiece { id: number; name: string; until: string }
interface Call { id: string; title: string; when: string; url: string }

const nameOf = (one: Fitting): string => [one.name, one.label].filter(Boolean).join(' · ')

function callRow(one: Consultation): Call {
  const kinds: { [kind: string]: string } = words().appointment.callKinds
  return { id: one.id, title: `${kinds[one.kind] ?? one.kind} · ${one.host}`, when: momentLabel(one.starts_at, currentLanguage()), url: one.url }
}

function slotChip(slot: Slot): SlotChip {
  const t = words().appointment
  const free = Number(slot.free) > 0
  return { startsAt: slot.starts_at, label: slot.label, free, spoken: `${slot.label} ${free ? t.free : t.full}` }
}

function bookedFrom(made: Appointment, pieces: Fitting[] = []): Booked {
  const name = storeName({ name: made.boutique_name, name_zh: made.boutique_name_zh })
  return {
    id: made.appointment_id, boutique: String(made.boutique_id), kind: made.kind, day: made.local_time.slice(0, 10), when: momentLabel(made.starts_at, currentLanguage()), where: `${name} · ${made.address}`,
    startsAt: made.starts_at, endsAt: made.ends_at, piece: pieces.map(nameOf).join(words().appointment.and), pieceIds: pieces.map((one) => one.id),
    calendar: made.calendar_url.startsWith('/') ? API_ORIGIN + made.calendar_url : made.calendar_url,
  }
}

Page({
  data: {
    mine: [] as Booked[], t: words().appointment, milanTime: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', stores: [] as OptionRow[], boutique: '',
    days: [] as DayChoice[], day: '', slots: [] as SlotChip[], slotsPhase: 'loading' as Phase, startsAt: '', kind: 'visit', busy: false, refused: '',
    booked: null as Booked | null, calls: [] as Call[], pieces: [] as HeldPiece[], wished: [] as Wished[], moving: null as Booked | null, hasMoved: false, heldSaid: '', notHeld: [] as string[],
  },
  boutiques: [] as Boutique[],
  bag: '', // the token of the bag whose pieces are to be tried on
  onLoad(query: { boutique?: string; variant?: string; piece?: string; bag?: string }) {
    const t = words()
    const days = daysFrom(new Date(), DAYS_AHEAD, currentLanguage())
    wx.setNavigationBarTitle({ title: t.appointment.title })
    this.setData({
      t: t.appointment, milanTime: t.common.milanTime, retry: t.common.retry, errorTitle: t.error.title, days, day: days[1]!.day,
      boutique: query.boutique ?? '', kind: query.variant || query.bag ? 'fitting' : 'visit',
      wished: query.variant ? [{ variant: Number(query.variant), name: decodeURIComponent(query.piece ?? ''), chosen: true }] : [],
    })
    this.bag = query.bag ?? ''
    void this.load()
  },
  onShareAppMessage() { return cardTo('appointment', words().appointment.title, { boutique: this.data.boutique }) },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      await this.loadMine()
      if (this.bag) this.setData({ wished: toTryOn(await openBag(this.bag)) })
      const boutiques = (await listBoutiques()).filter((one) => one.open_to_bookings !== false)
      this.boutiques = boutiques
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
    const [appointments, fittings, calls] = await Promise.all([listAppointments(), listFittings(), listConsultations()])
    const ahead = upcoming(appointments, new Date())
    const kept = held(fittings)
    const own = (visit: string): Fitting[] => kept.filter((one) => one.appointment === visit)
    this.setData({
      mine: ahead.map((one) => bookedFrom(one, own(one.appointment_id))),
      pieces: kept.filter((one) => !ahead.some((visit) => visit.appointment_id === one.appointment))
        .map((one) => ({ id: one.id, name: nameOf(one), until: fill(words().appointment.heldUntil, { at: momentLabel(one.held_until, currentLanguage()) }) })),
      calls: callsAhead(calls, new Date()).map(callRow),
    })
  },
  cancel(event: WechatMiniprogram.TouchEvent) {
    const t = words().appointment
    const chosen = this.data.mine.find((one) => one.id === event.currentTarget.dataset['id'])
    if (!chosen) return
    wx.showModal({
      title: t.cancelTitle, content: `${chosen.when}\n${chosen.where}`, confirmText: t.cancelYes, cancelText: t.cancelNo,
      success: ({ confirm }) => { if (confirm) void this.giveBack(chosen) },
    })
  },
  /** The same page chooses the new time: the boutique and what it is for stay as booked. */
  change(event: WechatMiniprogram.TouchEvent) {
    const moving = this.data.mine.find((one) => one.id === event.currentTarget.dataset['id'])
    if (!moving) return
    const day = this.data.days.some((choice) => choice.day === moving.day) ? moving.day : this.data.days[1]!.day
    this.setData({ moving, boutique: moving.boutique, kind: moving.kind, day })
    void this.loadSlots()
  },
  keep() {
    this.setData({ moving: null })
    void this.loadSlots()
  },
  async move() {
    const { moving } = this.data
    if (!moving) return
    await this.take(async (startsAt: string) => {
      this.setData({ booked: bookedFrom(await moveAppointment(moving.id, startsAt)), moving: null, hasMoved: true })
    })
  },
  /** A visit that is given back needs its pieces no longer. */
  giveBack(visit: Booked) {
    return this.undo(async () => {
      await cancelAppointment(visit.id)
      await Promise.all(visit.pieceIds.map(releaseFitting))
    }, words().appointment.cancelled)
  },
  release(event: WechatMiniprogram.TouchEvent) {
    const t = words().appointment
    const chosen = this.data.pieces.find((one) => one.id === event.currentTarget.dataset['id'])
    if (!chosen) return
    wx.showModal({
      title: t.releaseTitle, content: chosen.name, confirmText: t.release, cancelText: t.cancelNo,
      success: ({ confirm }) => { if (confirm) void this.undo(() => releaseFitting(chosen.id), t.released) },
    })
  },
  /** WeChat gives mini programs no camera stream to others' servers: the call itself is in the phone's browser. */
  join(event: WechatMiniprogram.TouchEvent) {
    const t = words().appointment
    const chosen = this.data.calls.find((one) => one.id === event.currentTarget.dataset['id'])
    if (chosen) wx.setClipboardData({ data: chosen.url, success: () => { toast(t.callCopied) } })
  },
  leaveCall(event: WechatMiniprogram.TouchEvent) {
    const t = words().appointment
    const chosen = this.data.calls.find((one) => one.id === event.currentTarget.dataset['id'])
    if (!chosen) return
    wx.showModal({
      title: t.callCancelTitle, content: `${chosen.title}\n${chosen.when}`, confirmText: t.cancelYes, cancelText: t.cancelNo,
      success: ({ confirm }) => { if (confirm) void this.undo(() => cancelConsultation(chosen.id), t.callCancelled) },
    })
  },
  async undo(act: () => Promise<unknown>, done: string) {
    try {
      await act()
      toast(done)
      await this.loadMine()
      await this.loadSlots()
    } catch (error) {
      toast(messageOf(error))
    }
  },
  async loadSlots() {
    const { boutique, day, kind } = this.data
    this.setData({ slotsPhase: 'loading', startsAt: '', refused: '' })
    try {
      const slots = await listSlots(boutique, day, kind)
      if (boutique !== this.data.boutique || day !== this.data.day || kind !== this.data.kind) return // another day was chosen meanwhile
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
  /** Fitting rooms have free times of their own. */
  chooseKind(event: WechatMiniprogram.TouchEvent) {
    this.setData({ kind: event.currentTarget.dataset['kind'] as string })
    void this.loadSlots()
  },
  async book() {
    const { kind, boutique } = this.data
    await this.take(async (startsAt: string) => {
      const made = await bookAppointment(boutique, startsAt, kind)
      this.setData({ booked: bookedFrom(made) })
      if (kind === 'fitting') await this.holdPieces(made)
    })
  },
  /** Does something with the chosen time, once, when WeChat has asked whether a notice may come. */
  async take(act: (startsAt: string) => Promise<void>) {
    const { busy, startsAt } = this.data
    if (busy) return
    if (!startsAt) {
      this.setData({ refused: words().appointment.choose })
      return
    }
    this.setData({ busy: true, refused: '' })
    try {
      await askToNotify('appointment')
      await act(startsAt)
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
  choosePiece(event: WechatMiniprogram.TouchEvent) {
    const variant = Number(event.currentTarget.dataset['variant'])
    this.setData({ wished: this.data.wished.map((one) => (one.variant === variant ? { ...one, chosen: !one.chosen } : one)) })
  },
  /** The time is booked whether or not the pieces can be held; what came of each is said. */
  async holdPieces(made: Appointment) {
    const t = words().appointment
    const asked = this.data.wished.filter((one) => one.chosen)
    const code = this.boutiques.find((one: Boutique) => String(one.id) === this.data.boutique)?.code ?? ''
    const missing = (one: Wished, why: string): string => fill(t.pieceNotHeld, { piece: one.name, why })
    if (!asked.length) return
    try {
      const { refused } = await holdFittings({ variant_ids: asked.map((one) => one.variant), boutique: code, appointment: made.appointment_id, wanted_at: made.starts_at, key: newKey() })
      const why = new Map(refused.map((one) => [one.variant_id, one.message]))
      this.setData({
        heldSaid: fill(t.pieceHeld, { piece: asked.filter((one) => !why.has(one.variant)).map((one) => one.name).join(t.and) }),
        notHeld: asked.flatMap((one) => { const said = why.get(one.variant); return said ? [missing(one, said)] : [] }),
      })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.setData({ heldSaid: '', notHeld: asked.map((one) => missing(one, error.message)) })
    }
  },
  bookCall() { wx.navigateTo({ url: '/pages/call/call' }) },
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
    this.bag = ''
    this.setData({ booked: null, hasMoved: false, heldSaid: '', notHeld: [], wished: [] })
    void this.load()
  },
})
