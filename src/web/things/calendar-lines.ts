import { useTranslation } from 'react-i18next'
import { alarmText } from '../calendar/alarms-field.tsx'
import { isPlain } from '../calendar/rule.ts'
import { ruleText } from '../calendar/rule-text.ts'
import { isKnownZone, momentIn, wallTimeIn } from '../calendar/times.ts'
import { useZone } from '../calendar/zone.ts'
import { localeOf } from '../i18n/locale.ts'
import { priorityOf } from '../tasks/priority.ts'
import { type Line, readLine, readRule, secondsOf, unescaped, wallOf } from './line.ts'

/** Properties that are dates and times. */
const dates = new Set(['DTSTART', 'DTEND', 'DUE', 'COMPLETED', 'EXDATE', 'RDATE', 'RECURRENCE-ID'])

/** Lines of events and tasks as people read them, with times on the clocks that the page shows. */
export function useCalendarLine(): (text: string) => string {
  const { t, i18n } = useTranslation('things')
  const { t: calendarWord } = useTranslation('calendar')
  const { t: taskWord } = useTranslation('tasks')
  const { language } = i18n
  const when = useWhen()
  const status = (value: string): string => {
    if (value === 'NEEDS-ACTION' || value === 'COMPLETED')
      return taskWord(`states.${value === 'COMPLETED' ? 'done' : 'open'}`)
    if (value === 'IN-PROCESS') return t('told.inProcess')
    return calendarWord(`status.${value.toLowerCase()}`, { defaultValue: value })
  }
  const person = ({ value, params }: Line): string => {
    const name = params.get('CN') ?? value.replace(/^mailto:/i, '')
    const answer = params.get('PARTSTAT')
    return answer ? `${name} (${calendarWord(`answer.${answer}`, { defaultValue: answer })})` : name
  }
  const alarm = ({ value, params }: Line): string => {
    const offset = secondsOf(value)
    if (offset === undefined) return when(value, undefined)
    const related = params.get('RELATED') === 'END' ? 'end' : 'start'
    const time = (at: string): string => at
    return alarmText(calendarWord, { key: '', action: 'display', at: null, offset, related }, time)
  }
  return (text) => {
    const line = readLine(text)
    if (!line) return text
    const { name, value, params } = line
    if (dates.has(name))
      return value
        .split(',')
        .map((one) => when(one, params.get('TZID')))
        .join(', ')
    const rule = name === 'RRULE' ? readRule(value) : undefined
    if (rule && isPlain(rule)) return ruleText(calendarWord, localeOf(language), rule)
    switch (name) {
      case 'BEGIN':
        return t('told.there')
      case 'STATUS':
        return status(value.toUpperCase())
      case 'CLASS':
        return calendarWord(`class.${value.toLowerCase()}`, { defaultValue: value })
      case 'TRANSP':
        return t(value.toUpperCase() === 'TRANSPARENT' ? 'told.free' : 'told.busy')
      case 'PRIORITY':
        return taskWord(`priority.${priorityOf(Number(value))}`)
      case 'PERCENT-COMPLETE':
        return new Intl.NumberFormat(localeOf(language), { style: 'percent' }).format(Number(value) / 100)
      case 'ATTENDEE':
      case 'ORGANIZER':
        return person(line)
      case 'TRIGGER':
        return alarm(line)
      default:
        return unescaped(value)
    }
  }
}

/** What a date or a time that is written in a zone is on the clocks that the page shows. */
function useWhen(): (value: string, own: string | undefined) => string {
  const zone = useZone()
  const { language } = useTranslation('things').i18n
  return (value, own) => {
    const found = wallOf(value)
    if (!found) return value
    const from = found.isUtc ? 'UTC' : own
    if (found.isDay || from === undefined || !isKnownZone(from)) return found.text(language)
    const shown = wallTimeIn(zone, momentIn(from, found.wall)).replaceAll(/[-:]/g, '')
    return wallOf(shown)?.text(language) ?? value
  }
}
