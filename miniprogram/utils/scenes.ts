// What a scanned code names, as far as its own words say: the server then says whether there is such a thing.

export type Target =
  | { kind: 'popup'; address: string }
  | { kind: 'product' | 'boutique' | 'place' | 'pay' | 'bag'; code: string }
  | { kind: 'campaign' }

type Query = { [key: string]: string | undefined }

const PRINTED_POPUP = /\/popups\/\d+\/[a-z0-9-]+/
const VALUE = /^[0-9A-Za-z_.-]{1,60}$/
const SCENE_KEYS = ['c', 'p', 'b', 'a', 'g', 'pay', 'bag'] // written by seta.kit.scenes, a store's pay codes and prepared bags

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What was scanned: the address of an ordinary code (`q`), or a mini program code's scene. */
export const scannedIn = (query: Query): string => decoded(query['q'] ?? query['scene'] ?? '')

/** `c=ss27;p=duomo` as its parts; what is not understood is left out, since anybody can print a code. */
function partsOf(scene: string): Map<string, string> {
  const pairs = scene.replace(/^qrscene_/, '').split(';').map((part) => part.split('=') as [string, string | undefined])
  return new Map(pairs.filter((pair): pair is [string, string] => SCENE_KEYS.includes(pair[0]) && VALUE.test(pair[1] ?? '')))
}

/** What a code may mean, the nearest first; empty for a code that is none of ours. */
export function targetsOf(text: string): Target[] {
  if (PRINTED_POPUP.test(text)) return [{ kind: 'popup', address: text }]
  const printed = /\/pay\/([0-9a-z]+)/.exec(text)?.[1]
  if (printed) return [{ kind: 'pay', code: printed }]
  const parts = partsOf(text)
  const targets: Target[] = parts.has('c') ? [{ kind: 'popup', address: text }] : []
  const named = [['pay', 'pay'], ['bag', 'bag'], ['product', 'g'], ['boutique', 'b'], ['place', 'p']] as const
  for (const [kind, key] of named) {
    const code = parts.get(key)
    if (code) targets.push({ kind, code })
  }
  if (parts.has('c') || parts.has('a')) targets.push({ kind: 'campaign' })
  return targets
}

/** The campaign a scene names, which a pop-up's code is too; empty for none. */
export const campaignIn = (text: string): string => partsOf(text).get('c') ?? ''

/** Whether the scene says more than who printed it: a code whose place or piece is unknown is told of as such. */
export const namesSomething = (targets: Target[]): boolean => targets.some(({ kind }) => kind !== 'popup' && kind !== 'campaign')
