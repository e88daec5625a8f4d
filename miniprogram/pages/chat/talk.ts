// What was written either way, as bubbles: who, when, and a time of day only where it changes.
import type { ChatWords } from './words'

export interface TalkLine { id: number; mine: boolean; kind: string; text: string; sent_at: string }
export interface Bubble { key: string; mine: boolean; text: string; tag: string; when: string }

const PAUSE_MS = 300_000 // as WeChat: a new time after five quiet minutes
const LINK = /<a\b[^>]*>(.*?)<\/a>/gs

/** Text as WeChat shows it: a link reads as its words. */
export const plain = (text: string): string => text.replace(LINK, '$1')

/** Bubbles in order; `label` writes an instant. */
export function bubblesOf(lines: TalkLine[], kinds: ChatWords['kinds'], label: (at: string) => string): Bubble[] {
  const names: { [kind: string]: string } = kinds
  return lines.map((line, index) => {
    const before = lines[index - 1]
    const paused = !before || Date.parse(line.sent_at) - Date.parse(before.sent_at) > PAUSE_MS
    return {
      key: String(line.id), mine: line.mine, text: plain(line.text), tag: line.kind === 'text' ? '' : names[line.kind] ?? kinds.other,
      when: paused ? label(line.sent_at) : '',
    }
  })
}
