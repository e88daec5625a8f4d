// Where the person is, and what they allowed: WeChat's rules for locations, asked of the phone around the frame.
import { app } from 'virtual:program'
import { WxFailure, askPhone } from './phone'
import type { Call } from './promised'

const SCOPE = 'scope.userLocation'
// Outside mainland China both are the same: the phone says no place inside.
const DATUMS = ['wgs84', 'gcj02']

/** WeChat refuses a call about locations that app.json does not announce. */
function announced(api: string): void {
  if (app.requiredPrivateInfos?.includes(api)) return
  throw new WxFailure(`${api}:fail the api need to be declared in the requiredPrivateInfos field in app.json/ext.json`, 112)
}

const getLocation: Call = ({ type = 'wgs84' }) => {
  announced('getLocation')
  if (!DATUMS.includes(String(type))) throw new WxFailure('getLocation:fail invalid type')
  const purpose = app.permission?.[SCOPE]?.desc
  if (!purpose) throw new WxFailure(`getLocation:fail require permission desc of ${SCOPE} in app.json`)
  return askPhone('getLocation', { purpose })
}

const chooseLocation: Call = ({ latitude, longitude }) => {
  announced('chooseLocation')
  return askPhone('chooseLocation', { latitude, longitude })
}

const openLocation: Call = ({ latitude, longitude, scale = 18, name = '', address = '' }) => {
  if (![latitude, longitude].every(Number.isFinite)) throw new WxFailure('openLocation:fail invalid coordinates')
  return askPhone('openLocation', { latitude, longitude, scale, name, address })
}

export const locationCalls = (): Record<string, Call> => ({
  getLocation,
  chooseLocation,
  openLocation,
  getSetting: () => askPhone('getSetting', {}),
  openSetting: () => askPhone('openSetting', {}),
})
