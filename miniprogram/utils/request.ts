// The only caller of wx.request: adds the language and the token, and turns every failure into an ApiError.
import { API_BASE, API_ORIGIN } from './config'
import { acceptLanguage, words } from './language'

export class ApiError extends Error {
  constructor(readonly code: string, message: string, readonly status: number) {
    super(message)
  }
}

/** What was asked for, or null when there is no such thing; other troubles are thrown on. */
export async function known<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null
    throw error
  }
}

type Method = 'GET' | 'POST' | 'DELETE'
const REQUEST_MS_MAX = 15000

interface ErrorBody {
  error?: { code?: string; message?: string }
  detail?: unknown
}

/** The server's own words when it sent some, else ours for the status. */
export function errorFrom(status: number, body: unknown): ApiError {
  const said = (body as ErrorBody | null)?.error
  const ours = status >= 500 ? words().error.server : words().error.refused
  return new ApiError(said?.code ?? `http_${status}`, said?.message ?? ours, status)
}

/** Sends one request; `path` starts at the API's base, or at the server for `/gate/` addresses. */
export function send<T>(method: Method, path: string, token: string, data?: object, more: Record<string, string> = {}): Promise<T> {
  const url = (path.startsWith('/gate/') ? API_ORIGIN : API_BASE) + path
  const header: Record<string, string> = { 'Accept-Language': acceptLanguage(), 'Content-Type': 'application/json', ...more }
  if (token) header['Authorization'] = `Bearer ${token}`
  return new Promise((resolve, reject) => {
    wx.request({
      url,
      method,
      header,
      timeout: REQUEST_MS_MAX,
      ...(data ? { data } : {}),
      success: ({ statusCode, data: body }) => {
        if (statusCode >= 200 && statusCode < 300) resolve(body as T)
        else reject(errorFrom(statusCode, body))
      },
      fail: () => reject(new ApiError('offline', words().error.offline, 0)),
    })
  })
}
