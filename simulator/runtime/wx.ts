// The wx.* calls the mini program makes; any other name throws, so a gap fails a test instead of passing quietly.
import supported from '../supported.json'
import { type Seat, WxFailure, askPhone, callPhone } from './phone'
import { canvasToTempFilePath, createSelectorQuery, showShareImageMenu } from './drawing'
import { locationCalls } from './location'
import { mapContext } from './map/builtin'
import { type Call, type Options, closed, promised } from './promised'
import type { Router } from './router'
import { SINGLE_PAGE_SCENE } from './single'

/** WeChat keeps nothing of a page opened from Moments for the mini program, nor the other way. */
const ownerOf = (seat: Seat): string => `${seat.scene === SINGLE_PAGE_SCENE ? 'single:' : ''}${seat.appid}:${seat.consumer}`

function storage(seat: Seat): Record<string, (...args: never[]) => unknown> {
  const full = (key: string): string => `mp:${ownerOf(seat)}:${key}`
  return {
    getStorageSync: (key: string) => {
      const kept = localStorage.getItem(full(key))
      return kept === null ? '' : (JSON.parse(kept) as unknown)
    },
    setStorageSync: (key: string, value: unknown) => localStorage.setItem(full(key), JSON.stringify(value)),
    removeStorageSync: (key: string) => localStorage.removeItem(full(key)),
    clearStorageSync: () => {
      for (const key of Object.keys(localStorage)) if (key.startsWith(full(''))) localStorage.removeItem(key)
    },
  }
}

const USER_DATA_PATH = 'wxfile://usr'
const fileKey = (seat: Seat, path: string): string => `mp-file:${ownerOf(seat)}:${path}`

/** A person's own files, each mini program's apart; WeChat too writes only below USER_DATA_PATH. */
function fileSystem(seat: Seat): Record<string, (...args: never[]) => unknown> {
  const full = (path: string, api: string): string => {
    if (!path.startsWith(`${USER_DATA_PATH}/`)) throw new Error(`${api}:fail permission denied, open ${path}`)
    return fileKey(seat, path)
  }
  return {
    readFileSync: (path: string, encoding: string) => {
      if (encoding !== 'utf8') throw new Error(`readFileSync: ${encoding} is not in the simulator`)
      const kept = localStorage.getItem(full(path, 'readFileSync'))
      if (kept === null) throw new Error(`readFileSync:fail no such file or directory, open ${path}`)
      return kept
    },
    writeFileSync: (path: string, data: string, encoding: string) => {
      if (encoding !== 'utf8') throw new Error(`writeFileSync: ${encoding} is not in the simulator`)
      localStorage.setItem(full(path, 'writeFileSync'), data)
    },
    unlinkSync: (path: string) => {
      const key = full(path, 'unlinkSync')
      if (localStorage.getItem(key) === null) throw new Error(`unlinkSync:fail no such file or directory ${path}`)
      localStorage.removeItem(key)
    },
  }
}

/** The phone's sheet that sends one of the mini program's own files to a chat. */
const shareFileMessage = (seat: Seat): Call => ({ filePath, fileName }) => {
  const text = localStorage.getItem(fileKey(seat, String(filePath)))
  if (text === null) throw new WxFailure('shareFileMessage:fail file not exist')
  return askPhone('shareFileMessage', { name: String(fileName ?? filePath), text })
}

const request = (seat: Seat): Call => async (options) => {
  const { url, method = 'GET', header = {}, data, timeout = 60000 } = options
  const answer = await callPhone<{ statusCode: number; header: object; data: unknown }>(
    'request', { consumer: seat.consumer, appid: seat.appid, url, method, header, data, timeout }, 'request')
  return answer
}

let toastTimer = 0
function showToast(options: Options): void {
  document.querySelector('.mp-toast')?.remove()
  clearTimeout(toastTimer)
  const toast = document.createElement('div')
  toast.className = 'mp-toast'
  toast.setAttribute('role', 'status')
  toast.textContent = String(options['title'] ?? '')
  document.body.append(toast)
  toastTimer = window.setTimeout(() => toast.remove(), Number(options['duration'] ?? 1500))
}

function modalButton(text: string, kind: string, choose: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = `mp-modal-button mp-modal-${kind}`
  button.textContent = text
  button.addEventListener('click', choose)
  return button
}

