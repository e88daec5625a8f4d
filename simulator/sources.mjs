// What lies in the mini program's folder: its files, its pages in all packages, and the components they use.
import { readFile, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { checkApis, checkMarkup, checkPrivate } from './markup.mjs'

export const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'))

/** Every file below a folder, depth first. */
export async function* filesBelow(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(path)
    else yield path
  }
}

/** The first package's pages and those of the sub-packages, as the router names them. */
export function pagesOf(app) {
  const later = (app.subPackages ?? []).flatMap(({ root, pages }) => pages.map((page) => `${root}/${page}`))
  const tabs = new Set((app.tabBar?.list ?? []).map((item) => item.pagePath))
  const wrong = later.find((page) => tabs.has(page))
  if (wrong) throw new Error(`app.json: ${wrong} is a tab, and WeChat keeps tabs in the first package`)
  return [...app.pages, ...later]
}

/** Pages and the components they use, components before whoever uses them. */
export async function collectParts(source, pages) {
  const parts = new Map()
  const visit = async (path, isPage) => {
    if (parts.has(path)) return
    const config = await readJson(join(source, `${path}.json`))
    if (!isPage && !config.component) throw new Error(`${path}.json: a component needs "component": true`)
    const using = {}
    for (const [tag, target] of Object.entries(config.usingComponents ?? {})) {
      if (!target.startsWith('/')) throw new Error(`${path}.json: write ${tag} as a path from the root`)
      using[tag] = target.slice(1)
      await visit(target.slice(1), false)
    }
    parts.set(path, { path, isPage, config, using, scope: isPage ? '' : path.replaceAll('/', '-') })
  }
  for (const page of pages) await visit(page, true)
  return [...parts.values()]
}

/** Throws for the first wx.* call that the simulator does not implement, or WeChat without its line in app.json. */
export async function checkScripts(source) {
  const { requiredPrivateInfos } = await readJson(join(source, 'app.json'))
  for await (const path of filesBelow(source)) {
    if (!path.endsWith('.ts')) continue
    const [code, name] = [await readFile(path, 'utf8'), relative(source, path)]
    checkApis(code, name)
    checkPrivate(code, name, requiredPrivateInfos)
  }
}

/** Throws for the first tag or attribute that the simulator does not implement. */
export async function checkPages(source) {
  const parts = await collectParts(source, pagesOf(await readJson(join(source, 'app.json'))))
  for (const { path, using } of parts) checkMarkup(await readFile(join(source, `${path}.wxml`), 'utf8'), `${path}.wxml`, using)
  return parts
}
