// What a code names by its own words, and amounts as receipts print them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { campaignIn, namesSomething, scannedIn, targetsOf } from '../../miniprogram/utils/scenes'
import { centsOf } from '../../miniprogram/utils/tax'

const kinds = (text: string): string[] => targetsOf(text).map((target) => target.kind)

test('a code’s nearest meaning is asked for first', () => {
  assert.deepEqual(kinds('c=ss27;p=duomo'), ['popup', 'place', 'campaign'])
  assert.deepEqual(kinds('qrscene_c=ss27;b=brera;g=lago-carre'), ['popup', 'product', 'boutique', 'campaign'])
  assert.deepEqual(targetsOf('p=duomo'), [{ kind: 'place', code: 'duomo' }])
  assert.deepEqual(targetsOf('bag=aB3_x-9z'), [{ kind: 'bag', code: 'aB3_x-9z' }])
  assert.deepEqual(targetsOf('https://seta.example/pay/ab12cd'), [{ kind: 'pay', code: 'ab12cd' }])
  assert.deepEqual(targetsOf('https://seta.example/popups/12/duomo'), [{ kind: 'popup', address: 'https://seta.example/popups/12/duomo' }])
})

test('what is none of ours has no meaning', () => {
  for (const text of ['', 'hello', 'x=1', 'p=', 'p=<b>', 'checkin:MONTE', 'https://elsewhere.example/?checkin=A1', 'g=a b', 'P=duomo']) assert.deepEqual(kinds(text), [], text)
})

test('a campaign alone opens the house; one that names more must keep its word', () => {
  assert.equal(namesSomething(targetsOf('c=ss27')), false)
  assert.equal(namesSomething(targetsOf('c=ss27;p=gone')), true)
  assert.equal(campaignIn('c=ss27;p=duomo'), 'ss27')
  assert.equal(campaignIn('p=duomo'), '')
})

test('WeChat writes what was scanned into q or scene, encoded once more', () => {
  assert.equal(scannedIn({ scene: 'c%3Dss27%3Bp%3Dduomo' }), 'c=ss27;p=duomo')
  assert.equal(scannedIn({ q: 'https%3A%2F%2Fseta.example%2Fpopups%2F1%2Fa', scene: 'x' }), 'https://seta.example/popups/1/a')
  assert.equal(scannedIn({ scene: '%' }), '%')
  assert.equal(scannedIn({}), '')
})

test('an amount is read as Italy writes it and as China does', () => {
  const amounts: [string, number | null][] = [
    ['120', 12000], ['95,50', 9550], ['95.5', 9550], ['1.250,90', 125090], ['1,250.90', 125090], ['1.250', 125000], ['12,345', 1234500], [' € 80,00 ', 8000],
    ['', null], ['abc', null], ['-5', null], ['1,2,3,', null],
  ]
  for (const [text, cents] of amounts) assert.equal(centsOf(text), cents, text)
})
