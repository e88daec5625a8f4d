// The stores that hand orders over, as their own list names them.
import { listBoutiques, readTerms } from './api'
import { storeName } from './page'
import type { OptionRow } from '../components/options/options'

export async function counters(): Promise<OptionRow[]> {
  const [terms, stores] = await Promise.all([readTerms(), listBoutiques()])
  return stores.filter((store) => terms.pickup_at.includes(store.code ?? '')).map((store) => ({
    value: store.code!, title: storeName(store), note: store.address,
  }))
}
