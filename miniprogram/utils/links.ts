// Where a link leads whose page is not called so (any more): cards in chats live longer than page names.

const TABS = ['home', 'boutique', 'plan', 'my']
const PAGES = [...TABS, 'search', 'discover', 'place', 'day', 'product', 'order', 'drop', 'appointment', 'pay-here', 'loyalty', 'bag', 'popup', 'scan', 'tax-refund']

/** `pages/product/index` is `pages/product/product`; null for a page nobody ever had. */
export function pageFor(path: string): { url: string; isTab: boolean } | null {
  const name = /^\/?pages\/([\w-]+)(?:\/|$)/.exec(path)?.[1] ?? ''
  return PAGES.includes(name) ? { url: `/pages/${name}/${name}`, isTab: TABS.includes(name) } : null
}
