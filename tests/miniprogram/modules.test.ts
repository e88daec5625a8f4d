// The mini program's rules that need no phone: days, money, arrivals, the basket, drops, waiting.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callsAhead, held, upcoming } from '../../miniprogram/utils/appointments'
import { arrivalFrom } from '../../miniprogram/utils/arrival'
import { WANTED_PLACES_MAX, toggled } from '../../miniprogram/utils/basket'
import { checkInCode } from '../../miniprogram/utils/checkin'
import { dayLabel, dayTitle, daysFrom, milanDay, milanTime, momentLabel } from '../../miniprogram/utils/days'
import { dropPhase } from '../../miniprogram/utils/drops'
import { pageFor } from '../../miniprogram/utils/links'
import { hoursText } from '../../miniprogram/utils/hours'
import { fill, languageOf } from '../../miniprogram/utils/language'
import { formatMoney } from '../../miniprogram/utils/money'
import { pollUntil } from '../../miniprogram/utils/polling'
import { templateFor } from '../../miniprogram/utils/subscribing'
import { darkSquares } from '../../miniprogram/utils/squares'
import { canBuy, closedText, firstChoice, tagsOf } from '../../miniprogram/utils/variants'
import { en } from '../../miniprogram/words/en'
import { it } from '../../miniprogram/words/it'
import { zh } from '../../miniprogram/words/zh'
import type { Appointment, Consultation, Drop, Fitting, Variant } from '../../miniprogram/utils/types'

test('a Milan day begins at midnight in Milan, in winter and in summer', () => {
  assert.equal(milanDay(new Date('2027-01-14T22:59:59Z')), '2027-01-14')
  assert.equal(milanDay(new Date('2027-01-14T23:00:00Z')), '2027-01-15')
  assert.equal(milanDay(new Date('2027-07-14T22:00:00Z')), '2027-07-15')
})

test('the clock changes on the last Sundays of March and October at one o’clock UTC', () => {
  assert.equal(milanTime('2027-03-28T00:59:00Z'), '01:59')
  assert.equal(milanTime('2027-03-28T01:00:00Z'), '03:00')
  assert.equal(milanTime('2027-10-31T00:59:00Z'), '02:59')
  assert.equal(milanTime('2027-10-31T01:00:00Z'), '02:00')
})

test('Milan’s clock agrees with the time zone database on every hour of two years', () => {
  const written = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Rome', hour: '2-digit', minute: '2-digit' })
  for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2028, 0, 1); at += 3_600_000) {
    const instant = new Date(at)
    assert.equal(milanTime(instant.toISOString()), written.format(instant))
  }
})

test('a plain clock time is left alone', () => {
  assert.equal(milanTime('09:30'), '09:30')
  assert.equal(milanTime('09:30:00'), '09:30')
})

test('days are written in the reader’s order', () => {
  assert.equal(dayLabel('2027-06-01', 'zh'), '6月1日')
  assert.equal(dayLabel('2027-06-01', 'en'), '1 Jun')
  assert.equal(dayTitle('2027-06-01', 'it'), 'mar 1 giu')
  assert.equal(momentLabel('2027-06-01T12:30:00Z', 'zh'), '6月1日 周二 14:30')
})

test('fourteen days from today are fourteen different days', () => {
  const days = daysFrom(new Date('2027-10-25T10:00:00Z'), 14, 'en')
  assert.equal(new Set(days.map((choice) => choice.day)).size, 14)
  assert.deepEqual([days[0]?.day, days[13]?.day], ['2027-10-25', '2027-11-07'])
})

test('money has its sign, thousands and both decimals', () => {
  assert.equal(formatMoney(888800, 'CNY'), '¥8,888.00')
  assert.equal(formatMoney(5, 'EUR'), '€0.05')
  assert.equal(formatMoney(-123456789, 'EUR'), '-€1,234,567.89')
  assert.equal(formatMoney(100, 'CHF'), 'CHF 1.00')
})

test('an arrival carries the click of an advertisement and the scene of a code', () => {
  assert.deepEqual(arrivalFrom({ gdt_vid: 'wx01', scene: 'c%3Dss27%3Bp%3Dduomo' }), { click_id: 'wx01', scene: 'c=ss27;p=duomo' })
  assert.deepEqual(arrivalFrom({ click_id: 'a', gdt_vid: 'b' }), { click_id: 'a' })
  assert.deepEqual(arrivalFrom({ scene: '100%' }), { scene: '100%' })
  assert.deepEqual(arrivalFrom({}), {})
})

