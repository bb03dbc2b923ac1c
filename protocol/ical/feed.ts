import { type BrokenLine, type ContentLine, readContentLines, unescapeText } from '../text/content-lines.ts'
import { type Component, readCalendar } from './calendar.ts'
import { dayMs } from './gregorian.ts'
import { quietly } from './line-times.ts'
import { isObjectPart } from './validate.ts'
import { readDuration } from './values.ts'
import { applyEdits, type Edit } from './write-lines.ts'

/** What a published calendar says of itself. */
export interface FeedHeader {
  readonly name: string | undefined
  /** How often the publisher wants to be asked, at most. */
  readonly refreshMs: number | undefined
}

/** Reads the properties before the first component. @see RFC 7986 §5.1, §5.7 */
export function readFeedHeader(text: string): FeedHeader {
  const lines = new Map<string, ContentLine>()
  for (const line of readContentLines(text)) {
    if ('broken' in line) continue
    if (line.name === 'BEGIN' && line.value.trim().toUpperCase() !== 'VCALENDAR') break
    if (!lines.has(line.name)) lines.set(line.name, line)
  }
  const name = (lines.get('NAME') ?? lines.get('X-WR-CALNAME'))?.value
  const refresh = (lines.get('REFRESH-INTERVAL') ?? lines.get('X-PUBLISHED-TTL'))?.value
  return {
    name: name === undefined ? undefined : unescapeText(name.slice(0, longestName)).trim() || undefined,
    refreshMs: refresh === undefined ? undefined : readInterval(refresh),
  }
}

/** Characters of a name that is taken over: it stands in every listing. */
const longestName = 500

/** Whether a text is a whole calendar: not a page of a web site, and not cut short. */
export function isWholeFeed(text: string): boolean {
  const end = text.trimEnd().slice(-'\nEND:VCALENDAR'.length)
  return /^\s*BEGIN:VCALENDAR\s/i.test(text) && /^[\r\n]END:VCALENDAR$/i.test(end)
}

/** The milliseconds of a positive DURATION; undefined for anything else. */
export function readInterval(value: string): number | undefined {
  const duration = quietly(() => readDuration(value))
  if (!duration) return undefined
  const ms = duration.days * dayMs + duration.ms
  return ms > 0 ? ms : undefined
}

export interface Stripping {
  readonly alarms: boolean
  readonly attachments: boolean
}

/** A calendar object without its alarms, its attachments, or both. @throws InvalidObjectError */
export function stripObject(text: string, { alarms, attachments }: Stripping): string {
  if (!(alarms && /^BEGIN:VALARM/im.test(text)) && !(attachments && /^ATTACH/im.test(text))) return text
  const edits: Edit[] = []
  for (const part of readCalendar(text).root.components.filter(isObjectPart)) {
    const gone: (ContentLine | Component)[] = []
    if (alarms) gone.push(...part.components.filter(({ name }) => name === 'VALARM'))
    if (attachments) gone.push(...part.lines.filter(({ name }) => name === 'ATTACH'))
    edits.push(...gone.map(({ start, end }) => ({ start, end, text: '' })))
  }
  return applyEdits(text, edits)
}

/** Many publishers write these anew each time they are asked, whether anything changed or not. */
const volatile = new Set(['UID', 'DTSTAMP', 'CREATED', 'LAST-MODIFIED', 'PRODID'])

/**
 * What is the same for two texts of one object that say the same: its lines, unfolded, without those that publishers
 * make up anew for every answer (UID among them, so that objects with made up UIDs are known again).
 */
export function essence(text: string): string {
  let kept = ''
  for (const line of readContentLines(text)) if (!isVolatile(line)) kept += `${whole(line, text)}\n`
  return kept
}

function isVolatile(line: ContentLine | BrokenLine): boolean {
  return !('broken' in line) && volatile.has(line.name)
}

function whole({ start, end }: ContentLine | BrokenLine, text: string): string {
  return text
    .slice(start, end)
    .replace(/\r*\n[ \t]|\r[ \t]/g, '')
    .trimEnd()
}
