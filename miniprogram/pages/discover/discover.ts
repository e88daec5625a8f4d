// The whole guide to wander through: by kind, district and hours, a screenful at a time.
import { browsePlaces } from '../../utils/api'
import { districtsKept, keepDistricts } from '../../utils/districts'
import { facetsOf, narrowed, NOTHING_CHOSEN, type Chosen, type Option } from '../../utils/facets'
import { hoursText } from '../../utils/hours'
import { currentLanguage, fill, words } from '../../utils/language'
import { detailOf } from '../../utils/pack'
import { messageOf, needsConfirming, type Phase } from '../../utils/page'
import { byDistance, askWhere, choosePlace, distanceText, metresBetween, spotOf, type Spot } from '../../utils/nearby'
import { orSaved, savedPack } from '../../utils/saved'
import { cardTo } from '../../utils/sharing'
import type { PlaceCard } from '../../utils/types'

const ROWS_AT_ONCE = 6

interface Row { code: string; name: string; italian: string; about: string; spoken: string; hours: string; confirm: boolean; far: string }
interface Chip { value: string; name: string; count: number }

const categoryName = (category: string): string => (words().category as { [name: string]: string })[category] ?? category

function rowOf(place: PlaceCard, districts: Map<string, string>, from: Spot | null): Row {
  const about = [categoryName(place.category), districts.get(place.district) ?? ''].filter(Boolean).join(' · ')
  return {
    code: place.code, name: place.name, italian: place.name_it === place.name ? '' : place.name_it, about,
    spoken: fill(words().discover.open, { name: place.name, about }),
    hours: place.hours_today ? hoursText(place.hours_today, currentLanguage()) : '',
    confirm: needsConfirming(place.confidence.hours), far: farOf(place, from),
  }
}

function farOf(place: PlaceCard, from: Spot | null): string {
  const at = spotOf(place)
  return at && from ? distanceText(metresBetween(at, from)) : ''
}

function fromPack(): PlaceCard[] | null {
  const pack = savedPack()
  return pack.version ? pack.places.map((place) => detailOf(place, currentLanguage())) : null
}

/** The list's cards carry their marks apart. */
const carded = (place: PlaceCard & { conf_hours?: string; hours_confirmed_on?: string | null }): PlaceCard =>
  place.confidence ? place : { ...place, confidence: { hours: place.hours_confirmed_on ? 'H' : place.conf_hours ?? 'L', coord: 'H' } }

Page({
  data: {
    t: words().discover, common: words().common, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', offline: '', chosen: NOTHING_CHOSEN,
    categories: [] as Chip[], districts: [] as Chip[], today: 0, free: 0, narrow: false, heading: '', chunks: [] as Row[][], more: false,
    near: '', refused: '', mayAllow: false, asking: false,
  },
  from: null as Spot | null,
  places: [] as PlaceCard[],
  found: [] as PlaceCard[],
  onLoad() {
    const t = words()
    wx.setNavigationBarTitle({ title: t.discover.title })
    this.setData({ t: t.discover, common: t.common, retry: t.common.retry, errorTitle: t.error.title })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const { value: places, note: offline } = await orSaved(() => this.ask(), fromPack)
      this.places = places
      this.setData({ offline, phase: places.length ? 'ready' : 'empty' })
      this.narrow(NOTHING_CHOSEN)
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  async ask(): Promise<PlaceCard[]> {
    const { places, districts } = await browsePlaces()
    keepDistricts(districts)
    return places.map(carded)
  },
  narrow(chosen: Chosen) {
    const names = this.districtNames()
    const facets = facetsOf(this.places, chosen)
    const found = narrowed(this.places, chosen)
    this.found = this.from ? byDistance(found, this.from) : found
    const chips = (options: Option[], name: (value: string) => string): Chip[] =>
      options.map(({ value, count }) => ({ value, count, name: name(value) }))
    this.setData({
      chosen,
      narrow: chosen !== NOTHING_CHOSEN || this.from !== null,
      categories: chips(facets.categories, categoryName),
      districts: chips(facets.districts.filter(({ value }) => names.has(value)), (value) => names.get(value)!),
      today: facets.today, free: facets.free,
      heading: fill(words().discover.count, { n: this.found.length }),
      chunks: [],
    })
    this.onReachBottom()
    this.onReachBottom() // a tall screen has to have something to scroll
  },
  districtNames(): Map<string, string> { return new Map(districtsKept().map(({ code, name }) => [code, name])) },
  /** Only what is new crosses to the page, in a list of its own: a thousand rows above it are not looked at again. */
  onReachBottom() {
    const shown = this.data.chunks.length * ROWS_AT_ONCE
    const names = this.districtNames()
    const { from } = this
    const next = this.found.slice(shown, shown + ROWS_AT_ONCE)
    const more = this.found.length > shown + next.length
    if (next.length) this.setData({ [`chunks[${this.data.chunks.length}]`]: next.map((place: PlaceCard) => rowOf(place, names, from)), more })
  },
  choose(event: WechatMiniprogram.TouchEvent) {
    const { field, value } = event.currentTarget.dataset as { field: 'category' | 'district'; value: string }
    this.narrow({ ...this.data.chosen, [field]: this.data.chosen[field] === value ? '' : value })
  },
  turn(event: WechatMiniprogram.TouchEvent) {
    const { field } = event.currentTarget.dataset as { field: 'today' | 'free' }
    if (!this.data.chosen[field] && !this.data[field]) return // it would show nothing
    this.narrow({ ...this.data.chosen, [field]: !this.data.chosen[field] })
  },
  reset() { this.sortFrom(null, '', NOTHING_CHOSEN) },
  /** Nearest first from here, or the guide's own order again; a refusal keeps the list and shows two ways on. */
  async turnNear() {
    if (this.from) {
      this.sortFrom(null, '')
      return
    }
    if (this.data.asking) return
    this.setData({ asking: true })
    const asked = await askWhere()
    this.setData({ asking: false })
    const t = words().discover
    if (asked.kind === 'here') this.sortFrom(asked.at, t.me)
    else this.setData({ refused: asked.kind === 'refused' ? t.refused : t.unknown, mayAllow: asked.kind === 'refused' })
  },
  sortFrom(from: Spot | null, name: string, chosen?: Chosen) {
    this.from = from
    this.setData({ refused: '', near: from ? fill(words().discover.nearTo, { name }) : '' })
    this.narrow(chosen ?? this.data.chosen)
  },
  async allow() {
    const { authSetting } = await wx.openSetting()
    if (authSetting['scope.userLocation']) await this.turnNear()
  },
  async point() {
    const chosen = await choosePlace(this.from)
    if (chosen) this.sortFrom(chosen.at, chosen.name)
  },
  onShareAppMessage() { return cardTo('discover', fill(words().discover.shareTitle, { n: this.places.length })) },
  open(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/place/place?code=${event.currentTarget.dataset['code'] as string}` })
  },
  toTax() { wx.navigateTo({ url: '/pages/tax-refund/tax-refund' }) },
  toSearch() { wx.navigateTo({ url: '/pages/search/search' }) },
})