test('a place goes into the basket once and out again, and the basket has a limit', () => {
  const duomo = { code: 'duomo', name: '米兰大教堂' }
  assert.deepEqual(toggled([], duomo), [duomo])
  assert.deepEqual(toggled([duomo], duomo), [])
  const full = Array.from({ length: WANTED_PLACES_MAX }, (_, index) => ({ code: String(index), name: '' }))
  const more = toggled(full, duomo)
  assert.equal(more.length, WANTED_PLACES_MAX)
  assert.equal(more.at(-1)?.code, 'duomo')
})

const drop = (fields: Partial<Drop>): Drop => ({ id: 1, name: '', opens_at: '2027-06-01T10:00:00Z', closes_at: '2027-06-02T10:00:00Z', state: 'open', left: 3, ...fields })

test('a release is before, open, sold out or closed', () => {
  const during = new Date('2027-06-01T12:00:00Z')
  assert.equal(dropPhase(drop({}), new Date('2027-06-01T09:59:59Z')), 'before')
  assert.equal(dropPhase(drop({}), during), 'open')
  assert.equal(dropPhase(drop({ left: 0 }), during), 'sold_out')
  assert.equal(dropPhase(drop({}), new Date('2027-06-02T10:00:00Z')), 'closed')
  assert.equal(dropPhase(drop({ state: 'closed' }), during), 'closed')
  assert.equal(dropPhase(drop({ state: 'paused' }), during), 'before')
})

test('only appointments still ahead are shown, the next first', () => {
  const made = (id: string, starts: string, state = 'confirmed') => ({ appointment_id: id, state, starts_at: starts, ends_at: starts }) as Appointment
  const all = [made('late', '2027-06-03T10:00:00Z'), made('next', '2027-06-02T10:00:00Z'), made('past', '2027-05-01T10:00:00Z'), made('gone', '2027-06-04T10:00:00Z', 'cancelled')]
  assert.deepEqual(upcoming(all, new Date('2027-06-01T00:00:00Z')).map((one) => one.appointment_id), ['next', 'late'])
})

test('a version in stock is shown before one that is not', () => {
  const variant = (id: number, stock: number) => ({ id, stock }) as Variant
  assert.equal(firstChoice([variant(1, 0), variant(2, 4)])?.id, 2)
  assert.equal(firstChoice([variant(1, 0)])?.id, 1)
  assert.equal(firstChoice([]), undefined)
})

test('the price tags of other markets stand in one line, and none is no line', () => {
  const tags = [{ name: '意大利', price_text: '€950.00' }, { name: '日本', price_text: 'JP¥160,000' }]
  assert.equal(tagsOf({ elsewhere: tags } as unknown as Variant), '意大利 €950.00 · 日本 JP¥160,000')
  assert.equal(tagsOf({} as Variant), '')
})

test('a version whose sale has not begun is not bought, and shown after one that is sold', () => {
  const version = (id: number, state: string) => ({ id, stock: 3, sale: { state, text: '' } }) as Variant
  assert.equal(firstChoice([version(1, 'later'), version(2, 'open')])?.id, 2)
  assert.equal(canBuy(version(1, 'elsewhere')), false)
})

test('a check-in code is found in a link, behind its name, or bare', () => {
  assert.equal(checkInCode('https://h.example/s?checkin=AB-12'), 'AB-12')
  assert.equal(checkInCode('checkin:brera.7'), 'brera.7')
  assert.equal(checkInCode('  K9 '), 'K9')
})

test('polling stops at the first answer that satisfies and gives the last one otherwise', async () => {
  let asked = 0
  const ask = async () => { asked += 1; return asked }
  assert.equal(await pollUntil(ask, (n) => n === 3, [0, 0, 0, 0]), 3)
  assert.equal(asked, 3)
  asked = 0
  assert.equal(await pollUntil(ask, () => false, [0, 0]), 3)
})

test('the server’s template for a use comes before the configured one', () => {
  const configured = { order: 'configured', appointment: 'visit' }
  assert.equal(templateFor('order', { templates: { order: 'server' } }, configured), 'server')
  assert.equal(templateFor('appointment', '', configured), 'visit')
  assert.equal(templateFor('drop', { templates: { default: 'any' } }, {}), 'any')
  assert.equal(templateFor('drop', '', {}), '')
})

test('any language tag leads to one we have', () => {
  assert.deepEqual(['zh_CN', 'zh-hans', 'en-GB', 'it', 'fr', ''].map(languageOf), ['zh', 'zh', 'en', 'it', 'zh', 'zh'])
})

