// A limited release: when it opens, what is left, one piece for each person, and the way to pay for it.
import { claimPiece, joinLine, readDrop, reservePiece, tellDrop, ticketFor } from '../../utils/api'
import { deedOf, dropLine, dropPhase, mineOf, standingOf, termsOf, untilTurn, type Deed, type Standing } from '../../utils/drops'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, picture, toast, type Phase } from '../../utils/page'
import { ApiError } from '../../utils/request'
import { askToNotify } from '../../utils/subscribing'
import type { Drop, Reservation } from '../../utils/types'
import { cardTo } from '../../utils/sharing'

const HOUR_MS = 3_600_000
/** Refusals that say that the page shows what is no longer so. */
const OUTDATED = ['reservation_expired', 'no_reservation', 'price_changed']

Page({
  data: {
    t: words().drop, milanTime: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', name: '', description: '', image: '',
    price: '', settle: '', line: '', left: '', deed: '' as Deed, terms: [] as string[], mine: '', proof: '', undecided: false, busy: false, standing: null as Standing | null, refused: '',
  },
  onLoad(query: { id?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.drop.title })
    this.setData({ t: t.drop, milanTime: t.common.milanTime, retry: t.common.retry, errorTitle: t.error.title, id: query.id ?? '' })
  },
  drop: null as Drop | null,
  timer: 0,
  onShow() { void this.load() },
  onHide() { clearTimeout(this.timer) },
  onUnload() { clearTimeout(this.timer) },
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
    const now = drop.now ? new Date(drop.now) : new Date()
    const language = currentLanguage()
    const counted = drop.left !== undefined && drop.total !== undefined
    const stage = dropPhase(drop, now)
    this.drop = drop
    this.setData({
      phase: 'ready', deed: deedOf(drop, now), terms: termsOf(drop, language), mine: mineOf(drop, now), proof: drop.fairness_url ?? '', name: drop.name, description: drop.description ?? '', image: drop.image ? picture(drop.image) : '',
      price: drop.price_text ?? '', settle: drop.settle_text ?? '', standing: standingOf(drop.reservation),
      line: stage === 'open' ? words().home.open : dropLine(drop, now, language),
      left: counted ? fill(words().drop.left, { n: drop.left!, total: drop.total! }) : '',
    })
    this.awaitTurn(drop, now)
  },
  /** Comes back by itself when the release opens, its entries close or the person's piece lapses, by the server's clock. */
  awaitTurn(drop: Drop, now: Date) {
    clearTimeout(this.timer)
    const next = untilTurn(drop, now)
    if (next <= HOUR_MS) this.timer = setTimeout(() => { void this.load() }, next + 500)
  },
  async ask(question: () => Promise<Reservation>) {
    if (this.data.busy) return
    this.setData({ busy: true, refused: '', undecided: false })
    try {
      this.setData({ standing: standingOf(await question()) })
      await this.load()
    } catch (error) {
      const code = error instanceof ApiError ? error.code : ''
      this.setData({ refused: messageOf(error), undecided: code === 'risk_check', ...(code === 'sold_out' ? { deed: 'wait' as Deed } : {}) })
    } finally {
      this.setData({ busy: false })
    }
  },
  reserve() {
    void this.ask(async () => {
      const ticket = this.drop?.needs_ticket ? (await ticketFor(this.data.id)).ticket : ''
      return reservePiece(this.data.id, ticket)
    })
  },
  /** Registers, enters the draw or leaves it; WeChat's question comes first, while the tap still counts. */
  async tell(event: WechatMiniprogram.TouchEvent) {
    if (this.data.busy) return
    const deed = event.currentTarget.dataset['deed'] as 'register' | 'enter' | 'withdraw'
    this.setData({ busy: true, refused: '', undecided: false })
    try {
      if (deed === 'enter') await askToNotify('drop')
      await tellDrop(this.data.id, deed)
      if (deed === 'withdraw') toast(words().drop.withdrawn)
      await this.load()
    } catch (error) {
      this.setData({ refused: messageOf(error), undecided: error instanceof ApiError && error.code === 'risk_check' })
    } finally {
      this.setData({ busy: false })
    }
  },
  async tellMe() {
    await askToNotify('drop')
    toast(words().drop.willTell)
  },
  copyProof() { wx.setClipboardData({ data: this.data.proof, success: () => { toast(words().drop.copied) } }) },
  wait() { void this.ask(async () => { await askToNotify('drop'); return joinLine(this.data.id) }) },
  async pay() {
    if (this.data.busy) return
    this.setData({ busy: true, refused: '' })
    try {
      const order = this.data.standing?.orderId || String((await claimPiece(this.data.id, this.drop?.price ?? null)).order_id)
      wx.navigateTo({ url: `/pages/order/order?id=${order}` })
    } catch (error) {
      // What has lapsed or gone on is not offered any longer, and a new price is shown; without a network nothing is known.
      if (error instanceof ApiError && OUTDATED.includes(error.code)) await this.load()
      this.setData({ refused: messageOf(error) })
    } finally {
      this.setData({ busy: false })
    }
  },
})
