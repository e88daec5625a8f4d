// WXSS to CSS: rpx follow the frame's width, tags get their simulator names, and rules stay where WeChat keeps them.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import postcss from 'postcss'
import selectorParser from 'postcss-selector-parser'
import { BUILT_IN_TAGS } from './markup.mjs'

const renameTag = (node) => {
  if (node.value === 'page') node.replaceWith(selectorParser.className({ value: 'wx-page' }))
  else if (BUILT_IN_TAGS.includes(node.value)) node.value = `wx-${node.value}`
}

/** A page is as high as what the bar and the tabs leave it, as WeChat's view of a page is. */
const units = (value) => value.replace(/(-?[\d.]+)(rpx|vh)\b/g, (_, number, unit) => `calc(${number} * var(--${unit}))`)

/** The file with its @import rules put in place. */
async function inlined(path) {
  const root = postcss.parse(await readFile(path, 'utf8'), { from: path })
  const imports = []
  root.walkAtRules('import', (rule) => { imports.push(rule) })
  for (const rule of imports) {
    const target = rule.params.replace(/^['"]|['"]$/g, '')
    rule.replaceWith((await inlined(join(dirname(path), target))).nodes)
  }
  return root
}

async function compiled(path, changeSelector) {
  const root = await inlined(path)
  root.walkDecls((declaration) => { declaration.value = units(declaration.value) })
  root.walkRules((rule) => {
    if (rule.parent.type === 'atrule' && rule.parent.name.endsWith('keyframes')) return
    rule.selector = selectorParser((selectors) => {
      selectors.walkTags(renameTag)
      changeSelector(selectors)
    }).processSync(rule.selector)
  })
  return root.toString()
}

/** app.wxss: for every page and for components that apply shared styles. */
export const sharedStyles = (path) => compiled(path, () => {})

/** A page's rules hold inside that page only. */
export const pageStyles = (path, page) => compiled(path, (selectors) => {
  selectors.each((selector) => {
    if (selector.first.type === 'class' && selector.first.value === 'wx-page') return
    const host = selectorParser().astSync(`[data-page="${page}"] x`).first.first
    selector.prepend(selectorParser.combinator({ value: ' ' }))
    selector.prepend(host.clone())
  })
})

/** A component's classes carry its scope, as glass-easel writes them to the DOM. */
export const scopedStyles = (path, scope) => compiled(path, (selectors) => {
  selectors.walkClasses((node) => { node.value = `${scope}--${node.value}` })
})
