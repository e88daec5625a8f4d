// WeChat's callbacks around what a wx.* call does.
import { WxFailure } from './phone'

export type Options = Record<string, unknown> & {
  success?(result: unknown): void
  fail?(failure: { errMsg: string; errno?: number }): void
  complete?(result: unknown): void
}
export type Call = (options: Options) => unknown

/** WeChat's callbacks around a promise; without callbacks the promise itself is returned. */
export function promised(api: string, work: Call): (options?: Options) => Promise<unknown> | undefined {
  return (options: Options = {}) => {
    const run = (async () => {
      const result = await work(options)
      return { errMsg: `${api}:ok`, ...(result as object | undefined) }
    })()
    if (!options.success && !options.fail && !options.complete) return run
    run.then(
      (result) => { options.success?.(result); options.complete?.(result) },
      (error: unknown) => {
        if (!(error instanceof WxFailure)) throw error
        const failure = { errMsg: error.errMsg, ...(error.errno === undefined ? {} : { errno: error.errno }) }
        options.fail?.(failure)
        options.complete?.(failure)
      },
    )
    return undefined
  }
}

/** Only what is there may be called: a gap fails at once. */
export function closed(name: string, members: Record<string, unknown>): unknown {
  return new Proxy(members, {
    get(target, member) {
      if (member in target) return target[member as string]
      throw new Error(`${name}.${String(member)} is not in the simulator`)
    },
  })
}
