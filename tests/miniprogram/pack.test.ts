// The saved city without a phone: written, changed, searched and grown old.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY_PACK, RESULTS_MAX, detailOf, findSaved, folded, isStale, marksOf, withChanges, type PackedPlace } from '../../miniprogram/utils/pack'

const place = (code: string, fields: Partial<PackedPlace> = {}): PackedPlace => ({
  code, mark: `${code}-1`, rank: 1, names: [code, code, code], notes: ['', '', ''], category: 'church', district: 'duomo', hours: '', sure: true, hours_on: '',
  visit_minutes: 60, admission: '', booking: '', lat: 45, lon: 9, spelled: [code], sounds: [], ...fields,
})
const DUOMO = place('duomo', {
  names: ['米兰大教堂', 'Milan Cathedral', 'Duomo di Milano'], notes: ['登顶', 'Roof', 'Terrazze'], rank: 1,
  spelled: ['米兰大教堂', '大教堂', 'milancathedral', 'duomodimilano', 'duomo', 'cathedral'],
  sounds: ['milandajiaotang', 'mldjt', 'dajiaotang', 'djt'],
})
const BRERA = place('brera', {
  names: ['布雷拉美术馆', 'Pinacoteca di Brera', 'Pinacoteca di Brera'], rank: 2, sure: false,
  spelled: ['布雷拉美术馆', 'pinacotecadibrera', 'pinacoteca', 'brera'], sounds: ['buleilameishuguan', 'bllmsg'],
})
const CITY = withChanges(EMPTY_PACK, { version: 'a', changed: [BRERA, DUOMO], gone: [] }, 1000)
const codes = (query: string): string[] => findSaved(CITY, query).map((found) => found.code)

test('a place is found by characters, pinyin, initials, Italian, English and with dropped vowels', () => {
  for (const query of ['大教堂', '教堂', 'dajiaotang', 'mldjt', 'djt', 'Duomo', 'duomo di milano', 'CATHEDRAL', 'dmo', '请问大教堂几点开门', 'dúomo']) {
    assert.equal(codes(query)[0], 'duomo', query)
  }
  assert.deepEqual(codes('blei'), [])
  assert.deepEqual(codes('bulei'), ['brera'])
})

test('what is no name finds nothing and never fails', () => {
  for (const query of ['', ' ', '😀😀', 'zzzzqq', '((', '.*', 'x'.repeat(10_000)]) assert.deepEqual(codes(query), [])
})

test('changes are written in, closed places leave, and the guide’s order stays', () => {
  const moved = { ...BRERA, mark: 'brera-2', hours: '24/7' }
  const next = withChanges(CITY, { version: 'b', changed: [moved, place('cova', { rank: 0 })], gone: ['duomo'] }, 2000)
  assert.deepEqual(next.places.map((one) => one.code), ['cova', 'brera'])
  assert.deepEqual(marksOf(next), { cova: 'cova-1', brera: 'brera-2' })
  assert.deepEqual([next.version, next.checkedAt], ['b', 2000])
  assert.equal(CITY.places.length, 2)
})

test('after a week without a check the saved city is stale', () => {
  const week = 7 * 86_400_000
  assert.equal(isStale(CITY, 1000 + week), false)
  assert.equal(isStale(CITY, 1001 + week), true)
})

test('a saved place reads as the server tells it, in the reader’s language', () => {
  const shown = detailOf(DUOMO, 'zh')
  assert.deepEqual([shown.name, shown.name_it, shown.note, shown.confidence.hours], ['米兰大教堂', 'Duomo di Milano', '登顶', 'H'])
  assert.equal(detailOf(BRERA, 'en').confidence.hours, 'L')
  assert.equal(detailOf(DUOMO, 'it').note, 'Terrazze')
})

test('a thousand places give eight answers at most', () => {
  const many = Array.from({ length: 1000 }, (_, rank) => place(`caffe${rank}`, { rank, spelled: [`caffe${rank}`] }))
  const found = findSaved({ version: 'm', checkedAt: 0, places: many }, 'caffe')
  assert.deepEqual(found.map((one) => one.rank), Array.from({ length: RESULTS_MAX }, (_, rank) => rank))
})

test('folding leaves letters and digits only', () => {
  assert.equal(folded(' Caffè  Cova-8！'), 'caffecova8')
})

test('the day on which hours were confirmed is known without a network, and none is made up', () => {
  assert.equal(detailOf(place('scala', { hours_on: '2026-11-20' }), 'en').hours_on, '2026-11-20')
  assert.equal('hours_on' in detailOf(place('scala'), 'en'), false)
})
