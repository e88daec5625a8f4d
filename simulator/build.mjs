// Turns miniprogram/ as WeChat DevTools reads it into simulator/dist, and refuses what the simulator cannot run.
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { TmplGroup } from 'glass-easel-template-compiler'
import { checkApis, checkMarkup, renameTags } from './markup.mjs'
import { pageStyles, scopedStyles, sharedStyles } from './styles.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const SOURCE = resolve(HERE, '../miniprogram')
const DIST = resolve(HERE, 'dist')
const MAIN_PACKAGE_BYTES_MAX = 2 * 1024 * 1024 // WeChat refuses a larger main package

const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'))

/** Every file below a folder, depth first. */
async function* filesBelow(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else yield path
  }
}

/** Pages and the components they use, components before whoever uses them. */
async function collectParts(app) {
  const parts = new Map()
  const visit = async (path, isPage) => {
    if (parts.has(path)) return
    const config = await readJson(join(SOURCE, `${path}.json`))
    if (!isPage && !config.component) throw new Error(`${path}.json: a component needs "component": true`)
    const using = {}
    for (const [tag, target] of Object.entries(config.usingComponents ?? {})) {
      if (!target.startsWith('/')) throw new Error(`${path}.json: write ${tag} as a path from the root`)
      using[tag] = target.slice(1)
      await visit(target.slice(1), false)
    }
    parts.set(path, { path, isPage, config, using, scope: isPage ? '' : path.replaceAll('/', '-') })
  }
  for (const page of app.pages) await visit(page, true)
  return [...parts.values()]
}

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

const virtualProgram = (source) => ({
  name: 'program',
  setup(build) {
    build.onResolve({ filter: /^virtual:program$/ }, () => ({ path: 'program', namespace: 'virtual' }))
    build.onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({ contents: source, loader: 'js', resolveDir: SOURCE }))
  },
})

async function checkSources() {
  let bytes = 0
  for await (const path of filesBelow(SOURCE)) {
    bytes += (await stat(path)).size
    if (path.endsWith('.ts')) checkApis(await readFile(path, 'utf8'), relative(SOURCE, path))
  }
  if (bytes > MAIN_PACKAGE_BYTES_MAX) throw new Error(`the mini program is ${bytes} bytes; WeChat takes 2 MB`)
  return bytes
}

async function main() {
  const started = performance.now()
  const app = await readJson(join(SOURCE, 'app.json'))
  const parts = await collectParts(app)
  const bytes = await checkSources()
  const templates = await compileTemplates(parts)
  const css = await compileStyles(parts)
  await rm(DIST, { recursive: true, force: true })
  await mkdir(DIST, { recursive: true })
  const built = await esbuild.build({
    entryPoints: [join(HERE, 'runtime/index.ts')],
    outfile: join(DIST, 'app.js'),
    bundle: true,
    format: 'iife',
    target: 'es2022',
    minifySyntax: true,
    legalComments: 'none',
    plugins: [virtualProgram(programSource(app, parts, templates))],
  })
  if (built.warnings.length) throw new Error(`esbuild: ${built.warnings.map((w) => w.text).join('; ')}`)
  await writeFile(join(DIST, 'app.css'), css)
  await cp(join(HERE, 'runtime/index.html'), join(DIST, 'index.html'))
  await cp(join(SOURCE, 'app.json'), join(DIST, 'app.json')) // the sandbox knows the pages by it
  const images = join(SOURCE, 'images')
  if (existsSync(images)) await cp(images, join(DIST, 'images'), { recursive: true })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.log(`built ${parts.length} pages and components from ${(bytes / 1024).toFixed(0)} KB in ${seconds} s`)
}

main().catch((error) => {
  console.error(`simulator: ${error.message}`)
  process.exitCode = 1
})
