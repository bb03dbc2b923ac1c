import { type BrokenLine, type ContentLine, readContentLines } from '../text/content-lines.ts'
import { InvalidObjectError } from '../text/invalid-object.ts'
import { cardBoundary, type Slice } from './card.ts'
import { validateCard } from './validate.ts'

/** A part of an address book file; its slices say where in the file it stands. */
export type CardPiece =
  | {
      readonly kind: 'object'
      readonly uid: string
      /** The slice of the source, with a UID line added where `notes` say so. */
      readonly text: string
      readonly source: readonly Slice[]
      readonly notes: readonly string[]
    }
  | {
      readonly kind: 'refused'
      readonly reason: string
      readonly start: number
      readonly end: number
      /** A whole vCard 2.1, or one that does not say what it is: it can be stored once it is converted. */
      readonly isLegacy?: boolean
    }

/**
 * Takes a file of any number of vCards apart. Every character that is not blank belongs to exactly one piece, in the
 * order of the file. A card whose END is missing is refused and those after it are taken.
 * @param text    the file; one of mixed character sets may be given as Latin-1 and its slices decoded one by one
 * @param newUid  gives the UID of a card that has none, from its text; the same text must give the same UID
 */
export function* splitCards(text: string, newUid: (slice: string) => string): Generator<CardPiece> {
  let at = 0
  let reason = outside
  for (const block of cardBlocks(text)) {
    yield* refuse(text, at, block.start, reason)
    if (block.end === undefined) {
      at = block.start
      reason = unfinished
    } else {
      yield readPiece(text.slice(block.start, block.end), block.start, newUid)
      at = block.end
      reason = outside
    }
  }
  yield* refuse(text, at, text.length, reason)
}

const outside = 'This is not part of a vCard.'
const unfinished = 'The vCard does not end.'

/** Cards in order; without `end` where END:VCARD is missing. */
function* cardBlocks(text: string): Generator<{ start: number; end: number | undefined }> {
  let start: number | undefined
  let depth = 0
  let previous: ContentLine | BrokenLine | undefined
  for (const line of readContentLines(text)) {
    const boundary = cardBoundary(line, previous)
    if (boundary === 'end' && start !== undefined) {
      depth -= 1
      if (depth === 0) {
        yield { start, end: line.end }
        start = undefined
      }
    } else if (boundary === 'agent' && start !== undefined) {
      depth += 1
    } else if (boundary === 'begin') {
      if (start !== undefined) yield { start, end: undefined }
      start = line.start
      depth = 1
    }
    previous = start === undefined ? undefined : line
  }
  if (start !== undefined) yield { start, end: undefined }
}

function* refuse(text: string, start: number, end: number, reason: string): Generator<CardPiece> {
  if (text.slice(start, end).trim() !== '') yield { kind: 'refused', reason, start, end }
}

function readPiece(slice: string, start: number, newUid: (slice: string) => string): CardPiece {
  const end = start + slice.length
  try {
    const { card, uid } = validateCard(slice)
    const source = [{ start, end }]
    if (uid !== undefined) return { kind: 'object', uid, text: slice, source, notes: [] }
    const added = newUid(slice)
    const text = insertLine(slice, card.finish.start, `UID:${added}`)
    return { kind: 'object', uid: added, text, source, notes: [`It had no UID and was given ${added}.`] }
  } catch (error) {
    if (!(error instanceof InvalidObjectError)) throw error
    return {
      kind: 'refused',
      reason: error.message,
      start,
      end,
      ...(isLegacyCard(slice) && { isLegacy: true }),
    }
  }
}

function isLegacyCard(slice: string): boolean {
  const version = /^VERSION[^:\r\n]*:[ \t]*([^\r\n]*)$/im.exec(slice)?.[1]?.trim()
  return version === undefined || version === '' || /^[12](?:\.\d+)*$/.test(version)
}

/** With the line end of the line before. */
function insertLine(text: string, at: number, line: string): string {
  const lineEnd = /(?:\r\r?\n|\n|\r)$/.exec(text.slice(Math.max(0, at - 3), at))
  return `${text.slice(0, at)}${line}${lineEnd?.[0] ?? '\r\n'}${text.slice(at)}`
}
