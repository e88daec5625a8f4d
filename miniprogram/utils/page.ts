// What every page does alike: its words, its state while it loads, and what an error says.
import { API_ORIGIN } from './config'
import { currentLanguage, words } from './language'
import { ApiError } from './request'

/** `alone`: opened by itself from Moments, where nobody is logged in. */
export type Phase = 'loading' | 'ready' | 'empty' | 'error' | 'alone'

/** What a person reads about a failure; a mistake of ours is thrown on. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  throw error
}

/** A store's name in the reader's language. */
export function storeName(store: { name: string; name_zh?: string }): string {
  return (currentLanguage() === 'zh' && store.name_zh) || store.name
}

export function toast(title: string): void {
  wx.showToast({ title, icon: 'none', duration: 2000 })
}

/** Puts the tab bar into the reader's language. */
export function nameTabs(): void {
  words().tabs.forEach((text, index) => { wx.setTabBarItem({ index, text }) })
}

/** Whether a place's opening hours should be confirmed before going: all marks but the highest. */
export function needsConfirming(mark: string): boolean {
  return !['H', 'high'].includes(mark)
}

/** A picture's address; the server may send one without its origin. */
export function picture(image: string): string {
  return image.startsWith('/') ? API_ORIGIN + image : image
}

/** With its first letter large, as a line of its own begins. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
