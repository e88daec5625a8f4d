// Days as Milan counts them, written the reader's way.
import type { Language } from './language'

export interface DayChoice {
  day: string
  label: string
  weekday: string
}

const DAY_MS = 86_400_000
const WEEKDAYS: { [language in Language]: string[] } = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  it: ['dom', 'lun', 'mar', 'mer', 'gio', 'ven', 'sab'],
}

const MONTHS: { [language in 'en' | 'it']: string[] } = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  it: ['gen', 'feb', 'mar', 'apr', 'mag', 'giu', 'lug', 'ago', 'set', 'ott', 'nov', 'dic'],
}

const two = (number: number): string => String(number).padStart(2, '0')

function lastSundayUtc(year: number, month: number): number {
  const end = new Date(Date.UTC(year, month, 0, 1))
  return end.getTime() - end.getUTCDay() * DAY_MS
}

/** Hours Milan is ahead of UTC: summer time from the last Sunday of March to that of October, 01:00 UTC. */
export function milanOffsetHours(at: Date): number {
  const year = at.getUTCFullYear()
  const summer = at.getTime() >= lastSundayUtc(year, 3) && at.getTime() < lastSundayUtc(year, 10)
  return summer ? 2 : 1
}

const milan = (at: Date): Date => new Date(at.getTime() + milanOffsetHours(at) * 3_600_000)

/** `YYYY-MM-DD` in Milan. */
export function milanDay(at: Date): string {
  const local = milan(at)
  return `${local.getUTCFullYear()}-${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`
}

/** `HH:MM` in Milan of an instant; a plain clock time stays as it is. */
export function milanTime(instant: string): string {
  if (!instant.includes('T')) return instant.slice(0, 5)
  const local = milan(new Date(instant))
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`
}

export function dayLabel(day: string, language: Language): string {
  const [, month, date] = day.split('-').map(Number) as [number, number, number]
  if (language === 'zh') return `${month}月${date}日`
  return `${date} ${MONTHS[language][month - 1]!}`
}

/** `6月1日 周二`, `Tue 1 Jun`. */
export function dayTitle(day: string, language: Language): string {
  const parts = [dayLabel(day, language), weekdayOf(day, language)]
  return (language === 'zh' ? parts : parts.reverse()).join(' ')
}

export function weekdayOf(day: string, language: Language): string {
  return WEEKDAYS[language][new Date(`${day}T12:00:00Z`).getUTCDay()]!
}

/** The next `count` days from the day of `now` in Milan. */
export function daysFrom(now: Date, count: number, language: Language): DayChoice[] {
  return Array.from({ length: count }, (_, index) => {
    const day = milanDay(new Date(now.getTime() + index * DAY_MS))
    return { day, label: dayLabel(day, language), weekday: weekdayOf(day, language) }
  })
}

/** `6月1日 周一 14:30`. */
export function momentLabel(instant: string, language: Language): string {
  return `${dayTitle(milanDay(new Date(instant)), language)} ${milanTime(instant)}`
}
