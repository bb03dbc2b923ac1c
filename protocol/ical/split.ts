import {
  type BrokenLine,
  type ContentLine,
  parameter,
  readContentLines,
  readLine,
} from '../text/content-lines.ts'
import { InvalidObjectError } from '../text/invalid-object.ts'
import { componentName, property, readCalendar } from './calendar.ts'
import { objectComponents, recurrenceKey, uidIn, validateCalendarObject } from './validate.ts'
import { writeLine } from './write-lines.ts'

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

/**
 * Splits a calendar file into objects that can be stored. The text may hold several VCALENDARs, rubbish between them
 * and components cut short; each component is taken or refused. Of two components that claim the same instance the one
 * with the higher SEQUENCE is taken. Objects come in the order of their first component, after all refusals of text
 * that could not be read.
 * @param newUid  a UID for a component that has none; the same for the same text, so that importing twice changes nothing
 * @see RFC 4791 §4.1, RFC 5545 §3.4
 */
export function* splitCalendar(
  text: string,
  newUid: (slice: string) => string,
): Generator<SplitObject | SplitRefusal> {
  const groups = new Map<string, Piece[]>()
  for (const found of readPieces(text)) {
    if ('kind' in found) {
      yield found
      continue
    }
    const problem = refusalOf(found)
    if (problem !== undefined) {
      yield { kind: 'refused', reason: problem, start: found.start, end: found.end }
      continue
    }
    if (found.uid === undefined) found.newUid = newUid(text.slice(found.start, found.end))
    const key = `${found.name} ${found.uid ?? found.newUid}`
    const group = groups.get(key)
    if (group) group.push(found)
    else groups.set(key, [found])
  }
  for (const group of groups.values()) yield* objectOf(text, group)
}

/** A VCALENDAR of the source. */
interface Source {
  readonly header: ContentLine[]
  readonly timezones: Map<string, Slice>
}

/** One component of the source. */
interface Piece extends Slice {
  readonly source: Source
  readonly name: string
  /** Where its BEGIN line ends. */
  readonly bodyStart: number
  uid: string | undefined
  newUid: string | undefined
  readonly tzids: Set<string>
  end: number
}

interface State {
  source: Source | undefined
  piece: Piece | undefined
  /** The components open inside the piece, itself first. */
  open: string[]
  junk: { start: number; end: number } | undefined
}

/** Time zones are not pieces: they are noted in their source, which is complete when the generator ends. */
function* readPieces(text: string): Generator<Piece | SplitRefusal> {
  const state: State = { source: undefined, piece: undefined, open: [], junk: undefined }
  for (const raw of readContentLines(text)) {
    const line = withoutMark(raw)
    const isJunk = !state.source && !isBegin(line, 'VCALENDAR')
    if (isJunk) {
      state.junk ??= { start: line.start, end: line.end }
      state.junk.end = line.end
      continue
    }
    yield* endJunk(state)
    if (isBegin(line, 'VCALENDAR')) {
      yield* cutShort(state, line.start)
      state.source = { header: [], timezones: new Map() }
    } else if (state.piece) yield* insidePiece(state, state.piece, line)
    else if (state.source) yield* betweenPieces(state, state.source, line)
  }
  yield* endJunk(state)
  yield* cutShort(state, text.length)
}

function* betweenPieces(
  state: State,
  source: Source,
  line: ContentLine | BrokenLine,
): Generator<Piece | SplitRefusal> {
  if ('broken' in line) yield refused('It is not a property.', line)
  else if (line.name === 'BEGIN') beginPiece(state, source, line)
  else if (line.name !== 'END') source.header.push(line)
  else if (componentName(line) === 'VCALENDAR') state.source = undefined
}

function beginPiece(state: State, source: Source, line: ContentLine): void {
  const name = componentName(line)
  state.open = [name]
  state.piece = {
    source,
    name,
    start: line.start,
    bodyStart: line.end,
    end: line.end,
    uid: undefined,
    newUid: undefined,
    tzids: new Set(),
  }
}

