// What a printed code and an entered amount mean, without a phone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageFor } from '../../miniprogram/utils/links'
import { codeFrom, fenOf, newKey, stillUnproven } from '../../miniprogram/utils/paying'

test('a code is read from its link, from a mini program code’s scene and from our own address', () => {
  assert.equal(codeFrom({ q: encodeURIComponent('https://pay.serica.example/pay/0a1b2c3d4e5f') }), '0a1b2c3d4e5f')
  assert.equal(codeFrom({ scene: encodeURIComponent('pay=0a1b2c3d4e5f') }), '0a1b2c3d4e5f')
  assert.equal(codeFrom({ code: '0a1b2c3d4e5f' }), '0a1b2c3d4e5f')
  assert.equal(codeFrom({ scene: 'c=ss27', code: '../etc' }), '')
  assert.equal(codeFrom({ q: '%E0%A4%A' }), '')
})

test('an amount is fen, however it is typed, or nothing yet', () => {
  assert.equal(fenOf('12.5'), 1250)
  assert.equal(fenOf('¥1,200'), 120000)
  assert.equal(fenOf('0.01'), 1)
  assert.equal(fenOf('0'), 0)
  assert.equal(fenOf('3。2'), 320)
  for (const text of ['', '-5', '1.234', 'abc', '1e9', '123456789.00']) assert.equal(fenOf(text), null)
})

test('two payments have two keys that the server takes', () => {
  assert.notEqual(newKey(), newKey())
  assert.match(newKey(), /^[0-9a-z]{8,24}$/)
})

test('the page of a printed code is found by its name', () => {
  assert.deepEqual(pageFor('pages/pay-here/index'), { url: '/pages/pay-here/pay-here', isTab: false })
})

test('a payment whose end was not heard is remembered for half an hour', () => {
  const kept = { early: 0, late: 1_200_000 }
  assert.deepEqual(stillUnproven(kept, 1_799_999), kept)
  assert.deepEqual(stillUnproven(kept, 1_800_000), { late: 1_200_000 })
})