type Tree = { [key: string]: string | string[] | Tree }
const flat = (tree: Tree, path = ''): [string, string][] => Object.entries(tree).flatMap(([key, value]): [string, string][] => {
  if (typeof value === 'string') return [[`${path}${key}`, value]]
  if (Array.isArray(value)) return [[`${path}${key}`, value.join('|')]]
  return flat(value, `${path}${key}.`)
})
const holes = (text: string): string => [...text.matchAll(/\{\w+\}/g)].map(String).sort().join()

test('every sentence has the same holes in every language and none is empty', () => {
  const chinese = new Map(flat(zh as Tree))
  for (const words of [en, it]) {
    for (const [key, text] of flat(words as Tree)) {
      assert.notEqual(text, '', key)
      assert.equal(holes(text), holes(chinese.get(key) ?? ''), key)
    }
  }
})

test('nothing promises anything for sharing or following', () => {
  const offers = /(分享|转发|关注).{0,8}(领|得|送|赢|券|折)|(share|follow).{0,20}(win|get|earn|coupon|discount)/i
  for (const words of [zh, en, it]) for (const [key, text] of flat(words as Tree)) assert.doesNotMatch(text, offers, key)
})

test('holes are filled by name and unknown ones stay', () => {
  assert.equal(fill('{n} 站 {x}', { n: 4 }), '4 站 {x}')
})

test('opening hours are written as the reader says them, and what is unusual stays as it came', () => {
  assert.equal(hoursText('Mo-Su 09:00-19:00', 'zh'), '每天 09:00–19:00')
  assert.equal(hoursText('Tu-Su 10:00-19:30; Th 10:00-22:30', 'en'), 'Tue–Sun 10:00–19:30\nThu 10:00–22:30')
  assert.equal(hoursText('Mo-Tu,Th-Su 10:00-12:30,14:30-18:00', 'zh'), '周一至周二、周四至周日 10:00–12:30、14:30–18:00')
  assert.equal(hoursText('Mo off', 'it'), 'lun chiuso')
  assert.equal(hoursText('24/7', 'zh'), '全天开放')
  assert.equal(hoursText('09:00-18:00', 'en'), '09:00–18:00')
  assert.equal(hoursText('sunrise-sunset', 'en'), 'sunrise-sunset')
})

test('a link to an old page name finds its page, and an unknown one does not', () => {
  assert.deepEqual(pageFor('pages/product/index'), { url: '/pages/product/product', isTab: false })
  assert.deepEqual(pageFor('/pages/home/index'), { url: '/pages/home/home', isTab: true })
  assert.equal(pageFor('pages/lottery/index'), null)
  assert.equal(pageFor('plan'), null)
})

const versionOf = (stock: number, state: 'open' | 'later' | 'over', text = ''): Variant => ({
  id: 1, label: '', price: 100, currency: 'CNY', price_text: '', settle_text: '', stock, sale: { state, text },
})

test('a tile says why nothing of a piece can be ordered, and nothing while something can', () => {
  assert.equal(closedText([versionOf(0, 'open'), versionOf(2, 'open')], 'sold out'), '')
  assert.equal(closedText([versionOf(0, 'open'), versionOf(2, 'later', 'from 3 May')], 'sold out'), 'from 3 May')
  assert.equal(closedText([versionOf(0, 'open'), versionOf(0, 'over', 'ended')], 'sold out'), 'sold out')
})

test('a code is drawn within the quiet zone that cameras need', () => {
  assert.deepEqual(darkSquares(['10', '01']), [{ x: 4, y: 4 }, { x: 5, y: 5 }])
})

test('calls that can still be joined come the next first, and pieces stay shown while they are held', () => {
  const call = (id: string, state: string, startsAt: string): Consultation => ({ id, state, kind: 'video', host: '', topic: '', starts_at: startsAt, minutes: 30, url: '' })
  const now = new Date('2027-03-01T10:00:00Z')
  const calls = [call('late', 'booked', '2027-03-02T09:00:00Z'), call('now', 'under_way', '2027-03-01T09:40:00Z'), call('over', 'booked', '2027-03-01T09:00:00Z'), call('no', 'cancelled', '2027-03-02T09:00:00Z')]
  assert.deepEqual(callsAhead(calls, now).map((one) => one.id), ['now', 'late'])
  const piece = (id: number, state: string): Fitting => ({ id, state, variant_id: 1, name: '', label: '', image: '', boutique: '', appointment: '', held_until: '' })
  assert.deepEqual(held([piece(1, 'held'), piece(2, 'left'), piece(3, 'tried'), piece(4, 'cancelled')]).map((one) => one.id), [1, 3])
})
