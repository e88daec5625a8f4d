// Bundles the mini program's plain modules with their tests and hands them to node --test.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const out = resolve(here, '../../.cache/miniprogram-tests')
const tests = readdirSync(here).filter((name) => name.endsWith('.test.ts'))
rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
await esbuild.build({
  entryPoints: tests.map((name) => join(here, name)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['node:*', 'esbuild', 'postcss', 'postcss-selector-parser'],
  define: { 'import.meta.url': JSON.stringify(new URL('../../simulator/markup.mjs', import.meta.url).href) },
})
const files = tests.map((name) => join(out, name.replace(/\.ts$/, '.mjs')))
process.exitCode = spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit' }).status ?? 1
