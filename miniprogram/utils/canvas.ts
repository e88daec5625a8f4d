// A page's or a component's canvas, ready to draw on in the screen's own sharpness.

export interface Sheet { canvas: WechatMiniprogram.Canvas; context: WechatMiniprogram.CanvasRenderingContext.CanvasRenderingContext2D; width: number; height: number }

/** Hands over the canvas once it is laid out; one that is not in sight yet is left alone. */
export function canvasOf(selector: string, owner: unknown, draw: (sheet: Sheet) => void, ratio = wx.getWindowInfo().pixelRatio): void {
  wx.createSelectorQuery().in(owner as WechatMiniprogram.Component.TrivialInstance).select(selector).fields({ node: true, size: true })
    .exec((found: ({ node: WechatMiniprogram.Canvas; width: number; height: number } | null)[]) => {
      const one = found[0]
      if (!one) return
      const { node: canvas, width, height } = one
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(height * ratio)
      const context = canvas.getContext('2d')
      context.scale(ratio, ratio)
      draw({ canvas, context, width, height })
    })
}
