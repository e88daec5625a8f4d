// Where a picture that the mini program names is found.

/** What `wx.canvasToTempFilePath` made in this run: WeChat too throws such files away when the mini program ends. */
export const temporaryFiles = new Map<string, string>()

/** Pictures of allowed servers pass through the phone's network like every request. */
export function pictureAddress(source: string): string {
  const drawn = temporaryFiles.get(source)
  if (drawn) return drawn
  if (/^https:/.test(source)) return `/_phone/media?url=${encodeURIComponent(source)}`
  return source.replace(/^\//, '')
}
