// Which version of a piece a page shows first, and whether it can be ordered here and now.
import type { Variant } from './types'

/** In stock, and its sale through the mini program is open. */
export function canBuy(variant: Variant): boolean {
  return variant.stock > 0 && (variant.sale?.state ?? 'open') === 'open'
}

/** The first version that can be bought, else the first. */
export function firstChoice(variants: Variant[]): Variant | undefined {
  return variants.find(canBuy) ?? variants[0]
}
