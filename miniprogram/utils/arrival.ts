// How a person came: what an advertisement or a code wrote into the launch query.

export interface Arrival {
  click_id?: string
  scene?: string
  source?: string
}

type Query = { [key: string]: string | undefined }

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** WeChat encodes `scene` once more than other parameters; an advertisement's click id is `gdt_vid`. */
export function arrivalFrom(query: Query): Arrival {
  const arrival: Arrival = {}
  const click = query['click_id'] ?? query['gdt_vid']
  if (click) arrival.click_id = click
  if (query['scene']) arrival.scene = decoded(query['scene'])
  if (query['source']) arrival.source = query['source']
  return arrival
}
