// Turns miniprogram/ as WeChat DevTools reads it into simulator/dist, and refuses what the simulator cannot run.
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { TmplGroup } from 'glass-easel-template-compiler'
import { readCity } from './city.mjs'
import { checkMarkup, renameTags } from './markup.mjs'
import { checkScripts, collectParts, filesBelow, pagesOf, readJson } from './sources.mjs'
import { pageStyles, scopedStyles, sharedStyles } from './styles.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const SOURCE = resolve(HERE, '../miniprogram')
const DIST = resolve(HERE, 'dist')

/** WXML of every part as one JavaScript expression. */
async function compileTemplates(parts) {
  const group = new TmplGroup()
  for (const part of parts) {
    const source = await readFile(join(SOURCE, `${part.path}.wxml`), 'utf8')
    checkMarkup(source, `${part.path}.wxml`, part.using)
    for (const problem of group.addTmpl(part.path, renameTags(source)) ?? []) {
      throw new Error(`${part.path}.wxml: ${problem.message ?? JSON.stringify(problem)}`)
    }
  }
  return group.getTmplGenObjectGroups()
}

async function compileStyles(parts) {
  const app = await sharedStyles(join(SOURCE, 'app.wxss'))
  const rest = []
  for (const part of parts) {
    const path = join(SOURCE, `${part.path}.wxss`)
    if (!existsSync(path)) continue
    rest.push(await (part.isPage ? pageStyles(path, part.path) : scopedStyles(path, part.scope)))
  }
  return [await readFile(join(HERE, 'runtime/base.css'), 'utf8'), app, ...rest].join('\n')
}

/** The module the runtime imports as `virtual:program`. */
function programSource(app, parts, templates) {
  const rows = parts.map((part) => {
    const fields = { path: part.path, isPage: part.isPage, config: part.config, using: part.using, scope: part.scope }
    const script = JSON.stringify(join(SOURCE, `${part.path}.ts`))
    return `{ ...${JSON.stringify(fields)}, load: () => require(${script}) }`
  })
  return `exports.app = ${JSON.stringify(app)}
exports.parts = [${rows.join(',\n')}]
exports.loadApp = () => require(${JSON.stringify(join(SOURCE, 'app.ts'))})
exports.templates = ${templates}`
}

/** A module that is made here, not read from a file. */
const virtual = (name, contents) => ({
  name,
  setup(build) {
    build.onResolve({ filter: new RegExp(`^virtual:${name}$`) }, () => ({ path: name, namespace: name }))
    build.onLoad({ filter: /.*/, namespace: name }, () => ({ contents, loader: 'js', resolveDir: SOURCE }))
  },
})

/** Pictures keep their places: markup names them from the root. */
async function copyPictures() {
  for await (const path of filesBelow(SOURCE)) {
    if (/\.(png|jpg|svg)$/.test(path)) await cp(path, join(DIST, relative(SOURCE, path)))
  }
}

async function main() {
  const started = performance.now()
  const manifest = await readJson(join(SOURCE, 'app.json'))
  const app = { ...manifest, pages: pagesOf(manifest) }
  const parts = await collectParts(SOURCE, app.pages)
  await checkScripts(SOURCE)
  const templates = await compileTemplates(parts)
  const css = await compileStyles(parts)
  await rm(DIST, { recursive: true, force: true })
  await mkdir(DIST, { recursive: true })
  const common = { bundle: true, target: 'es2022', minifySyntax: true, minifyWhitespace: true, legalComments: 'none' }
  const ground = virtual('city', `exports.city = ${JSON.stringify(await readCity())}`)
  const program = virtual('program', programSource(app, parts, templates))
  for (const built of [
    await esbuild.build({ ...common, entryPoints: [join(HERE, 'runtime/index.ts')], outfile: join(DIST, 'app.js'), format: 'iife', plugins: [program, ground] }),
    await esbuild.build({ ...common, entryPoints: [join(HERE, 'runtime/map/phone.ts')], outfile: join(DIST, 'map.js'), format: 'esm', plugins: [ground] }),
  ]) {
    if (built.warnings.length) throw new Error(`esbuild: ${built.warnings.map((w) => w.text).join('; ')}`)
  }
  await writeFile(join(DIST, 'app.css'), css)
  await cp(join(HERE, 'runtime/index.html'), join(DIST, 'index.html'))
  await cp(join(SOURCE, 'app.json'), join(DIST, 'app.json')) // the sandbox knows the pages by it
  await copyPictures()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`built ${parts.length} pages and components in ${seconds} s`)
}

main().catch((error) => {
  console.error(`simulator: ${error.message}`)
  process.exitCode = 1
})
