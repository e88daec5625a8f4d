// OpenStreetMap opening hours as people write them; what is not simple days and times stays as it came.
import type { Language } from './language'

const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su', 'PH']
const NAMES: { [language in Language]: string[] } = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日', '节假日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun', 'holidays'],
  it: ['lun', 'mar', 'mer', 'gio', 'ven', 'sab', 'dom', 'festivi'],
}
const EVERY_DAY: { [language in Language]: string } = { zh: '每天', en: 'Every day', it: 'Ogni giorno' }
const ALWAYS: { [language in Language]: string } = { zh: '全天开放', en: 'Open at all hours', it: 'Sempre aperto' }
const CLOSED: { [language in Language]: string } = { zh: '休息', en: 'closed', it: 'chiuso' }
const TO: { [language in Language]: string } = { zh: '至', en: '–', it: '–' }
const AND: { [language in Language]: string } = { zh: '、', en: ', ', it: ', ' }
const RULE = /^((?:Mo|Tu|We|Th|Fr|Sa|Su|PH)[A-Za-z,-]*) (off|[\d:,\- ]+)$/

function daysText(days: string, language: Language): string {
  if (days === 'Mo-Su') return EVERY_DAY[language]
  const name = (day: string): string => NAMES[language][DAYS.indexOf(day)] ?? day
  return days.split(',').map((part) => part.split('-').map(name).join(TO[language])).join(AND[language])
}

function ruleText(rule: string, language: Language): string {
  const match = RULE.exec(rule)
  if (!match) return rule.replace(/(\d)-(\d)/g, '$1–$2')
  const times = match[2] === 'off' ? CLOSED[language] : match[2]!.replace(/-/g, '–').replace(/,/g, AND[language])
  return `${daysText(match[1]!, language)} ${times}`
}

/** `Tu-Su 10:00-19:30; Th 10:00-22:30` is `周二至周日 10:00–19:30` and `周四 10:00–22:30`, a line each. */
export function hoursText(hours: string, language: Language): string {
  if (hours === '24/7') return ALWAYS[language]
  return hours.split(/;\s*/).filter(Boolean).map((rule) => ruleText(rule, language)).join('\n')
}
