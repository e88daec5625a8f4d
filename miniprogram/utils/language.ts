// Which language the person reads; simplified Chinese unless they or their WeChat say otherwise.
import { en } from '../words/en'
import { it } from '../words/it'
import { zh, type Words } from '../words/zh'

export type Language = 'zh' | 'en' | 'it'

const KEY = 'language'
const WORDS: { [language in Language]: Words } = { zh, en, it }
const ACCEPTED: { [language in Language]: string } = { zh: 'zh-CN,zh;q=0.9', en: 'en', it: 'it,en;q=0.5' }

/** Any language tag to one we have. */
export function languageOf(tag: string): Language {
  const start = tag.toLowerCase().slice(0, 2)
  return start === 'en' || start === 'it' ? start : 'zh'
}

export function currentLanguage(): Language {
  const chosen = wx.getStorageSync(KEY) as string
  return languageOf(chosen || wx.getAppBaseInfo().language)
}

export function chooseLanguage(language: Language): void {
  wx.setStorageSync(KEY, language)
}

/** The server knows a language from another device; it counts until the person chooses here. */
export function rememberLanguageOnce(tag: string): void {
  if (tag && !wx.getStorageSync(KEY) && !wx.getAppBaseInfo().language) chooseLanguage(languageOf(tag))
}

export const words = (): Words => WORDS[currentLanguage()]
export const acceptLanguage = (): string => ACCEPTED[currentLanguage()]

/** `fill('{n} 站', {n: 4})` is `4 站`; an unknown name stays as it is. */
export function fill(text: string, values: { [name: string]: string | number }): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
}
