// Which version of a piece a page shows first.
import type { Variant } from './types'

/** The first version in stock, else the first. */
export function firstChoice(variants: Variant[]): Variant | undefined {
  return variants.find((variant) => variant.stock > 0) ?? variants[0]
}
