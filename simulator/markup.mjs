// Checks WXML and scripts against what the simulator implements, and keeps native tag names out of the DOM.
import { readFileSync } from 'node:fs'

const SUPPORTED = JSON.parse(readFileSync(new URL('./supported.json', import.meta.url), 'utf8'))
const STRUCTURE = new Set(['block', 'slot', 'template', 'import', 'include', 'wxs'])
const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*\/?>/g
const ATTRIBUTE = /([^\s=>/]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'))?/g
const DIRECTIVE = /^(wx:|bind|catch|data-|mark:|model:|generic:|class$|style$)/

const EVENT = /^(?:bind|catch):?(\w+)$/

const withoutComments = (source) => source.replace(/<!--[\s\S]*?-->/g, (text) => text.replace(/[^\n]/g, ' '))
const lineOf = (source, offset) => source.slice(0, offset).split('\n').length

/** Throws for a tag or an attribute the simulator does not implement. */
export function checkMarkup(source, name, using) {
  const clean = withoutComments(source)
  for (const match of clean.matchAll(TAG)) {
    const [, closing, tag, attributes] = match
    if (closing || STRUCTURE.has(tag) || using[tag]) continue
    const at = `${name}:${lineOf(clean, match.index)}`
    const known = SUPPORTED.tags[tag]
    if (!known) throw new Error(`${at}: <${tag}> is neither built in here nor in usingComponents`)
    for (const [, attribute] of attributes.matchAll(ATTRIBUTE)) {
      const event = SUPPORTED.events[tag] && EVENT.exec(attribute)?.[1]
      if (event && !SUPPORTED.events[tag].includes(event)) throw new Error(`${at}: <${tag}> tells no ${event} in the simulator`)
      if (DIRECTIVE.test(attribute) || SUPPORTED.common.includes(attribute) || known.includes(attribute)) continue
      throw new Error(`${at}: <${tag}> has no attribute ${attribute} in the simulator`)
    }
  }
}

/** `<view>` becomes `<wx-view>`: a host element named `input` would be the browser's own. */
export function renameTags(source) {
  return source.replace(/<(\/?)([a-z][\w-]*)/g, (text, closing, tag) =>
    SUPPORTED.tags[tag] ? `<${closing}wx-${tag}` : text)
}

/** Throws for a wx.* call the simulator does not implement. */
export function checkApis(source, name) {
  const code = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  for (const match of code.matchAll(/\bwx\.([a-zA-Z]+)/g)) {
    if (SUPPORTED.apis.includes(match[1])) continue
    throw new Error(`${name}:${lineOf(code, match.index)}: wx.${match[1]} is not in the simulator`)
  }
}

/** Throws for a call that WeChat refuses because app.json does not name it among `requiredPrivateInfos`. */
export function checkPrivate(source, name, declared = []) {
  for (const api of SUPPORTED.private) {
    if (new RegExp(`\\bwx\\.${api}\\b`).test(source) && !declared.includes(api)) {
      throw new Error(`${name}: wx.${api} has to stand in requiredPrivateInfos of app.json`)
    }
  }
}

export const BUILT_IN_TAGS = Object.keys(SUPPORTED.tags)
