// Who is here: logs in with wx.login once, keeps the token, and renews it when the server no longer takes it.
import { rememberLanguageOnce } from './language'
import { ApiError, send } from './request'
import { arrivalFrom } from './arrival'

interface Session {
  token: string
  person_id: number
  openid: string
  language?: string
  templates?: { [use: string]: string }
}

const KEY = 'session'
let opening: Promise<Session> | null = null

function loginCode(): Promise<string> {
  return new Promise((resolve, reject) => {
    wx.login({ success: ({ code }) => resolve(code), fail: ({ errMsg }) => reject(new ApiError('login', errMsg, 0)) })
  })
}

async function openSession(): Promise<Session> {
  const launch = wx.getLaunchOptionsSync()
  const session = await send<Session>('POST', '/session', '', {
    js_code: await loginCode(),
    appid: wx.getAccountInfoSync().miniProgram.appId,
    ...arrivalFrom(launch.query),
  })
  wx.setStorageSync(KEY, session)
  rememberLanguageOnce(session.language ?? '')
  return session
}

/** The session, opened when there is none; callers at the same time share one login. */
export function currentSession(): Promise<Session> {
  const kept = wx.getStorageSync(KEY) as Session | ''
  if (kept) return Promise.resolve(kept)
  opening ??= openSession().finally(() => { opening = null })
  return opening
}

/** A launch from an advertisement or a code opens a new session, so that the server learns of it. */
export function forgetSession(): void {
  wx.removeStorageSync(KEY)
}

async function call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, data?: object, more?: Record<string, string>): Promise<T> {
  const session = await currentSession()
  try {
    return await send<T>(method, path, session.token, data, more)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
    forgetSession()
    return send<T>(method, path, (await currentSession()).token, data, more)
  }
}

export const get = <T>(path: string): Promise<T> => call<T>('GET', path)
export const post = <T>(path: string, data: object, more?: Record<string, string>): Promise<T> => call<T>('POST', path, data, more)
export const forget = (path: string): Promise<void> => call<void>('DELETE', path)
