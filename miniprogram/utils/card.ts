// A stay as one picture: its days, times and places, to keep or to send to whoever travels along.

export interface CardDay { title: string; stops: { time: string; name: string }[] }
export interface Card { heading: string; days: CardDay[]; foot: string }
export interface Line { text: string; time: string; kind: 'day' | 'stop' | 'more'; y: number }

const SERIF = '"Noto Serif SC", "Noto Serif CJK SC", "Songti SC", "Noto Serif", serif'
const SANS = '"PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", sans-serif'
const MARGIN = 28
const TOP = 96
const DAY_PX = 40
const STOP_PX = 27
const DAY_GAP_PX = 10
const FOOT_PX = 64

/** How high the card is with all its lines. */
export const cardHeight = (days: CardDay[]): number =>
  TOP + days.reduce((sum, day) => sum + DAY_PX + STOP_PX * day.stops.length + DAY_GAP_PX, 0) + FOOT_PX

/** Every line of the days with where its baseline lies. */
export function linesOf(days: CardDay[]): Line[] {
  const lines: Line[] = []
  let y = TOP
  for (const day of days) {
    y += DAY_PX
    lines.push({ text: day.title, time: '', kind: 'day', y: y - 12 })
    for (const stop of day.stops) {
      y += STOP_PX
      lines.push({ text: stop.name, time: stop.time, kind: 'stop', y: y - 6 })
    }
    y += DAY_GAP_PX
  }
  return lines
}

type Context = WechatMiniprogram.CanvasRenderingContext.CanvasRenderingContext2D

/** As much of the text as the width takes; measured, since Chinese and Latin letters differ. */
function fitted(context: Context, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text
  let kept = text
  while (kept && context.measureText(`${kept}…`).width > width) kept = kept.slice(0, -1)
  return `${kept}…`
}

export function drawCard(context: Context, width: number, height: number, card: Card): void {
  context.fillStyle = '#faf8f4'
  context.fillRect(0, 0, width, height)
  context.fillStyle = '#9b2c2c'
  context.fillRect(0, 0, width, 6)
  context.fillStyle = '#16130f'
  context.font = `600 26px ${SERIF}`
  context.fillText(fitted(context, card.heading, width - 2 * MARGIN), MARGIN, 64)
  for (const line of linesOf(card.days)) {
    context.font = line.kind === 'day' ? `600 16px ${SERIF}` : `15px ${SANS}`
    context.fillStyle = line.kind === 'day' ? '#9b2c2c' : '#16130f'
    if (line.time) {
      context.fillStyle = '#6b6459'
      context.fillText(line.time, MARGIN, line.y)
      context.fillStyle = '#16130f'
    }
    const from = line.time ? MARGIN + 56 : MARGIN
    context.fillText(fitted(context, line.text, width - from - MARGIN), from, line.y)
  }
  context.fillStyle = '#e4dfd6'
  context.fillRect(MARGIN, height - 48, width - 2 * MARGIN, 1)
  context.fillStyle = '#6b6459'
  context.font = `13px ${SANS}`
  context.fillText(fitted(context, card.foot, width - 2 * MARGIN), MARGIN, height - 22)
}
