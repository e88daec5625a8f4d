// One place: when it is open, how sure we are, its Italian name for the driver, and into the day it goes.
import { readPlace } from '../../utils/api'
import { keepWanted, toggled, wantedPlaces } from '../../utils/basket'
import { dayTitle } from '../../utils/days'
import { hoursText } from '../../utils/hours'
import { currentLanguage, fill, words } from '../../utils/language'
import { spotIn, spotOf, type Spot } from '../../utils/nearby'
import { cardTo, isAlone, postOf } from '../../utils/sharing'
import { messageOf, needsConfirming, picture, sentence, toast, type Phase } from '../../utils/page'
import { detailOf } from '../../utils/pack'
import { orSaved, savedPack } from '../../utils/saved'
import type { PlaceDetail } from '../../utils/types'

interface Fact { label: string; value: string }
interface Known { text: string; said: string; old: string }
interface OfferRow { text: string; days: string }
interface Photo { src: string; alt: string; credit: string }

const offersOf = (place: PlaceDetail): OfferRow[] => (place.offers ?? []).map((one) => ({
  text: one.text,
  days: fill(words().place.offerDays, { from: dayTitle(one.begins, currentLanguage()), until: dayTitle(one.ends, currentLanguage()) }),
}))

const photosOf = (place: PlaceDetail): Photo[] => (place.photos ?? []).map((one) => ({ src: picture(one.src), alt: one.alt, credit: one.credit ?? '' }))

function factsOf(place: PlaceDetail): Fact[] {
  const t = words()
  const admissions: { [name: string]: string } = t.place.admissions
  const bookings: { [name: string]: string } = t.place.bookings
  const facts: Fact[] = []
  if (place.hours_text) facts.push({ label: t.place.hours, value: hoursText(place.hours_text, currentLanguage()) })
  if (place.hours_today) facts.push({ label: t.place.today, value: hoursText(place.hours_today, currentLanguage()) })
  if (place.visit_minutes) facts.push({ label: t.place.visit, value: t.common.minutes.replace('{n}', String(place.visit_minutes)) })
  if (place.admission) facts.push({ label: t.place.admission, value: admissions[place.admission] ?? place.admission })
  if (place.booking) facts.push({ label: t.place.booking, value: bookings[place.booking] ?? place.booking })
  const note = place.note || place.hours_note
  if (note) facts.push({ label: t.place.note, value: note })
  return facts
}

/** What is known with who said it and when; of a saved place that is the day of its hours alone. */
function knownOf(place: PlaceDetail): Known[] {
  const t = words().place
  const byWhom = place.code.startsWith('partner:') ? t.bySeller : t.byEditors
  const told = place.facts ?? (place.hours_on ? [{ text: t.hours, source_text: byWhom, confirmed_on: place.hours_on, standing: 'fresh' }] : [])
  return told.map((one) => {
    const when = one.confirmed_on ? fill(t.confirmedOn, { day: dayTitle(one.confirmed_on, currentLanguage()) }) : one.standing === 'undated' ? t.undated : ''
    return { text: one.text, said: [one.source_text, when].filter(Boolean).join(' · '), old: one.standing === 'stale' ? t.old : '' }
  })
}

/** The server's own words on what to confirm, else ours; empty when the hours were checked. */
function confirmText(place: PlaceDetail): string {
  if (typeof place.confirm === 'string') return sentence(place.confirm)
  const needed = place.confirm ?? needsConfirming(place.confidence.hours)
  return needed ? words().common.confirmMark : ''
}

function fromPack(code: string): PlaceDetail | null {
  const found = savedPack().places.find((place) => place.code === code)
  return found ? detailOf(found, currentLanguage()) : null
}

Page({
  data: {
    t: words().place, milanTime: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', code: '', name: '', italian: '',
    about: '', confirm: '', facts: [] as Fact[], known: [] as Known[], wanted: false, offline: '', at: null as Spot | null,
    offers: [] as OfferRow[], photos: [] as Photo[], markers: [] as object[], mapLabel: '', aloneNote: '',
  },
  onLoad(query: { code?: string; title?: string; at?: string }) {
    const t = words()
    this.setData({ t: t.place, milanTime: t.common.milanTime, retry: t.common.retry, errorTitle: t.error.title, code: query.code ?? '' })
    wx.setNavigationBarTitle({ title: t.place.title })
    if (isAlone()) this.showAlone(decodeURIComponent(query.title ?? ''), decodeURIComponent(query.at ?? ''))
    else void this.load()
  },
  onShareAppMessage() { return cardTo('place', fill(words().place.shareTitle, { name: this.data.name }), { code: this.data.code }) },
  onShareTimeline() {
    const { name, code, at } = this.data
    return postOf(fill(words().place.shareTitle, { name }), { code, title: name, at: at ? `${at.lat},${at.lon}` : '' })
  },
  /** What the address itself says: its name, and where it is. */
  showAlone(name: string, where: string) {
    const at = spotIn(where)
    this.setData({ phase: 'alone', name, at, aloneNote: words().common.alone })
    this.mark(name, at)
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const { code } = this.data
      const { value: place, note: offline } = await orSaved(() => readPlace(code), () => fromPack(code))
      const categories: { [name: string]: string } = words().category
      this.setData({
        phase: 'ready', offline, name: place.name, italian: place.name_it, about: categories[place.category] ?? place.category,
        offers: offersOf(place), photos: photosOf(place), confirm: confirmText(place), facts: factsOf(place), known: knownOf(place), at: spotOf(place), wanted: wantedPlaces().some((kept) => kept.code === place.code),
      })
      this.mark(place.name, spotOf(place))
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  mark(name: string, at: Spot | null) {
    const label = fill(words().place.mapLabel, { name })
    const pin = at && { id: 1, latitude: at.lat, longitude: at.lon, iconPath: '/images/pin.png', width: 36, height: 43, 'aria-label': label }
    this.setData({ markers: pin ? [pin] : [], mapLabel: label })
  },
  copy() {
    const { copied } = words().place
    wx.setClipboardData({ data: this.data.italian, success: () => { toast(copied) } })
  },
  openMap() {
    const { at, name, italian } = this.data
    if (at) wx.openLocation({ latitude: at.lat, longitude: at.lon, name, address: italian })
  },
  toggle() {
    const { code, name, wanted } = this.data
    keepWanted(toggled(wantedPlaces(), { code, name }))
    this.setData({ wanted: !wanted })
    toast(wanted ? this.data.t.removed : this.data.t.added)
  },
  toPlan() { wx.switchTab({ url: '/pages/plan/plan' }) },
})
