import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { escapeTextValue } from '../../../protocol/text/content-lines.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { listObjects, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { readSeenTexts } from '../views/seen-texts.ts'
import type { View } from '../views/view.ts'

export interface ExportOptions {
  /** How whoever reads the file sees the collection, where that is not as it is stored. */
  readonly view?: View | undefined
  /** What of an object is for him; undefined leaves it out. */
  readonly shown?: ((text: string, row: ObjectRow) => string | undefined) | undefined
  /** Reads, at once, what belongs to these objects, before they are shown. */
  readonly ready?: ((reader: Reader, rows: readonly ObjectRow[]) => Promise<void>) | undefined
}

/**
 * All of a collection as one file: a book as its cards one after another, a calendar as one iCalendar stream with the
 * components as they are stored and each time zone once. Memory stays flat. Objects that cannot be read are left out
 * of a calendar's stream, since they would break it.
 * @see RFC 6350 §3.3, RFC 5545 §3.4
 */
export async function* exportCollection(
  store: Store,
  collection: CollectionRow,
  options: ExportOptions = {},
): AsyncGenerator<Buffer> {
  const isCalendar = collection.kind === 'calendar'
  if (isCalendar) yield Buffer.from(calendarHead(collection))
  const zones = new Set<string>()
  const { view, ready, shown = (text) => text } = options
  const piece: ExportOptions['shown'] = (stored, row) => {
    const text = shown(stored, row)
    return text && (isCalendar ? componentsOf(text, zones) : ended(text))
  }
  for await (const pieces of exportObjects(store, collection, { view, ready, shown: piece })) {
    yield Buffer.from(pieces.join(''))
  }
  if (isCalendar) yield Buffer.from('END:VCALENDAR\r\n')
}

/** The texts of all objects of a collection as whoever reads them sees them, some at a time. */
export async function* exportObjects(
  store: Store,
  collection: CollectionRow,
  { view, ready, shown = (text) => text }: ExportOptions = {},
): AsyncGenerator<readonly string[]> {
  const pause = createPause()
  for await (const page of listObjects(store, collection.id)) {
    for (const part of inParts(page)) {
      const stored = await store.read(async (reader) => {
        await ready?.(reader, part)
        return readSeenTexts(reader, part, view)
      })
      const texts: string[] = []
      for (const row of part) {
        const found = stored.get(row.id)
        const text = found === undefined ? undefined : shown(found, row)
        if (text !== undefined) texts.push(text)
        const turn = pause()
        if (turn) await turn
      }
      yield texts
    }
  }
}

function calendarHead({ displayname, name, timezoneId }: CollectionRow): string {
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Farley//EN', 'CALSCALE:GREGORIAN']
  lines.push(`X-WR-CALNAME:${escapeTextValue(displayname || name)}`)
  if (timezoneId !== null) lines.push(`X-WR-TIMEZONE:${timezoneId}`)
  return `${lines.join('\r\n')}\r\n`
}

/** The components of an object as they stand, without the time zones that were written before. */
function componentsOf(text: string, zones: Set<string>): string {
  try {
    const { root, timezones } = readCalendar(text)
    let written = ''
    for (const [tzid, component] of timezones) {
      if (!zones.has(tzid)) written += ended(text.slice(component.start, component.end))
      zones.add(tzid)
    }
    for (const { name, start, end } of root.components) {
      if (name !== 'VTIMEZONE') written += ended(text.slice(start, end))
    }
    return written
  } catch {
    return ''
  }
}

/** With a line end, so that the next piece begins on its own line. */
export function ended(text: string): string {
  return /[\r\n]$/.test(text) ? text : `${text}\r\n`
}
