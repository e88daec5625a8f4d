// What WeChat would refuse stops here: its own compilers, the types, the size of each package.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
// @ts-expect-error plain JavaScript
import { checkSizes, compileMarkup, compileStyles, compilersMissing, packageBytes, passGates } from '../../simulator/gates.mjs'
// @ts-expect-error plain JavaScript
import { pagesOf } from '../../simulator/sources.mjs'

const skip: string | false = compilersMissing() || false
const ROOT = process.cwd()
const MADE_IN = mkdtempSync(join(tmpdir(), 'gates-'))
after(() => rmSync(MADE_IN, { recursive: true }))

/** A folder with these files. */
function folder(files: { [name: string]: string }): string {
  const made = mkdtempSync(join(MADE_IN, 'one-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(made, name, '..'), { recursive: true })
    writeFileSync(join(made, name), text)
  }
  return made
}

test('the mini program passes WeChat’s compilers and its size budget', async (t) => {
  const said: string[] = await passGates(resolve(ROOT, 'miniprogram'))
  for (const line of said) t.diagnostic(line)
  assert.match(said.at(-1)!, /^first package [\d.]+ KB of 600\.0 KB/)
})

test('markup that wcc does not take is refused with its line', { skip }, async () => {
  await assert.rejects(() => compileMarkup(folder({ 'a.wxml': '<view>\n  <text>\n</view>' })), /wcc: a\.wxml:\d+:\d+: expect end-tag/)
  assert.equal(await compileMarkup(folder({ 'a.wxml': '<view><text>{{b}}</text></view>' })), 1)
})

test('a style that wcsc does not take is refused with its line', { skip }, async () => {
  await assert.rejects(() => compileStyles(folder({ 'a.wxss': '.a { color: ' })), /wcsc: .*a\.wxss\(1:/)
})

test('types of the mini program and of the simulator hold', { timeout: 120_000 }, () => {
  for (const project of ['tsconfig.json', 'simulator/tsconfig.json']) {
    const done = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project], { cwd: ROOT, encoding: 'utf8' })
    assert.equal(done.status, 0, done.stdout)
  }
})

test('a page counts for the package it lies in, and types do not count', async () => {
  const app = { pages: ['pages/a/a'], subPackages: [{ root: 'later', pages: ['b/b'] }] }
  const made = folder({
    'app.json': JSON.stringify(app), 'pages/a/a.wxml': 'x'.repeat(1000), 'later/b/b.wxml': 'x'.repeat(3000),
    'later/b/b.ts': `interface Long { ${'name: string; '.repeat(500)} }\n`,
  })
  const sizes = await packageBytes(made)
  assert.equal(sizes.later, 3000)
  assert.equal(sizes.first, 1000 + JSON.stringify(app).length)
  await assert.rejects(() => checkSizes(made, { first: 500, all: 9000 }), /the first package is/)
  await assert.rejects(() => checkSizes(made, { first: 5000, all: 2000 }), /everything is/)
})

test('the router knows pages of sub-packages, and a tab may not be one', () => {
  const app = { pages: ['pages/a/a'], subPackages: [{ root: 'later', pages: ['b/b'] }], tabBar: { list: [{ pagePath: 'pages/a/a' }] } }
  assert.deepEqual(pagesOf(app), ['pages/a/a', 'later/b/b'])
  assert.throws(() => pagesOf({ ...app, tabBar: { list: [{ pagePath: 'later/b/b' }] } }), /is a tab/)
})
