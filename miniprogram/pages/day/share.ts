// The stay as a picture: drawn here, kept or sent by WeChat's own sheet.
import { readTrip } from '../../utils/api'
import { canvasOf } from '../../utils/canvas'
import { cardHeight, drawCard, type Card, type CardDay } from '../../utils/card'
import { HOUSE_NAME } from '../../utils/config'
import { dayTitle, milanTime } from '../../utils/days'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, type Phase } from '../../utils/page'
import { orSaved, savedTrip } from '../../utils/saved'
import type { Trip } from '../../utils/types'

const PICTURE_RATIO = 3 // sharp on any screen that the picture is opened on

const daysOf = (trip: Trip): CardDay[] => trip.days.filter((plan) => plan.stops.length).map((plan) => ({
  title: dayTitle(plan.day, currentLanguage()),
  stops: plan.stops.map((stop) => ({ time: milanTime(stop.arrive), name: stop.name })),
}))

Page({
  data: {
    t: words().share, retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', height: 0, label: '', drawn: false, busy: false, refused: '',
  },
  canvas: null as WechatMiniprogram.Canvas | null,
  onLoad(query: { trip?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.share.title })
    this.setData({ t: t.share, retry: t.common.retry, errorTitle: t.error.title, id: query.trip ?? '' })
    void this.load()
  },
  async load() {
    this.setData({ phase: 'loading' })
    try {
      const { id } = this.data
      const { value: trip } = await orSaved(() => readTrip(id), () => savedTrip(id))
      const t = words().share
      const card: Card = { heading: t.heading, days: daysOf(trip), foot: fill(t.foot, { house: HOUSE_NAME }) }
      const spoken = card.days.map((day) => `${day.title} ${day.stops.map((stop) => stop.name).join('、')}`).join('；')
      this.setData({ phase: 'ready', height: cardHeight(card.days), label: fill(t.label, { text: spoken }) }, () => { this.draw(card) })
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  draw(card: Card) {
    canvasOf('#card', this, ({ canvas, context, width, height }) => {
      this.canvas = canvas
      drawCard(context, width, height, card)
      this.setData({ drawn: true })
    }, PICTURE_RATIO)
  },
  send() {
    if (!this.canvas || this.data.busy) return
    this.setData({ busy: true, refused: '' })
    const end = (): void => { this.setData({ busy: false }) }
    wx.canvasToTempFilePath({
      canvas: this.canvas,
      fileType: 'png',
      success: ({ tempFilePath }) => { wx.showShareImageMenu({ path: tempFilePath, fail: () => undefined, complete: end }) },
      fail: () => {
        this.setData({ refused: words().error.refused })
        end()
      },
    })
  },
})
