// Amounts as people read them; the server counts in minor units.

const SIGNS: { [currency: string]: string } = { CNY: '¥', EUR: '€', USD: 'US$' }

/** `formatMoney(888800, 'CNY')` is `¥8,888.00`. */
export function formatMoney(amount: number, currency: string): string {
  const sign = amount < 0 ? '-' : ''
  const units = String(Math.floor(Math.abs(amount) / 100)).replace(/\B(?=(\d{3})+$)/g, ',')
  const rest = String(Math.abs(amount) % 100).padStart(2, '0')
  return `${sign}${SIGNS[currency] ?? `${currency} `}${units}.${rest}`
}
