// A person's own copy as the server tells it, and the same as a text that can be read anywhere.

export interface CopyField { label: string; value: string }
export interface CopySection { code: string; title: string; rows: CopyField[][] }
export interface OwnCopy { house: string; made_at: string; sections: CopySection[] }
export interface Kept { code: string; what: string; why: string }

const MARK = '\uFEFF' // so that every reader takes the file for UTF-8

/** The copy as plain text: a heading, then every section with its rows, an empty line between two rows. */
export function textOf(copy: OwnCopy, heading: string, at: string): string {
  const row = (fields: CopyField[]): string => fields.map(({ label, value }) => `${label}: ${value}`).join('\n')
  const section = ({ title, rows }: CopySection): string => `${title}\n${'='.repeat(20)}\n${rows.map(row).join('\n\n')}`
  return `${MARK}${[`${heading}\n${at}`, ...copy.sections.map(section)].join('\n\n\n')}\n`
}
