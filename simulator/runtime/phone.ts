// The door to the phone around the frame: it owns the sheets, the camera and WeChat's network.

export interface Seat {
  consumer: string
  appid: string
  language: string
  path: string
  query: Record<string, string>
  scene: number
}

/** What WeChat hands a `fail` callback. */
export class WxFailure extends Error {
  readonly errMsg: string
  readonly errno: number | undefined
  constructor(errMsg: string, errno?: number) {
    super(errMsg)
    this.errMsg = errMsg
    this.errno = errno
  }
}

const parameters = new URLSearchParams(location.search)

/** Who opened the mini program and where, as the phone wrote it into the frame's address. */
export function readSeat(): Seat {
  const [path = '', query = ''] = (parameters.get('path') ?? '').replace(/^\//, '').split('?')
  return {
    consumer: parameters.get('consumer') ?? '',
    appid: parameters.get('appid') ?? '',
    language: parameters.get('lang') ?? 'zh_CN',
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    scene: Number(parameters.get('scene') ?? '1001'),
  }
}

interface Answer {
  seta: 'phone-answer'
  id: number
  ok: boolean
  result?: unknown
  errMsg?: string
}

const waiting = new Map<number, (answer: Answer) => void>()
let lastId = 0

addEventListener('message', (event: MessageEvent<Answer>) => {
  if (event.origin !== location.origin || event.data?.seta !== 'phone-answer') return
  waiting.get(event.data.id)?.(event.data)
  waiting.delete(event.data.id)
})

/** Asks the phone to show something and waits for the person's answer. */
export function askPhone(api: string, args: unknown): Promise<unknown> {
  if (window.parent === window) return Promise.reject(new WxFailure(`${api}:fail no phone around this page`))
  lastId += 1
  const id = lastId
  return new Promise((done, failed) => {
    waiting.set(id, (answer) => {
      if (answer.ok) done(answer.result)
      else failed(new WxFailure(answer.errMsg ?? `${api}:fail`))
    })
    window.parent.postMessage({ seta: 'phone-ask', id, api, args }, location.origin)
  })
}

/** Tells the phone something it need not answer. */
export function tellPhone(api: string, args: unknown): void {
  if (window.parent !== window) window.parent.postMessage({ seta: 'phone-tell', api, args }, location.origin)
}

/** WeChat's own servers, which the phone's maker runs at /_phone/. */
export async function callPhone<T>(action: string, body: unknown, api: string): Promise<T> {
  let response: Response
  try {
    response = await fetch(`/_phone/${action}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
  } catch {
    throw new WxFailure(`${api}:fail network`)
  }
  const answer = (await response.json().catch(() => ({}))) as T & { errMsg?: string }
  if (!response.ok) throw new WxFailure(answer.errMsg ?? `${api}:fail status ${response.status}`)
  return answer
}
