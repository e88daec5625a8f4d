// Which pop-up a code means, and where it stands in one line.
import { findPopup, readPopup } from './api'
import { momentLabel } from './days'
import { currentLanguage, fill, words } from './language'
import { known } from './request'
import { campaignIn } from './scenes'
import type { Popup } from './types'

/** The pop-up that a code names; one that is over is still found by its own name. Null when there is none. */
export async function popupScanned(text: string): Promise<Popup | null> {
  const found = await known(findPopup(text))
  const campaign = campaignIn(text)
  return found ?? (campaign ? known(readPopup(campaign)) : null)
}

/** By the server's state, which the desk and the clock turn. */
export function popupLine(popup: Popup): string {
  const t = words().popup
  const at = (instant: string): string => momentLabel(instant, currentLanguage())
  if (popup.state === 'planned') return fill(t.opens, { at: at(popup.opens_at) })
  return popup.state === 'open' ? fill(t.closes, { at: at(popup.closes_at) }) : fill(t.over, { at: at(popup.closes_at) })
}
