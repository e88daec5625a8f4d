// The simulator refuses what it cannot run, and keeps WXSS where WeChat keeps it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
// @ts-expect-error plain JavaScript
import { checkApis, checkMarkup, checkPrivate, renameTags } from '../../simulator/markup.mjs'
// @ts-expect-error plain JavaScript
import { pageStyles, scopedStyles, sharedStyles } from '../../simulator/styles.mjs'

test('a tag that is not built in is an error with its line', () => {
  assert.throws(() => checkMarkup('<view>\n  <video></video>\n</view>', 'p.wxml', {}), /p\.wxml:2: <video>/)
  assert.doesNotThrow(() => checkMarkup('<view><card item="{{a}}"/></view>', 'p.wxml', { card: 'x' }))
  assert.doesNotThrow(() => checkMarkup('<!-- <video> --><view></view>', 'p.wxml', {}))
})

test('an attribute the simulator ignores is an error', () => {
  assert.throws(() => checkMarkup('<button form-type="submit">x</button>', 'p.wxml', {}), /form-type/)
  assert.doesNotThrow(() => checkMarkup('<button class="{{a > 1 ? \'x\' : \'\'}}" bindtap="go" data-n="1" wx:if="{{a}}">x</button>', 'p.wxml', {}))
})

test('a wx call that is not implemented is an error, in comments it is none', () => {
  assert.throws(() => checkApis('wx.chooseImage({})', 'p.ts'), /wx\.chooseImage/)
  assert.doesNotThrow(() => checkApis('// wx.chooseImage\nwx.login({})', 'p.ts'))
})

test('a map’s event that is never told is an error', () => {
  assert.throws(() => checkMarkup('<map bindpoitap="go"></map>', 'p.wxml', {}), /<map> tells no poitap/)
  assert.doesNotThrow(() => checkMarkup('<map bindmarkertap="go" bind:regionchange="see"></map>', 'p.wxml', {}))
})

test('a call about locations has to be announced in app.json', () => {
  assert.throws(() => checkPrivate('wx.getLocation({})', 'p.ts', ['chooseLocation']), /wx\.getLocation has to stand in requiredPrivateInfos/)
  assert.doesNotThrow(() => checkPrivate('wx.getLocation({})', 'p.ts', ['getLocation']))
})

test('native tags never reach the page', () => {
  assert.equal(renameTags('<view><input /></view><card/>'), '<wx-view><wx-input /></wx-view><card/>')
})

const MADE_IN = mkdtempSync(join(tmpdir(), 'styles-'))
after(() => rmSync(MADE_IN, { recursive: true }))

const file = (text: string): string => {
  const path = join(mkdtempSync(join(MADE_IN, 'one-')), 'a.wxss')
  writeFileSync(path, text)
  return path
}

test('a page’s rules hold in that page, rpx follow the frame, tags get their names', async () => {
  const css: string = await pageStyles(file('.a view, input { width: 750rpx } page { color: red }'), 'pages/x/x')
  assert.match(css, /\[data-page="pages\/x\/x"\] \.a wx-view,\s*\[data-page="pages\/x\/x"\]\s+wx-input/)
  assert.match(css, /calc\(750 \* var\(--rpx\)\)/)
  assert.match(css, /\}\s*\.wx-page \{/)
})

test('a component’s classes carry its scope and shared ones do not', async () => {
  assert.match(await scopedStyles(file('.a .b { top: 0 }'), 'c'), /\.c--a \.c--b/)
  assert.match(await sharedStyles(file('.a { top: 0 } @keyframes k { from { top: 0 } }')), /\.a \{[\s\S]*from \{/)
})
