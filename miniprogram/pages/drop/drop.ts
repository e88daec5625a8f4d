// A limited release: when it opens, what is left, one piece for each person, and the way to pay for it.
import { claimPiece, joinLine, readDrop, reservePiece } from '../../utils/api'
import { dropLine, dropPhase, standingOf, type DropPhase, type Standing } from '../../utils/drops'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, picture, type Phase } from '../../utils/page'
import { ApiError } from '../../utils/request'
import { askToNotify } from '../../utils/subscribing'
import type { Drop, Reservation } from '../../utils/types'
import { cardTo } from '../../utils/sharing'

Page({
  data: {
    t: words().drop, milanTime: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', name: '', description: '', image: '',
    price: '', settle: '', line: '', left: '', stage: 'before' as DropPhase, busy: false, standing: null as Standing | null, refused: '',
  },
  onLoad(query: { id?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.drop.title })
    this.setData({ t: t.drop, milanTime: t.common.milanTime, retry: t.common.retry, errorTitle: t.error.title, id: query.id ?? '' })
  },
  onShow() { void this.load() },
  onShareAppMessage() { return cardTo('drop', this.data.name, { id: this.data.id }) },
  async load() {
    if (this.data.phase !== 'ready') this.setData({ phase: 'loading' })
    try {
      this.show(await readDrop(this.data.id))
    } catch (error) {
      this.setData({ phase: 'error', problem: messageOf(error) })
    }
  },
  show(drop: Drop) {
    const now = new Date()
    const counted = drop.left !== undefined && drop.total !== undefined
    const stage = dropPhase(drop, now)
    this.setData({
      phase: 'ready', stage, name: drop.name, description: drop.description ?? '', image: drop.image ? picture(drop.image) : '',
      price: drop.price_text ?? '', settle: drop.settle_text ?? '', standing: standingOf(drop.reservation),
      line: stage === 'open' ? words().home.open : dropLine(drop, now, currentLanguage()),
      left: counted ? fill(words().drop.left, { n: drop.left!, total: drop.total! }) : '',
    })
  },
  async ask(question: () => Promise<Reservation>) {
    if (this.data.busy) return
    this.setData({ busy: true, refused: '' })
    try {
      this.setData({ standing: standingOf(await question()) })
      await this.load()
    } catch (error) {
      this.setData({ refused: messageOf(error) })
      if (error instanceof ApiError && error.code === 'sold_out') this.setData({ stage: 'sold_out' })
    } finally {
      this.setData({ busy: false })
    }
  },
  reserve() { void this.ask(() => reservePiece(this.data.id)) },
  wait() { void this.ask(async () => { await askToNotify('drop'); return joinLine(this.data.id) }) },
  async pay() {
    if (this.data.busy) return
    this.setData({ busy: true, refused: '' })
    try {
      const order = this.data.standing?.orderId || String((await claimPiece(this.data.id)).order_id)
      wx.navigateTo({ url: `/pages/order/order?id=${order}` })
    } catch (error) {
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
})
