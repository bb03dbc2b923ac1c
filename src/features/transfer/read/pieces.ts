import { Refusal, unlessRefused } from '../../../../protocol/dav/preconditions.ts'
import { isLegacyCalendar } from '../../../../protocol/ical/legacy.ts'
import { splitCalendarLines } from '../../../../protocol/ical/split.ts'
import { decodeText } from '../../../../protocol/text/decode.ts'
import { InvalidObjectError } from '../../../../protocol/text/invalid-object.ts'
import { splitCards } from '../../../../protocol/vcard/split.ts'
import type { CollectionKind } from '../../../../storage/collections.ts'
import { contentUid } from '../../content-uid.ts'
import type { PreparedObject } from '../../objects.ts'
import type { FieldValue } from '../fields/field-values.ts'
import { legacyCalendarPieces, legacyCardPiece } from './legacy-pieces.ts'
import { sourceLines } from './lines.ts'
import type { Source } from './source.ts'
import { asUtf8 } from './utf8.ts'

/** An object that can be stored, or a part of the file that cannot; `at` is the octet where it begins. */
export type ImportPiece = {
  readonly at: number
  /** Where it begins, of what counts its lines itself. */
  readonly line?: number
  /** It says a part of what a card may hold: a card that is there is patched with it. */
  readonly isPatch?: boolean
  /** The octets it was converted from. */
  readonly original?: Uint8Array
  /** What is to stand in fields of whoever it describes. */
  readonly values?: readonly FieldValue[]
} & (
  | { readonly kind: 'object'; readonly object: PreparedObject; readonly notes: readonly string[] }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
)

export interface PieceOptions {
  /** An object may have so many octets at most. */
  readonly maxBytes: number
  /** What the file is written in, where it is not UTF-8. */
  readonly charset?: string | undefined
  /** Whether what is read now is only counted: nobody looks into it. */
  readonly isPassed?: (() => boolean) | undefined
  /** @throws Refusal */
  prepare(body: Uint8Array): PreparedObject
  /** Told how many octets of the file have been read. */
  onProgress(bytes: number): void
}

/**
 * Takes a file apart. A file that is one object is kept octet for octet; of others each card or component is taken or
 * refused. No more of a file is in memory than one object, and a few numbers for each component of a calendar.
 */
export function* readPieces(
  source: Source,
  kind: CollectionKind,
  whole: Uint8Array | undefined,
  options: PieceOptions,
): Generator<ImportPiece> {
  const object = whole && wholeObject(whole, options)
  if (object) {
    options.onProgress(source.size)
    yield { kind: 'object', object, at: 0, notes: [] }
    return
  }
  if (kind === 'addressbook') yield* cardPieces(source, options)
  else if (isLegacy(source, options)) {
    options.onProgress(source.size)
    yield* legacyCalendarPieces(source.slice(0, source.size).toString('latin1'), options)
  } else yield* calendarPieces(source, options)
}

/** vCalendars are small, or refused as iCalendar. */
function isLegacy(source: Source, { maxBytes }: PieceOptions): boolean {
  const head = source.slice(0, Math.min(source.size, 65_536)).toString('latin1')
  return source.size <= maxBytes && isLegacyCalendar(head)
}

/** The object that these octets are as they stand; undefined when they are none, or one without UID. */
function wholeObject(bytes: Uint8Array, { prepare }: PieceOptions): PreparedObject | undefined {
  const object = unlessRefused(() => prepare(bytes))
  return object?.uid === null ? undefined : object
}

function* calendarPieces(source: Source, options: PieceOptions): Generator<ImportPiece> {
  const { maxBytes, onProgress } = options
  const readAs = new Set<string>()
  const input = {
    lines: sourceLines(source, maxBytes, onProgress),
    length: source.size,
    slice: (start: number, end: number) => {
      if (end - start > maxBytes) throw new InvalidObjectError('valid-calendar-data', tooLarge(maxBytes))
      const { bytes, notes } = asUtf8(source.slice(start, end), options.charset)
      for (const note of notes) readAs.add(note)
      return decodeText(bytes).text
    },
  }
  for (const found of splitCalendarLines(input, (slice) => contentUid(Buffer.from(slice)))) {
    if (found.kind === 'refused') yield { kind: 'refused', reason: found.reason, at: found.start }
    else {
      const at = Math.min(...found.source.map(({ start }) => start))
      yield prepared(Buffer.from(found.text), at, [...found.notes, ...readAs], options)
    }
  }
}

function* cardPieces(source: Source, options: PieceOptions): Generator<ImportPiece> {
  for (const { start, end } of cardSections(source, options)) {
    if (end - start > options.maxBytes) {
      yield { kind: 'refused', reason: tooLarge(options.maxBytes), at: start }
      continue
    }
    const text = source.slice(start, end).toString('latin1')
    const marked = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
    const newUid = (slice: string): string => contentUid(Buffer.from(slice, 'latin1'))
    for (const found of splitCards(text.slice(marked), newUid)) {
      if (found.kind === 'refused' && found.isLegacy) {
        const slice = text.slice(marked + found.start, marked + found.end)
        yield legacyCardPiece(slice, start + marked + found.start, options)
        continue
      }
      if (found.kind === 'refused') {
        yield { kind: 'refused', reason: found.reason, at: start + marked + found.start }
        continue
      }
      const at = start + marked + (found.source[0]?.start ?? 0)
      const { bytes, notes } = asUtf8(Buffer.from(found.text, 'latin1'), options.charset)
      yield prepared(bytes, at, found.notes.length > 0 ? ['uid added', ...notes] : notes, options)
    }
  }
}

/** Cuts between END:VCARD and BEGIN:VCARD: there no card is open, whatever came before. */
function* cardSections(
  source: Source,
  { maxBytes, onProgress }: PieceOptions,
): Generator<{ readonly start: number; readonly end: number }> {
  let start = 0
  let end = 0
  let isAfterEnd = false
  for (const line of sourceLines(source, maxBytes, onProgress)) {
    const isCardLine = !('broken' in line) && line.value.trim().toUpperCase() === 'VCARD'
    if (isAfterEnd && isCardLine && line.name === 'BEGIN') {
      yield { start, end: line.start }
      start = line.start
    }
    isAfterEnd = isCardLine && line.name === 'END'
    end = line.end
  }
  if (end > start) yield { start, end }
}

/** A piece of these octets, or why they cannot be stored. */
export function prepared(
  body: Buffer,
  at: number,
  notes: readonly string[],
  options: PieceOptions,
): ImportPiece {
  const { maxBytes, prepare } = options
  if (options.isPassed?.() === true) return { kind: 'skipped', reason: '', at }
  if (body.length > maxBytes) return { kind: 'refused', reason: tooLarge(maxBytes), at }
  try {
    return { kind: 'object', object: prepare(body), at, notes }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.message, at }
    throw error
  }
}

function tooLarge(maxBytes: number): string {
  return `It has more than ${maxBytes} octets.`
}
