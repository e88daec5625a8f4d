// Passing a page on: what its card says, and what stands there when Moments opens the page alone.

const SINGLE_PAGE_SCENE = 1154

export interface Card { title: string; path: string; imageUrl?: string }

const asQuery = (values: { [name: string]: string }): string =>
  Object.entries(values).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')

/** A card that opens `pages/<page>/<page>`; without a picture WeChat takes one of the screen. */
export function cardTo(page: string, title: string, values: { [name: string]: string } = {}, imageUrl = ''): Card {
  const query = asQuery(values)
  return { title, path: `/pages/${page}/${page}${query ? `?${query}` : ''}`, ...(imageUrl ? { imageUrl } : {}) }
}

/** For Moments the page stays the same one: only its title and query can be said. */
export const postOf = (title: string, values: { [name: string]: string }, imageUrl = ''): { title: string; query: string; imageUrl?: string } =>
  ({ title, query: asQuery(values), ...(imageUrl ? { imageUrl } : {}) })

/** From Moments the page is alone: nobody is logged in there, so it shows what its own address says. */
export const isAlone = (): boolean => wx.getLaunchOptionsSync().scene === SINGLE_PAGE_SCENE
