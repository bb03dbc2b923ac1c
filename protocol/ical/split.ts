import {
  type BrokenLine,
  type ContentLine,
  parameter,
  readContentLines,
  readLine,
} from '../text/content-lines.ts'
import { componentName } from './calendar.ts'
import {
  type CalendarLines,
  objectOf,
  type Piece,
  reasonOf,
  refused,
  type SplitObject,
  type SplitRefusal,
  type SplitSource,
} from './split-object.ts'
import { objectComponents, uidIn } from './validate.ts'

export type { CalendarLines, Slice, SplitNote, SplitObject, SplitRefusal } from './split-object.ts'

/**
 * Splits a calendar file into objects that can be stored. The text may hold several VCALENDARs, rubbish between them
 * and components cut short; each component is taken or refused. Of two components that claim the same instance the one
 * with the higher SEQUENCE is taken. Objects come in the order of their first component, after all refusals of text
 * that could not be read.
 * @param newUid  a UID for a component that has none; the same for the same text, so that importing twice changes nothing
 * @see RFC 4791 §4.1, RFC 5545 §3.4
 */
export function splitCalendar(
  text: string,
  newUid: (slice: string) => string,
): Generator<SplitObject | SplitRefusal> {
  return withoutSteps(splitInSteps(text, newUid))
}

/** The same, of content lines: what is kept of a component until its object is complete are offsets. */
export function splitCalendarLines(
  input: CalendarLines,
  newUid: (slice: string) => string,
): Generator<SplitObject | SplitRefusal> {
  return withoutSteps(splitLinesInSteps(input, newUid))
}

/** The same, with undefined after each component that was only read: others may be let run there. */
export function splitInSteps(
  text: string,
  newUid: (slice: string) => string,
): Generator<SplitObject | SplitRefusal | undefined> {
  const slice = (start: number, end: number) => text.slice(start, end)
  return splitLinesInSteps({ lines: readContentLines(text), length: text.length, slice }, newUid)
}

function* withoutSteps(
  steps: Iterable<SplitObject | SplitRefusal | undefined>,
): Generator<SplitObject | SplitRefusal> {
  for (const step of steps) if (step) yield step
}

function* splitLinesInSteps(
  input: CalendarLines,
  newUid: (slice: string) => string,
): Generator<SplitObject | SplitRefusal | undefined> {
  const groups = new Map<string, Piece[]>()
  for (const found of readPieces(input)) {
    if ('kind' in found) {
      yield found
      continue
    }
    const problem = refusalOf(found) ?? identify(found, input, newUid)
    if (problem !== undefined) {
      yield refused(problem, found)
      continue
    }
    const key = `${found.name} ${found.uid ?? found.newUid}`
    const group = groups.get(key)
    if (group) group.push(found)
    else groups.set(key, [found])
    yield undefined
  }
  for (const group of groups.values()) yield* objectOf(input, group)
}

interface State {
  source: SplitSource | undefined
  piece: Piece | undefined
  /** The components open inside the piece, itself first. */
  open: string[]
  junk: { start: number; end: number } | undefined
}

/** Time zones are not pieces: they are noted in their source, which is complete when the generator ends. */
function* readPieces({ lines, length }: CalendarLines): Generator<Piece | SplitRefusal> {
  const state: State = { source: undefined, piece: undefined, open: [], junk: undefined }
  for (const raw of lines) {
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
  yield* cutShort(state, length)
}

function* betweenPieces(
  state: State,
  source: SplitSource,
  line: ContentLine | BrokenLine,
): Generator<Piece | SplitRefusal> {
  if ('broken' in line) yield refused('It is not a property.', line)
  else if (line.name === 'BEGIN') beginPiece(state, source, line)
  else if (line.name !== 'END') source.header.push(line)
  else if (componentName(line) === 'VCALENDAR') state.source = undefined
}

function beginPiece(state: State, source: SplitSource, line: ContentLine): void {
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

/** Gives a component without UID one. @returns why it cannot be read, if so */
function identify(piece: Piece, input: CalendarLines, newUid: (slice: string) => string): string | undefined {
  if (piece.uid !== undefined) return undefined
  try {
    piece.newUid = newUid(input.slice(piece.start, piece.end))
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}