const showModal = (seat: Seat): Call => (options) => new Promise((done) => {
  const chinese = seat.language.startsWith('zh')
  const dialog = document.createElement('dialog')
  dialog.className = 'mp-modal'
  const answer = (confirm: boolean) => (): void => {
    dialog.remove()
    done({ confirm, cancel: !confirm })
  }
  const title = document.createElement('h2')
  title.textContent = String(options['title'] ?? '')
  const content = document.createElement('p')
  content.textContent = String(options['content'] ?? '')
  const row = document.createElement('div')
  row.className = 'mp-modal-row'
  if (options['showCancel'] !== false) {
    row.append(modalButton(String(options['cancelText'] ?? (chinese ? '取消' : 'Cancel')), 'cancel', answer(false)))
  }
  row.append(modalButton(String(options['confirmText'] ?? (chinese ? '确定' : 'OK')), 'confirm', answer(true)))
  dialog.append(title, content, row)
  dialog.addEventListener('cancel', answer(false))
  document.body.append(dialog)
  dialog.showModal()
})

/** Pages open and close once whoever asked has finished, as in WeChat: a page's onShow comes before the next one's onLoad. */
function navigation(router: Router): Record<string, Call> {
  const later = (go: (options: Options) => void): Call => async (options) => {
    await Promise.resolve()
    go(options)
  }
  return {
    navigateTo: later((options) => router.navigateTo(String(options['url']))),
    redirectTo: later((options) => router.redirectTo(String(options['url']))),
    switchTab: later((options) => router.switchTab(String(options['url']))),
    reLaunch: later((options) => router.reLaunch(String(options['url']))),
    navigateBack: later((options) => router.goBack(Number(options['delta'] ?? 1))),
    setNavigationBarTitle: (options) => router.setTitle(String(options['title'])),
    setTabBarItem: (options) => router.setTabText(Number(options['index']), String(options['text'])),
  }
}

/** What the person decides on the phone's own screens. */
function phoneScreens(): Record<string, Call> {
  const asked = (api: string, fields: string[]): Call => (options) =>
    askPhone(api, Object.fromEntries(fields.map((field) => [field, options[field]])))
  return {
    requestPayment: asked('requestPayment', ['timeStamp', 'nonceStr', 'package', 'signType', 'paySign']),
    requestSubscribeMessage: asked('requestSubscribeMessage', ['tmplIds']),
    scanCode: asked('scanCode', ['onlyFromCamera', 'scanType']),
    openOfficialAccountProfile: asked('openOfficialAccountProfile', ['username']),
    chooseAddress: asked('chooseAddress', []),
    addPhoneCalendar: asked('addPhoneCalendar', ['title', 'startTime', 'endTime', 'location', 'description']),
    setClipboardData: asked('setClipboardData', ['data']),
  }
}

/** The `wx` global: only what supported.json lists exists, and everything it lists must. */
export function createWx(seat: Seat, router: Router): unknown {
  const calls: Record<string, Call> = {
    ...navigation(router),
    ...phoneScreens(),
    ...locationCalls(),
    showToast,
    showModal: showModal(seat),
    canvasToTempFilePath,
    showShareImageMenu,
    shareFileMessage: shareFileMessage(seat),
    exitMiniProgram: () => askPhone('exitMiniProgram', {}),
    request: request(seat),
    login: () => {
      if (seat.scene === SINGLE_PAGE_SCENE) throw new WxFailure('login:fail not available in single page mode')
      return callPhone('login', { consumer: seat.consumer, appid: seat.appid }, 'login')
    },
  }
  const members: Record<string, unknown> = {
    ...storage(seat),
    env: closed('wx.env', { USER_DATA_PATH }),
    getFileSystemManager: () => closed('FileSystemManager', fileSystem(seat)),
    createSelectorQuery: () => createSelectorQuery(router),
    createMapContext: (id: string) => closed('MapContext', mapContext(id, router.topElement())),
    getWindowInfo: () => ({ pixelRatio: devicePixelRatio, windowWidth: innerWidth, windowHeight: innerHeight }),
    getLaunchOptionsSync: () => ({ path: seat.path, query: seat.query, scene: seat.scene }),
    getAccountInfoSync: () => ({ miniProgram: { appId: seat.appid, envVersion: 'develop', version: '' } }),
    getAppBaseInfo: () => ({ language: seat.language, version: '8.0.50', SDKVersion: '3.8.12' }),
  }
  for (const [api, work] of Object.entries(calls)) members[api] = promised(api, work)
  const missing = supported.apis.filter((api) => !(api in members))
  if (missing.length) throw new Error(`supported.json promises wx.${missing.join(', wx.')}`)
  return closed('wx', members)
}
