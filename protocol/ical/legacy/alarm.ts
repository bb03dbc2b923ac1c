import { escapeTextValue, splitValue, unescapeText } from '../../text/content-lines.ts'
import { writeLine } from '../../text/write-line.ts'

/**
 * An alarm of vCalendar, `19960415T235959Z;PT5M;2;content`, as a component of iCalendar: a sound, a text, a mail; what
 * starts a program is a text.
 * @param start  that of the event, as it is written
 * @see vCalendar 1.0 §2.3.2–2.3.5, RFC 5545 §3.6.6
 */
export function legacyAlarm(name: string, value: string, start: string | undefined): string {
  const [at = '', snooze = '', repeat = '', ...content] = splitValue(value, ';').map((part) =>
    unescapeText(part).trim(),
  )
  const trigger = triggerOf(at, start)
  if (trigger === undefined) return ''
  const times = Number.parseInt(repeat, 10)
  const isRepeated = /^P\S+$/i.test(snooze) && times > 0
  const again = isRepeated ? `DURATION:${snooze.toUpperCase()}\r\nREPEAT:${times}\r\n` : ''
  return `BEGIN:VALARM\r\n${trigger}${again}${action(name, content)}END:VALARM\r\n`
}

/** iCalendar has alarms at times of UTC only: a local time is said from the start of the event. */
function triggerOf(at: string, start: string | undefined): string | undefined {
  if (/^[-+]?P\S+$/i.test(at)) return writeLine('TRIGGER', [], at.toUpperCase())
  const alarm = secondsOf(at)
  if (alarm === undefined) return undefined
  if (at.endsWith('Z')) return writeLine('TRIGGER', [{ name: 'VALUE', values: ['DATE-TIME'] }], at)
  const begin = secondsOf(start ?? '')
  if (begin === undefined || start?.endsWith('Z')) return undefined
  const minutes = Math.round((alarm - begin) / 60)
  return writeLine('TRIGGER', [], `${minutes < 0 ? '-' : ''}PT${Math.abs(minutes)}M`)
}

function secondsOf(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(text)
  if (!match) return undefined
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000
}

function action(name: string, content: readonly string[]): string {
  const [first = '', second = ''] = content
  if (name === 'AALARM') return 'ACTION:AUDIO\r\n'
  const text = writeLine(
    'DESCRIPTION',
    [],
    escapeTextValue((name === 'MALARM' ? second : first) || 'Reminder'),
  )
  if (name !== 'MALARM' || !first.includes('@')) return `ACTION:DISPLAY\r\n${text}`
  const summary = writeLine('SUMMARY', [], escapeTextValue(second || 'Reminder'))
  return `ACTION:EMAIL\r\n${summary}${text}${writeLine('ATTENDEE', [], `mailto:${first}`)}`
}
