// Amounts and days as a traveller has them on receipts.

const AMOUNT = /^(\d{1,7})(?:\.(\d{1,2}))?$/

/** Cents of an amount as Italy or China writes it: `1.250,90`, `1,250.90` and `1250.9`; null for what is none. */
export function centsOf(text: string): number | null {
  const bare = text.replace(/[\s€]/g, '')
  const plain = /[.,]\d{1,2}$/.test(bare)
    ? `${bare.slice(0, bare.search(/[.,]\d{1,2}$/)).replace(/[.,]/g, '')}.${bare.slice(bare.search(/[.,]\d{1,2}$/) + 1)}`
    : bare.replace(/[.,](?=\d{3}(?:\D|$))/g, '')
  const found = AMOUNT.exec(plain)
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null
}
