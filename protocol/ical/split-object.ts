import type { BrokenLine, ContentLine } from '../text/content-lines.ts'
import { TextEncodingError } from '../text/decode.ts'
import { InvalidObjectError } from '../text/invalid-object.ts'
import { writeLine } from '../text/write-line.ts'
import { property, readCalendar } from './calendar.ts'
import { recurrenceKey, validateCalendarObject } from './validate.ts'

/** A stretch of the text that was split. */
export interface Slice {
  readonly start: number
  readonly end: number
}

/** What an import changed in an object. */
export type SplitNote = 'method removed' | 'uid added'

/** One calendar object resource: the components of one UID and type, with the time zones they name. */
export interface SplitObject {
  readonly kind: 'object'
  readonly uid: string
  readonly component: string
  readonly text: string
  /** The components, each as written (but for an added UID). */
  readonly source: readonly Slice[]
  readonly notes: readonly SplitNote[]
}

/** A component, or text between them, that is not taken. */
export interface SplitRefusal extends Slice {
  readonly kind: 'refused'
  readonly reason: string
}

/** A calendar file that need not be in memory as a whole. Offsets are in whatever unit `slice` counts. */
export interface CalendarLines {
  readonly lines: Iterable<ContentLine | BrokenLine>
  readonly length: number
  /** @throws TextEncodingError, InvalidObjectError: what needs this stretch is refused */
  slice(start: number, end: number): string
}

/** A VCALENDAR of the source. */
export interface SplitSource {
  readonly header: ContentLine[]
  readonly timezones: Map<string, Slice>
}

/** One component of the source. */
export interface Piece extends Slice {
  readonly source: SplitSource
  readonly name: string
  /** Where its BEGIN line ends. */
  readonly bodyStart: number
  uid: string | undefined
  newUid: string | undefined
  readonly tzids: Set<string>
  end: number
}

/** The object of components with the same UID and type, and refusals of those that have no place in it. */
export function* objectOf(
  input: CalendarLines,
  group: readonly Piece[],
): Generator<SplitObject | SplitRefusal> {
  try {
    const { kept, dropped } = withoutRivals(input, group)
    const object = render(input, kept)
    const { uid, component } = validateCalendarObject(readCalendar(object))
    const notes: SplitNote[] = []
    if (kept.some(({ source }) => source.header.some(({ name }) => name === 'METHOD'))) {
      notes.push('method removed')
    }
    if (kept.some((piece) => piece.newUid !== undefined)) notes.push('uid added')
    const source = kept.map(({ start, end }) => ({ start, end }))
    for (const piece of dropped) yield refused('The same instance of the same UID comes twice.', piece)
    yield { kind: 'object', uid, component, text: object, source, notes }
  } catch (error) {
    const reason = reasonOf(error)
    for (const piece of group) yield refused(reason, piece)
  }
}

/** Of the pieces that stand for the same instance, the one with the highest SEQUENCE, else the first. */
function withoutRivals(input: CalendarLines, group: readonly Piece[]): { kept: Piece[]; dropped: Piece[] } {
  const [only] = group
  if (only && group.length === 1) return { kept: [only], dropped: [] }
  const calendar = readCalendar(render(input, group))
  const parts = calendar.root.components.filter(({ name }) => name === only?.name)
  const best = new Map<string, { piece: Piece; sequence: number }>()
  const dropped = new Set<Piece>()
  group.forEach((piece, index) => {
    const part = parts[index]
    if (!part) return
    const key = recurrenceKey(part, calendar)
    const sequence = Number(property(part, 'SEQUENCE')?.value ?? 0) || 0
    const rival = best.get(key)
    if (rival && rival.sequence >= sequence) dropped.add(piece)
    else {
      if (rival) dropped.add(rival.piece)
      best.set(key, { piece, sequence })
    }
  })
  return { kept: group.filter((piece) => !dropped.has(piece)), dropped: [...dropped] }
}

const headerLines = ['VERSION', 'PRODID', 'CALSCALE']

function render(input: CalendarLines, pieces: readonly Piece[]): string {
  const [first] = pieces
  const begin = first ? input.slice(first.start, first.bodyStart) : ''
  const eol = begin.endsWith('\r\n') || !begin.endsWith('\n') ? '\r\n' : '\n'
  const slice = ({ start, end }: Slice) => {
    const part = input.slice(start, end).replace(/^\ufeff/, '')
    return /[\r\n]$/.test(part) ? part : part + eol
  }
  const added = (name: string, value: string) => writeLine(name, [], value).replaceAll('\r\n', eol)
  const header = pieces[0]?.source.header ?? []
  let result = `BEGIN:VCALENDAR${eol}`
  for (const name of headerLines) {
    const line = header.find((own) => own.name === name)
    if (line) result += slice(line)
    else if (name === 'VERSION') result += added(name, '2.0')
    else if (name === 'PRODID') result += added(name, '-//Farley//Import//EN')
  }
  const timezones = new Map<string, Slice>()
  for (const { source, tzids } of pieces) {
    for (const tzid of tzids) {
      const zone = source.timezones.get(tzid)
      if (zone && !timezones.has(tzid)) timezones.set(tzid, zone)
    }
  }
  for (const zone of timezones.values()) result += slice(zone)
  for (const piece of pieces) {
    if (piece.newUid === undefined) result += slice(piece)
    else {
      const { start, bodyStart, end } = piece
      result += slice({ start, end: bodyStart })
      result += added('UID', piece.newUid) + slice({ start: bodyStart, end })
    }
  }
  return `${result}END:VCALENDAR${eol}`
}

/** What is wrong with a text, in words. @throws any other error */
export function reasonOf(error: unknown): string {
  if (error instanceof InvalidObjectError || error instanceof TextEncodingError) return error.message
  throw error
}

export function refused(reason: string, { start, end }: Slice): SplitRefusal {
  return { kind: 'refused', reason, start, end }
}
