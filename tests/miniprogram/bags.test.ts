// A prepared bag is named by its link or its code, and counts what is still sold at today's prices.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bagOf, linesOf, toTryOn, totalOf, TRY_ON_MAX } from '../../miniprogram/utils/bags'
import type { PreparedBag } from '../../miniprogram/utils/types'

test('a bag is named by a card’s link or by a code, and by nothing else', () => {
  assert.equal(bagOf({ bag: 'aB3_x-9z' }), 'aB3_x-9z')
  assert.equal(bagOf({ scene: encodeURIComponent('c=ss27;bag=aB3_x-9z') }), 'aB3_x-9z')
  for (const query of [{}, { bag: '' }, { bag: 'a b' }, { bag: '<script>' }, { scene: 'c=ss27' }, { bag: 'x'.repeat(61) }]) assert.equal(bagOf(query), '')
})

const line = (variant: number, quantity: number, amount: number | null): PreparedBag['lines'][number] =>
  ({ variant_id: variant, product_code: 'p', name: 'n', label: '', image: '', quantity, amount, amount_text: '', has_changed: false })

test('what is not sold any more is neither ordered nor counted', () => {
  const bag: PreparedBag = { token: 't', note: '', expires_at: '2027-01-01T00:00:00Z', lines: [line(1, 2, 150_000), line(2, 1, null)] }
  assert.deepEqual(linesOf(bag), [{ variant_id: 1, quantity: 2, seen_amount: 150_000 }])
  assert.equal(totalOf(bag), '¥3,000.00')
})

test('a visit is asked for with what is still sold, as much as one may hold', () => {
  const lines = [line(9, 1, null), ...Array.from({ length: TRY_ON_MAX + 1 }, (_, place) => line(place, 2, 1))]
  const wished = toTryOn({ token: 't', note: '', expires_at: '2027-01-01T00:00:00Z', lines })
  assert.deepEqual(wished.map((one) => one.variant), lines.slice(1).map((one) => one.variant_id))
  assert.deepEqual(wished.map((one) => one.chosen), [...Array.from({ length: TRY_ON_MAX }, () => true), false])
  assert.equal(wished[0]!.name, 'n')
})
