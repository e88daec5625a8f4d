// What build.mjs makes of miniprogram/.
declare module 'virtual:program' {
  export interface PartConfig {
    component?: boolean
    navigationBarTitleText?: string
    onReachBottomDistance?: number
    [key: string]: unknown
  }
  export interface Part {
    path: string
    isPage: boolean
    config: PartConfig
    using: Record<string, string>
    scope: string
    load(): unknown
  }
  export interface TabItem {
    pagePath: string
    text: string
    iconPath?: string
    selectedIconPath?: string
  }
  export const app: {
    pages: string[]
    window: { navigationBarTitleText?: string }
    permission?: Record<string, { desc: string }>
    requiredPrivateInfos?: string[]
    tabBar: { list: TabItem[] }
  }
  export const parts: Part[]
  export const templates: Record<string, unknown>
  export function loadApp(): unknown
}

// What city.mjs makes of the guide's tables and ground.json.
declare module 'virtual:city' {
  export type LatLon = [latitude: number, longitude: number]
  export interface Named { zh: string; en: string; it: string }
  export const city: {
    parks: LatLon[][]
    canals: LatLon[][]
    rings: LatLon[][]
    streets: LatLon[][]
    districts: { at: LatLon; name: Named }[]
    places: { at: LatLon; name: Named }[]
    lines: { line: string; stations: { at: LatLon; name: string }[] }[]
  }
}
