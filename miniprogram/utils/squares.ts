// A QR code from its rows of squares: dark on white with the quiet zone that cameras need.

const QUIET_SQUARES = 4

export interface Square { x: number; y: number }

/** The dark squares of a code, counted from the outer edge of its quiet zone. */
export const darkSquares = (rows: string[]): Square[] =>
  rows.flatMap((row, y) => [...row].flatMap((one, x) => (one === '1' ? [{ x: x + QUIET_SQUARES, y: y + QUIET_SQUARES }] : [])))

export function drawSquares(context: WechatMiniprogram.CanvasRenderingContext.CanvasRenderingContext2D, side: number, rows: string[]): void {
  const across = rows.length + 2 * QUIET_SQUARES
  const step = Math.max(1, Math.floor(side / across)) // whole, so that no light line shows between two dark squares
  const edge = Math.floor((side - step * across) / 2)
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, side, side)
  context.fillStyle = '#16130f'
  for (const { x, y } of darkSquares(rows)) context.fillRect(edge + x * step, edge + y * step, step, step)
}
