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
    tabBar: { list: TabItem[] }
  }
  export const parts: Part[]
  export const templates: Record<string, unknown>
  export function loadApp(): unknown
}
