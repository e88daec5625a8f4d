// What a person can do next in a release, what it asks of them, and what they may honestly hope for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deedOf, mineOf, standingOf, termsOf, untilTurn } from '../../miniprogram/utils/drops'
import { zh } from '../../miniprogram/words/zh'
import type { Drop, DropMine, Reservation } from '../../miniprogram/utils/types'

const drop = (fields: Partial<Drop>): Drop => ({ id: 1, name: '', opens_at: '2027-06-01T10:00:00Z', closes_at: '2027-06-02T10:00:00Z', state: 'open', left: 3, kind: 'first_come', ...fields })
const mine = (fields: Partial<DropMine>): DropMine => ({ entry: null, registered_at: null, is_invited: false, ...fields })
const EARLY = new Date('2027-06-01T09:00:00Z')
const DURING = new Date('2027-06-01T12:00:00Z')
const AFTER_ENTRIES = new Date('2027-06-01T18:00:00Z')
const draw = (fields: Partial<Drop> = {}): Drop => drop({ kind: 'draw', turns_at: '2027-06-01T16:00:00Z', ...fields })

test('a release is reserved while it has pieces, waited for when it has none, and left alone before and after', () => {
  assert.equal(deedOf(drop({}), EARLY), '')
  assert.equal(deedOf(drop({}), DURING), 'reserve')
  assert.equal(deedOf(drop({ left: 0 }), DURING), 'wait')
  assert.equal(deedOf(drop({ state: 'paused' }), DURING), '')
  assert.equal(deedOf(drop({}), new Date('2027-06-03T00:00:00Z')), '')
})

test('who has a place is asked for nothing, and who let it lapse may try again, or wait where none is left', () => {
  const held: Reservation = { state: 'reserved' }
  assert.equal(deedOf(drop({ reservation: held }), DURING), '')
  assert.equal(deedOf(drop({ reservation: { state: 'expired' } }), DURING), 'reserve')
  assert.equal(deedOf(drop({ reservation: { state: 'expired' }, left: 0 }), DURING), 'wait')
  assert.equal(deedOf(drop({ reservation: { state: 'expired' }, state: 'paused' }), DURING), '')
  assert.equal(deedOf(drop({ reservation: { state: 'expired' }, state: 'closed' }), DURING), '')
})

test('a registration is asked for once, and only before the opening', () => {
  const asking = drop({ needs_registration: true, mine: mine({}) })
  assert.equal(deedOf(asking, EARLY), 'register')
  const done = { ...asking, mine: mine({ registered_at: '2027-05-30T10:00:00Z' }) }
  assert.equal(deedOf(done, EARLY), '')
  assert.notEqual(mineOf(done, EARLY, zh.drop), '')
  assert.equal(mineOf(done, DURING, zh.drop), '')
})

test('a draw is entered and left until its entries close; once it is drawn what nobody entered for is free', () => {
  assert.equal(deedOf(draw({ mine: mine({}) }), DURING), 'enter')
  const entered = draw({ mine: mine({ entry: { code: 'K7Q2', rank: null } }) })
  assert.equal(deedOf(entered, DURING), 'withdraw')
  assert.match(mineOf(entered, DURING, zh.drop), /K7Q2/)
  assert.equal(deedOf(entered, AFTER_ENTRIES), '')
  assert.equal(deedOf(draw({ drawn_at: '2027-06-01T16:00:01Z' }), AFTER_ENTRIES), 'reserve')
  assert.match(mineOf(draw({ mine: mine({ entry: { code: 'K7Q2', rank: 12 } }) }), AFTER_ENTRIES, zh.drop), /12/)
})

test('what a release asks of everybody is said to everybody', () => {
  assert.equal(termsOf(drop({}), 'zh', zh.drop).length, 1)
  const all = termsOf(drop({ kind: 'invited', turns_at: '2027-06-01T16:00:00Z', needs_registration: true, proof: 'visit', right: 'early', check_rank: 2 }), 'zh', zh.drop)
  assert.equal(all.length, 6)
  assert.match(termsOf(draw({ seed_hash: 'abcdef0123456789' }), 'zh', zh.drop).join(), /abcdef012345…/)
})

test('who waits hears how many are before, and nothing is promised that cannot come', () => {
  const said = (prospect: Reservation['prospect']) => standingOf({ state: 'waiting', ahead: 4, prospect: prospect ?? null }, zh.drop, 'zh')!.note
  const hope = { may_return: 7, not_before: '2027-06-01T12:10:00Z', expected_at: null, has_chance: true }
  assert.match(said(null), /4/)
  assert.match(said(hope), /7.*14:10/)
  assert.match(said({ ...hope, expected_at: '2027-06-01T12:30:00Z' }), /14:30/)
  assert.doesNotMatch(said({ ...hope, has_chance: false }), /14:10|7/)
})

test('the page comes back when a piece that is not paid for has lapsed, and not sooner than the server knows', () => {
  const until = (reservation: Reservation) => untilTurn(drop({ reservation }), DURING)
  assert.equal(until({ state: 'reserved', expires_at: '2027-06-01T12:10:00Z' }), 603_000)
  assert.equal(until({ state: 'reserved', expires_at: '2027-06-01T11:59:59Z' }), Infinity)
  assert.equal(until({ state: 'paid', expires_at: '2027-06-01T12:10:00Z' }), Infinity)
  assert.equal(untilTurn(drop({}), EARLY), 3_600_000)
  assert.equal(untilTurn(draw({ reservation: null }), DURING), 4 * 3_600_000)
})
