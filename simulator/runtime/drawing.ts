// Canvases of a page: found by a selector query, drawn on, turned into a picture and handed to a friend.
import { WxFailure, askPhone } from './phone'
import { temporaryFiles } from './pictures'
import type { Router } from './router'

type Options = Record<string, unknown>
type Fields = { node?: boolean; size?: boolean }
interface Wanted { selector: string; fields: Fields }

let lastFile = 0

/** What is found has the fields asked for; what is not found is null, as in WeChat. */
function foundBy({ selector, fields }: Wanted, page: HTMLElement): unknown {
  if (!/^#[\w-]+$/.test(selector)) throw new Error(`createSelectorQuery: ${selector} is not in the simulator, only #id`)
  const host = page.querySelector<HTMLElement>(`[data-wx-id="${selector.slice(1)}"]`)
  const node = host?.querySelector('canvas')
  if (!host || !node) return null
  return { ...(fields.node ? { node } : {}), ...(fields.size ? { width: host.clientWidth, height: host.clientHeight } : {}) }
}

/** Canvases by `#id` in the page that is open, or below a component that was given to `in`. */
export function createSelectorQuery(router: Router): unknown {
  const wanted: Wanted[] = []
  const query = {
    in: () => query,
    select: (selector: string) => ({
      fields: (fields: Fields) => {
        const other = Object.keys(fields).find((name) => !['node', 'size'].includes(name))
        if (other) throw new Error(`createSelectorQuery: the field ${other} is not in the simulator`)
        wanted.push({ selector, fields })
        return query
      },
    }),
    exec: (done: (found: unknown[]) => void) => {
      const page = router.topElement()
      setTimeout(() => { if (page.isConnected) done(wanted.map((one) => foundBy(one, page))) })
    },
  }
  return query
}

/** The canvas as a PNG that lives as long as the mini program runs. */
export const canvasToTempFilePath = ({ canvas, fileType = 'png' }: Options): unknown => {
  if (!(canvas instanceof HTMLCanvasElement)) throw new WxFailure('canvasToTempFilePath:fail no canvas')
  if (fileType !== 'png') throw new Error(`canvasToTempFilePath: ${String(fileType)} is not in the simulator`)
  lastFile += 1
  const tempFilePath = `wxfile://tmp/canvas-${lastFile}.png`
  temporaryFiles.set(tempFilePath, canvas.toDataURL('image/png'))
  return { tempFilePath }
}

/** The phone's sheet with the picture: keep it or leave. */
export const showShareImageMenu = ({ path }: Options): Promise<unknown> => {
  const picture = temporaryFiles.get(String(path))
  if (!picture) return Promise.reject(new WxFailure('showShareImageMenu:fail no such file'))
  return askPhone('showShareImageMenu', { picture })
}
