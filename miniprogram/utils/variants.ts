// Which version of a piece a page shows first, and whether it can be ordered here and now.
import type { Variant } from './types'

/** The price tags of other markets in one line: 意大利 €950.00 · 日本 JP¥160,000. */
export function tagsOf(variant: Variant & { elsewhere?: { name: string; price_text: string }[] }): string {
  return (variant.elsewhere ?? []).map((tag) => `${tag.name} ${tag.price_text}`).join(' · ')
}

/** In stock, and its sale through the mini program is open. */
export function canBuy(variant: Variant): boolean {
  return variant.stock > 0 && (variant.sale?.state ?? 'open') === 'open'
}

/** The first version that can be bought, else the first. */
export function firstChoice(variants: Variant[]): Variant | undefined {
  return variants.find(canBuy) ?? variants[0]
}

/** Why no version can be ordered here and now, as the server says it, else that they are sold out; empty when one can. */
export function closedText(variants: Variant[], soldOut: string): string {
  if (variants.some(canBuy)) return ''
  const stocked = variants.filter((one) => one.stock > 0)
  return stocked.map((one) => one.sale?.text ?? '').find(Boolean) ?? soldOut
}
