import { type Component, property } from '../calendar.ts'
import { formatTime } from '../values.ts'
import type { Editing } from './open.ts'
import { patchParts, setLine } from './patch.ts'

/** What makes a revision of an event: guests are asked again. @see RFC 5545 §3.8.7.4, RFC 5546 §2.1.4 */
const weighty = ['DTSTART', 'DTEND', 'DURATION', 'DUE', 'RRULE', 'RDATE', 'EXDATE', 'EXRULE', 'STATUS']

/**
 * The text in which each part that is another than before says when it was changed, and how often it was revised.
 * @param before  parts as they were, by their place
 * @see RFC 5545 §3.8.7.2–3.8.7.4
 */
export function stamped(
  text: string,
  before: readonly (Component | undefined)[],
  source: string,
  { now, revises }: Pick<Editing, 'now' | 'revises'>,
): string {
  const time = formatTime(now, 'utc')
  return patchParts(text, (part, index) => {
    const old = before[index]
    if (old && text.slice(part.start, part.end) === source.slice(old.start, old.end)) return []
    const sequence = Number(property(part, 'SEQUENCE')?.value.trim() ?? 0) || 0
    const isRevised = revises(part) && (!old || weightOf(old) !== weightOf(part))
    return [
      ...setLine(part, 'DTSTAMP', `DTSTAMP:${time}\r\n`),
      ...setLine(part, 'LAST-MODIFIED', `LAST-MODIFIED:${time}\r\n`),
      ...(isRevised ? setLine(part, 'SEQUENCE', `SEQUENCE:${sequence + 1}\r\n`) : []),
    ]
  })
}

function weightOf({ lines }: Component): string {
  const own = lines.filter(({ name }) => weighty.includes(name))
  return JSON.stringify(own.map(({ name, value, parameters }) => [name, value, parameters]).sort())
}
