// A QR code from its rows of squares: dark on white with the quiet zone that cameras need.

const QUIET_SQUARES = 4

export interface Square { x: number; y: number }

/** The dark squares of a code, counted from the outer edge of its quiet zone. */
export const darkSquares = (rows: string[]): Square[] =>
  rows.flatMap((row, y) => [...row].flatMap((one, x) => (one === '1' ? [{ x: x + QUIET_SQUARES, y: y + QUIET_SQUARES }] : [])))

export function drawSquares(context: WechatMiniprogram.CanvasRenderingContext.CanvasRenderingContext2D, side: number, rows: string[]): void {
  const step = side / (rows.length + 2 * QUIET_SQUARES)
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, side, side)
  context.fillStyle = '#16130f'
  // A little wider than a square, so that no light line shows between two dark ones.
  for (const { x, y } of darkSquares(rows)) context.fillRect(x * step, y * step, step * 1.02, step * 1.02)
}
