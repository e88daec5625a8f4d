// One's own copy as a text anybody can read, and a talk as bubbles.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bubblesOf, plain } from '../../miniprogram/pages/chat/talk'
import { textOf, type OwnCopy } from '../../miniprogram/pages/privacy/copy'

const KINDS = { card: 'card', image: 'picture', voice: 'voice', video: 'video', other: 'message' }
const COPY: OwnCopy = {
  house: 'Serica', made_at: '2027-05-03T10:00:00Z',
  sections: [
    { code: 'person', title: 'You', rows: [[{ label: 'Name', value: '陈晓' }]] },
    { code: 'orders', title: 'Orders', rows: [[{ label: 'Number', value: 'S1' }, { label: 'Total', value: '¥1.00' }], [{ label: 'Number', value: 'S2' }]] },
  ],
}

test('a copy is plain text with a mark that it is UTF-8, every section and every row in it', () => {
  const text = textOf(COPY, 'What Serica keeps', '3 May')
  assert.ok(text.startsWith('\uFEFFWhat Serica keeps\n3 May\n'))
  assert.match(text, /You\n=+\nName: 陈晓\n/)
  assert.match(text, /Orders\n=+\nNumber: S1\nTotal: ¥1.00\n\nNumber: S2\n$/)
})

test('a copy of nobody is a heading alone', () => {
  assert.equal(textOf({ ...COPY, sections: [] }, 'H', 'now'), '\uFEFFH\nnow\n')
})

test('bubbles say who wrote, name what is no text, and give the time after a pause only', () => {
  const at = (minute: number): string => `2027-05-03T10:${String(minute).padStart(2, '0')}:00Z`
  const bubbles = bubblesOf([
    { id: 1, mine: true, kind: 'text', text: 'duomo', sent_at: at(0) },
    { id: 2, mine: false, kind: 'card', text: '大教堂', sent_at: at(1) },
    { id: 3, mine: false, kind: 'shortvideo', text: '小视频', sent_at: at(9) },
  ], KINDS, (moment) => moment.slice(11, 16))
  assert.deepEqual(bubbles.map((one) => [one.mine, one.tag, one.when]), [[true, '', '10:00'], [false, 'card', ''], [false, 'message', '10:09']])
})

test('a link in a message reads as its words', () => {
  assert.equal(plain('去<a href="https://x">大教堂</a>和<a data-miniprogram-path="p">斯卡拉</a>'), '去大教堂和斯卡拉')
})
