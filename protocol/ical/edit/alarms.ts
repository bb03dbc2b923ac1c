import { writeLine } from '../../text/write-line.ts'
import { type Calendar, type Component, property } from '../calendar.ts'
import { alarmsByKey, alarmsOf } from '../details/alarms.ts'
import { plainText } from '../details/common.ts'
import { formatTime } from '../values.ts'
import type { Edit } from '../write-lines.ts'
import { removal, setLine } from './patch.ts'

/** An alarm as it is to be: with a key the one that is there, with all that stands in it. */
export interface AlarmWish {
  readonly key?: string | undefined
  /** Seconds. */
  readonly offset: number | null
  readonly related: 'start' | 'end'
  /** ISO 8601. */
  readonly at: string | null
}

/** The edits of a part that make its alarms those that are wished; one that is kept as it is stays octet for octet. */
export function alarmEdits(calendar: Calendar, part: Component, wishes: readonly AlarmWish[]): Edit[] {
  const there = alarmsByKey(calendar, part)
  const shown = new Map(alarmsOf(calendar, part).map((alarm) => [alarm.key, alarm]))
  const edits: Edit[] = []
  const kept = new Set<string>()
  let added = ''
  for (const wish of wishes) {
    const own = wish.key === undefined ? undefined : there.get(wish.key)
    const now = wish.key === undefined ? undefined : shown.get(wish.key)
    if (own && now && wish.key !== undefined && !kept.has(wish.key)) {
      kept.add(wish.key)
      const isSame = now.offset === wish.offset && now.related === wish.related && sameMoment(now.at, wish.at)
      if (!isSame) edits.push(...setLine(own, 'TRIGGER', triggerLine(wish)))
    } else added += newAlarm(part, wish)
  }
  for (const [key, alarm] of there) if (!kept.has(key)) edits.push(removal(alarm))
  if (added === '') return edits
  const at = insideEnd(part)
  return [...edits, { start: at, end: at, text: added }]
}

/** What an alarm says, whichever it is: overrides have copies of those of the master. */
export function alarmsText({ text }: Calendar, part: Component): string {
  return part.components
    .filter(({ name }) => name === 'VALARM')
    .map(({ start, end }) => text.slice(start, end))
    .join('')
}

function sameMoment(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return one === other
  return Date.parse(one) === Date.parse(other)
}

/** @see RFC 5545 §3.6.6: a DISPLAY alarm has a description. */
function newAlarm(part: Component, wish: AlarmWish): string {
  const title = plainText(part, 'SUMMARY')
  const said = property(part, 'SUMMARY')?.value
  const description = writeLine('DESCRIPTION', [], title === '' || said === undefined ? 'Reminder' : said)
  return `BEGIN:VALARM\r\nACTION:DISPLAY\r\n${description}${triggerLine(wish)}END:VALARM\r\n`
}

/** @see RFC 5545 §3.8.6.3 */
function triggerLine({ offset, related, at }: AlarmWish): string {
  if (at !== null) return `TRIGGER;VALUE=DATE-TIME:${formatTime(Date.parse(at), 'utc')}\r\n`
  const parameters = related === 'end' ? [{ name: 'RELATED', values: ['END'] }] : []
  return writeLine('TRIGGER', parameters, durationText(offset ?? 0))
}

function durationText(seconds: number): string {
  const all = Math.abs(seconds)
  const sign = seconds < 0 ? '-' : ''
  const [days, rest] = [Math.floor(all / 86_400), all % 86_400]
  const [hours, minutes, left] = [Math.floor(rest / 3_600), Math.floor(rest / 60) % 60, rest % 60]
  if (all === 0) return 'PT0S'
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${left ? `${left}S` : ''}`
  return `${sign}P${days ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`
}

/** Where the END line of a part begins. */
function insideEnd({ start, lines, broken, components }: Component): number {
  return [...lines, ...broken, ...components].reduce((end, inner) => Math.max(end, inner.end), start)
}
