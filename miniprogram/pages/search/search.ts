// Finds places by any name in any script, as the person types.
import { searchPlaces } from '../../utils/api'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, needsConfirming, type Phase } from '../../utils/page'
import { detailOf, findSaved } from '../../utils/pack'
import { orSaved, savedPack } from '../../utils/saved'
import type { PlaceCard } from '../../utils/types'

const PAUSE_MS = 250

interface Row {
  code: string
  name: string
  italian: string
  about: string
  confirm: boolean
}

function rowOf(place: PlaceCard): Row {
  const categories: { [name: string]: string } = words().category
  return {
    code: place.code,
    name: place.name,
    italian: place.name_it === place.name ? '' : place.name_it,
    about: categories[place.category] ?? place.category,
    confirm: needsConfirming(place.confidence.hours),
  }
}

function fromPack(q: string): PlaceCard[] | null {
  const pack = savedPack()
  return pack.version ? findSaved(pack, q).map((place) => detailOf(place, currentLanguage())) : null
}

Page({
  data: {
    t: words().search, common: words().common, retry: words().common.retry, q: '', phase: 'idle' as Phase | 'idle',
    rows: [] as Row[], heading: '', problem: '', errorTitle: '', note: '',
  },
  timer: 0,
  asked: 0,
  onLoad(query: { q?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.search.title })
    this.setData({ t: t.search, common: t.common, retry: t.common.retry, errorTitle: t.error.title })
    if (query.q) this.ask(decodeURIComponent(query.q))
  },
  onUnload() { clearTimeout(this.timer) },
  type(event: WechatMiniprogram.Input) {
    this.setData({ q: event.detail.value })
    clearTimeout(this.timer)
    this.timer = setTimeout(() => { void this.search() }, PAUSE_MS)
  },
  confirm(event: WechatMiniprogram.Input) { this.ask(event.detail.value) },
  suggest(event: WechatMiniprogram.TouchEvent) { this.ask(event.currentTarget.dataset['term'] as string) },
  clear() { this.ask('') },
  again() { void this.search() },
  ask(q: string) {
    clearTimeout(this.timer)
    this.setData({ q })
    void this.search()
  },
  async search() {
    const q = this.data.q.trim()
    this.asked += 1
    const mine = this.asked
    if (!q) {
      this.setData({ phase: 'idle', rows: [], note: '' })
      return
    }
    if (this.data.phase !== 'ready') this.setData({ phase: 'loading' })
    try {
      const { value: places, note } = await orSaved(() => searchPlaces(q), () => fromPack(q))
      if (mine !== this.asked) return // an answer to an older question
      const t = words().search
      const phase = places.length ? 'ready' : 'empty'
      const heading = fill(places.length ? t.results : t.empty, { n: places.length, q })
      this.setData({ phase, heading, note, rows: places.map(rowOf) })
    } catch (error) {
      if (mine === this.asked) this.setData({ phase: 'error', note: '', problem: messageOf(error) })
    }
  },
  open(event: WechatMiniprogram.TouchEvent) {
    wx.navigateTo({ url: `/pages/place/place?code=${event.currentTarget.dataset['code'] as string}` })
  },
})
