// Starts the mini program: a launch from an advertisement or a code tells the server at once.
import { arrivalFrom } from './utils/arrival'
import { pageFor } from './utils/links'
import { currentSession, forgetSession } from './utils/session'

App({
  onLaunch(options) {
    const arrival = arrivalFrom(options.query)
    if (!arrival.click_id && !arrival.scene) return
    forgetSession()
    currentSession().catch(() => undefined) // the first page asks again and shows what went wrong
  },
  onPageNotFound({ path, query }) {
    const page = pageFor(path)
    if (!page || page.isTab) {
      wx.switchTab({ url: page?.url ?? '/pages/home/home' })
      return
    }
    const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`)
    wx.redirectTo({ url: `${page.url}?${pairs.join('&')}` })
  },
})
