// What WeChat would refuse: markup and styles by its own compilers, and packages that are too large.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as esbuild from 'esbuild'
import { checkPages, checkScripts, filesBelow, readJson } from './sources.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const SOURCE = resolve(HERE, '../miniprogram')
const COMPILERS = resolve(HERE, '../node_modules/miniprogram-compiler/bin/linux')
const KB = 1024

/** Ours, so that the first screen comes quickly on a traveller's network; WeChat's own limit is 2 MB a package. */
export const FIRST_PACKAGE_BYTES_MAX = 600 * KB
export const ALL_PACKAGES_BYTES_MAX = 2048 * KB

/** Why WeChat's compilers cannot run on this machine; empty where they can. */
export function compilersMissing() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return `wcc and wcsc are for Linux on x86-64, this is ${process.platform} on ${process.arch}`
  return existsSync(join(COMPILERS, 'wcc')) ? '' : 'wcc and wcsc are not installed: npm ci --ignore-scripts'
}

async function namesBelow(folder, endings) {
  const names = []
  for await (const path of filesBelow(folder)) {
    if (endings.some((ending) => path.endsWith(ending))) names.push(relative(folder, path))
  }
  return names.sort()
}

function compile(tool, flags, names, folder) {
  const program = join(COMPILERS, tool)
  chmodSync(program, 0o755) // the package carries it without the right to run
  const done = spawnSync(program, [...flags, ...names], { cwd: folder, encoding: 'utf8', maxBuffer: 64 * KB * KB })
  if (done.status !== 0) throw new Error(`${tool}: ${(done.stderr || done.error?.message || done.stdout).trim()}`)
  return names.length
}

/** WXML and WXS of a folder through wcc; throws with its file, line and column, else how many files there are. */
export const compileMarkup = async (folder) => compile('wcc', ['-d'], await namesBelow(folder, ['.wxml', '.wxs']), folder)

/** WXSS of a folder through wcsc; throws with its file, line and column, else how many files there are. */
export const compileStyles = async (folder) => compile('wcsc', ['-lc'], (await namesBelow(folder, ['.wxss'])).map((name) => `./${name}`), folder)

/** Bytes as they are packaged: scripts as JavaScript, everything else as it is. */
async function packagedBytes(path) {
  const content = await readFile(path)
  if (!path.endsWith('.ts')) return content.length
  const { code } = await esbuild.transform(content.toString(), { loader: 'ts', target: 'es2020' })
  return Buffer.byteLength(code)
}

/** Bytes of the first package and of each sub-package by its root. */
export async function packageBytes(folder) {
  const roots = ((await readJson(join(folder, 'app.json'))).subPackages ?? []).map(({ root }) => root)
  const sizes = { first: 0, ...Object.fromEntries(roots.map((root) => [root, 0])) }
  for await (const path of filesBelow(folder)) {
    const name = relative(folder, path)
    const root = roots.find((one) => name.startsWith(`${one}/`)) ?? 'first'
    sizes[root] += await packagedBytes(path)
  }
  return sizes
}

/** Throws when a package is larger than it may be; else the sizes in bytes, `all` among them. */
export async function checkSizes(folder, most = { first: FIRST_PACKAGE_BYTES_MAX, all: ALL_PACKAGES_BYTES_MAX }) {
  const sizes = await packageBytes(folder)
  const all = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0)
  for (const [name, bytes, limit] of [['the first package', sizes.first, most.first], ['everything', all, most.all]]) {
    if (bytes > limit) throw new Error(`${name} is ${bytes} bytes, ${limit} at most`)
  }
  return { ...sizes, all }
}

/** Every gate for the mini program, in words a line each. */
export async function passGates(folder = SOURCE) {
  await checkScripts(folder)
  const parts = await checkPages(folder)
  const said = [`${parts.length} pages and components use only what the simulator has`]
  const missing = compilersMissing()
  if (missing) said.push(`SKIPPED: ${missing}`)
  else said.push(`wcc takes ${await compileMarkup(folder)} files, wcsc ${await compileStyles(folder)}`)
  const sizes = await checkSizes(folder)
  const kb = (bytes) => `${(bytes / KB).toFixed(1)} KB`
  said.push(`first package ${kb(sizes.first)} of ${kb(FIRST_PACKAGE_BYTES_MAX)}, everything ${kb(sizes.all)} of ${kb(ALL_PACKAGES_BYTES_MAX)}`)
  return said
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log((await passGates()).join('\n'))
  } catch (error) {
    console.error(`gate: ${error.message}`)
    process.exitCode = 1
  }
}