function* insidePiece(
  state: State,
  piece: Piece,
  line: ContentLine | BrokenLine,
): Generator<Piece | SplitRefusal> {
  if ('broken' in line) return
  if (line.name === 'BEGIN') {
    const name = componentName(line)
    if (objectComponents.some((own) => own === name)) {
      yield* cutShort(state, line.start)
      beginPiece(state, piece.source, line)
    } else state.open.push(name)
  } else if (line.name === 'END') {
    if (componentName(line) === 'VCALENDAR') {
      yield* cutShort(state, line.start)
      state.source = undefined
    } else if (componentName(line) !== state.open.at(-1)) {
      if (state.open.includes(componentName(line))) yield* cutShort(state, line.end)
    } else if (state.open.pop() !== undefined && state.open.length === 0) {
      piece.end = line.end
      state.piece = undefined
      yield* endPiece(piece)
    }
  } else noteLine(state, piece, line)
}

function noteLine(state: State, piece: Piece, line: ContentLine): void {
  if (state.open.length === 1) {
    if (line.name === 'UID') piece.uid ??= uidIn(line)
    if (line.name === 'TZID' && piece.name === 'VTIMEZONE') piece.tzids.add(line.value)
  }
  const tzid = parameter(line, 'TZID')
  if (tzid !== undefined) piece.tzids.add(tzid)
}

function* endPiece(piece: Piece): Generator<Piece> {
  if (piece.name !== 'VTIMEZONE') yield piece
  else {
    const [tzid] = piece.tzids
    if (tzid !== undefined && !piece.source.timezones.has(tzid)) piece.source.timezones.set(tzid, piece)
  }
}

/** Gives up the component that is still open. */
function* cutShort(state: State, end: number): Generator<SplitRefusal> {
  if (state.piece) yield refused(`The ${state.piece.name} is cut short.`, { start: state.piece.start, end })
  state.piece = undefined
}

function* endJunk(state: State): Generator<SplitRefusal> {
  if (state.junk) yield refused('It stands outside any VCALENDAR.', state.junk)
  state.junk = undefined
}

function refused(reason: string, { start, end }: Slice): SplitRefusal {
  return { kind: 'refused', reason, start, end }
}

/** A byte order mark in the middle of a text: files were joined. */
function withoutMark(line: ContentLine | BrokenLine): ContentLine | BrokenLine {
  if (!('broken' in line) || line.broken.charCodeAt(0) !== 0xfeff) return line
  return readLine(line.broken.slice(1), line.start, line.end)
}

function isBegin(line: ContentLine | BrokenLine, name: string): boolean {
  return !('broken' in line) && line.name === 'BEGIN' && componentName(line) === name
}

function refusalOf({ name, source }: Piece): string | undefined {
  if (!objectComponents.some((own) => own === name)) return `A ${name} is not supported.`
  const version = source.header.find((line) => line.name === 'VERSION')?.value.trim()
  return version === '1.0' ? 'It is vCalendar 1.0, not iCalendar.' : undefined
}

function* objectOf(text: string, group: readonly Piece[]): Generator<SplitObject | SplitRefusal> {
  try {
    const { kept, dropped } = withoutRivals(text, group)
    for (const piece of dropped) yield refused('The same instance of the same UID comes twice.', piece)
    const object = render(text, kept)
    const { uid, component } = validateCalendarObject(readCalendar(object))
    const notes: SplitNote[] = []
    if (kept.some(({ source }) => source.header.some(({ name }) => name === 'METHOD'))) {
      notes.push('method removed')
    }
    if (kept.some((piece) => piece.newUid !== undefined)) notes.push('uid added')
    const source = kept.map(({ start, end }) => ({ start, end }))
    yield { kind: 'object', uid, component, text: object, source, notes }
  } catch (error) {
    if (!(error instanceof InvalidObjectError)) throw error
    for (const piece of group) yield refused(error.message, piece)
  }
}

/** Of the pieces that stand for the same instance, the one with the highest SEQUENCE, else the first. */
function withoutRivals(text: string, group: readonly Piece[]): { kept: Piece[]; dropped: Piece[] } {
  const [only] = group
  if (only && group.length === 1) return { kept: [only], dropped: [] }
  const calendar = readCalendar(render(text, group))
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

function render(text: string, pieces: readonly Piece[]): string {
  const eol = text.includes('\r\n') || !text.includes('\n') ? '\r\n' : '\n'
  const slice = ({ start, end }: Slice) => {
    const part = text.slice(start, end).replace(/^\ufeff/, '')
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
