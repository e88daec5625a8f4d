// What may be asked after the sale: pieces that a request has are not asked for twice, and what is over stays over.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, askable, fapiaoOpen, leftOf, reasonsFor, standingFapiao, wayToSay } from '../../miniprogram/utils/service'
import type { Arrival, Fapiao, OrderService, ServiceRequest } from '../../miniprogram/utils/types'

const arrival = (way: Arrival['way'], stage: string): Arrival => ({ way, stage, boutique: '', code: '', carrier: '', tracking: '', address: null })
const request = (state: string, quantity: number): ServiceRequest => ({
  id: 1, kind: 'return', state, answer: '', due_by: null, money_text: '', is_returned: false, replacement_id: null, due_text: '',
  lines: [{ line_id: 7, name: 'n', quantity, wished: '' }],
})
const paper = (state: string): Fapiao => ({ state, buyer: 'person', title: 't', tax_number: '', email: '', number: '' })
const order = (changes: Partial<OrderService>): OrderService => ({
  state: 'paid', lines: [{ id: 7, variant_id: 3, name: 'n', quantity: 2 }], arrival: arrival('delivery', 'delivered'), gift: null,
  may_ask: ['return', 'exchange'], reasons: [], returns_until: null, requests: [], fapiao: [], ...changes,
})

test('pieces that a standing request has are not left to ask for', () => {
  assert.equal(leftOf(order({ requests: [request('asked', 1)] })).get(7), 1)
  assert.equal(leftOf(order({ requests: [request('withdrawn', 2), request('declined', 2)] })).get(7), 2)
  assert.deepEqual(askable(order({ requests: [request('closed', 2)] })), [])
  assert.deepEqual(askable(order({ requests: [request('accepted', 1)] })), ['return', 'exchange'])
})

test('the way is chosen once, and an address put right until the parcel is made up', () => {
  assert.equal(wayToSay(order({ arrival: arrival('open', 'to_prepare') })), 'choose')
  assert.equal(wayToSay(order({ arrival: arrival('delivery', 'to_prepare') })), 'correct')
  for (const over of [arrival('pickup', 'to_prepare'), arrival('delivery', 'shipped'), arrival('taken', 'handed_over')]) assert.equal(wayToSay(order({ arrival: over })), '')
  assert.equal(wayToSay(order({ state: 'cancelled', arrival: arrival('open', 'to_prepare') })), '')
})

test('a fapiao is asked for while there is money to invoice, and again when one was taken back', () => {
  assert.equal(fapiaoOpen(order({})), true)
  assert.equal(fapiaoOpen(order({ fapiao: [paper('asked')] })), true)
  assert.equal(fapiaoOpen(order({ fapiao: [paper('withdrawn'), paper('issued')] })), false)
  assert.equal(fapiaoOpen(order({ fapiao: [paper('withdrawn')] })), true)
  assert.equal(fapiaoOpen(order({ state: 'refunded' })), false)
  assert.equal(standingFapiao(order({ fapiao: [paper('dropped'), paper('to_withdraw')] }))?.state, 'to_withdraw')
})

test('nobody is asked whether a piece fits before having it', () => {
  const all = ['changed_mind', 'size', 'different', 'damaged', 'late', 'other']
  assert.deepEqual(reasonsFor('cancel', all), ['changed_mind', 'late', 'other'])
  assert.deepEqual(reasonsFor('return', all), all)
})

test('an address that WeChat keeps is an order’s address, a municipality named once', () => {
  const chosen = { errMsg: '', userName: '陈晓', telNumber: '13800138000', postalCode: '200040', provinceName: '上海市', cityName: '上海市', countyName: '静安区', detailInfo: '南京西路 1 号', nationalCode: '' }
  const kept = addressOf(chosen as WechatMiniprogram.ChooseAddressSuccessCallbackResult)
  assert.deepEqual(kept, { recipient: '陈晓', phone: '13800138000', region: '上海市 静安区', street: '南京西路 1 号', postcode: '200040', country: 'CN' })
})
