// A limited release: when it opens, what is left, one piece for each person, and the way to pay for it.
import { readDrop, reservePiece } from '../../utils/api'
import { milanTime, momentLabel } from '../../utils/days'
import { dropLine, dropPhase } from '../../utils/drops'
import { currentLanguage, fill, words } from '../../utils/language'
import { messageOf, picture, type Phase } from '../../utils/page'
import type { Drop, Reservation } from '../../utils/types'

interface Outcome { said: string; note: string; kind: string; orderId: string }

/** What the gate's answer means to the person. */
export function outcomeOf(reservation: Reservation): Outcome {
  const t = words().drop
  const orderId = reservation.order_id === undefined || reservation.order_id === null ? '' : String(reservation.order_id)
  const note = reservation.expires_at ? fill(t.payBefore, { at: milanTime(reservation.expires_at) }) : ''
  switch (reservation.state) {
    case 'reserved': case 'paid': return { said: t.reserved, note, kind: 'mark-ok', orderId }
    case 'already_reserved': case 'already': return { said: t.already, note, kind: 'mark-ok', orderId }
    case 'sold_out': return { said: t.soldOut, note: t.soldOutNote, kind: 'mark-warn', orderId: '' }
    case 'not_open': return { said: t.notOpen, note: '', kind: 'mark-warn', orderId: '' }
    case 'closed': return { said: t.closed, note: '', kind: 'mark-warn', orderId: '' }
    default: return { said: reservation.message ?? reservation.state, note: '', kind: 'mark-warn', orderId: '' }
  }
}

Page({
  data: {
    t: words().drop, milanTime: '', retry: '', errorTitle: '', phase: 'loading' as Phase, problem: '', id: '', name: '', description: '', image: '',
    price: '', settle: '', line: '', left: '', open: false, busy: false, outcome: null as Outcome | null,
  },
  onLoad(query: { id?: string }) {
    const t = words()
    wx.setNavigationBarTitle({ title: t.drop.title })
    this.setData({ t: t.drop, milanTime: t.common.milanTime, retry: t.common.retry, errorTitle: t.error.title, id: query.id ?? '' })
    void this.load()
  },
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
    this.setData({
      phase: 'ready', name: drop.name, description: drop.description ?? '', image: drop.image ? picture(drop.image) : '',
      price: drop.price_text ?? '', settle: drop.settle_text ?? '',
      line: dropPhase(drop, now) === 'before' ? fill(words().drop.opens, { at: momentLabel(drop.opens_at, currentLanguage()) })
        : dropLine(drop, now, currentLanguage()),
      left: counted ? fill(words().drop.left, { n: drop.left!, total: drop.total! }) : '',
      open: dropPhase(drop, now) === 'open',
    })
  },
  async reserve() {
    if (this.data.busy) return
    this.setData({ busy: true })
    try {
      this.setData({ outcome: outcomeOf(await reservePiece(this.data.id)) })
      await this.load()
    } catch (error) {
      this.setData({ outcome: { said: messageOf(error), note: '', kind: 'mark-bad', orderId: '' } })
    } finally {
      this.setData({ busy: false })
    }
  },
  pay() { wx.navigateTo({ url: `/pages/order/order?id=${this.data.outcome?.orderId ?? ''}` }) },
})
