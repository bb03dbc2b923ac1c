import type { Card } from '../card.ts'
import { readCardParts, writeCardLine } from '../convert/card-lines.ts'
import type { CardLine, Lines } from '../convert/line.ts'
import type { Edits } from './edits.ts'
import { byName, instancesOf, isRider } from './instances.ts'
import { matchInstances } from './match.ts'

/** A card as it is stored: its lines, and the octets each of them is. */
export interface StoredCard {
  readonly text: string
  readonly card: Card
  readonly lines: Lines
  /** A line with all up to the next. */
  readonly sliceOf: ReadonlyMap<CardLine, string>
  /** BEGIN, and what stands before the first line. */
  readonly head: string
}

/** The lines of a card and their octets. */
export function storedCard(text: string, card: Card): StoredCard {
  const parts = readCardParts(text, card)
  const slices = parts.map(({ line, start }, at): [CardLine, string] => {
    return [line, text.slice(start, parts[at + 1]?.start ?? card.finish.start)]
  })
  const head = text.slice(0, parts[0]?.start ?? card.finish.start)
  return { text, card, lines: parts.map(({ line }) => line), sliceOf: new Map(slices), head }
}

/** The card with edits of its own lines; what they do not touch is as it was, octet for octet. */
export function writeEdited(stored: StoredCard, edits: Edits): string {
  const write = writerFor(stored)
  const pieces = stored.lines.flatMap((line) => piecesOf(stored, line, edits, write))
  return assembled(stored, pieces, edits, write)
}

/**
 * The card with edits of what its lines became on the way to another version and back. A line that an edit touches, and
 * that the conversion has made of others, is written with all that it was made of.
 */
export function writeConverted(stored: StoredCard, converted: Lines, edits: Edits): string {
  const write = writerFor(stored)
  const { counterparts, rest } = pairLines(stored.lines, converted)
  const isRestEdited = rest.some((line) => edits.changes.has(line))
  const pieces: Piece[] = []
  for (const line of stored.lines) {
    const counterpart = counterparts.get(line)
    const change = counterpart && edits.changes.get(counterpart)
    if (change) pieces.push(...change.map(write))
    else if (counterpart || !isRestEdited)
      pieces.push({ name: line.name, text: stored.sliceOf.get(line) ?? '' })
  }
  if (isRestEdited) pieces.push(...rest.flatMap((line) => (edits.changes.get(line) ?? [line]).map(write)))
  return assembled(stored, pieces, edits, write)
}

interface Piece {
  readonly name: string
  readonly text: string
}

type Write = (line: CardLine) => Piece

/** New lines have the line ends that the card has. */
function writerFor({ text }: StoredCard): Write {
  const [end = '\r\n'] = /\r{0,2}\n|\r/.exec(text) ?? []
  return (line) => {
    const written = writeCardLine(line)
    return { name: line.name, text: end === '\r\n' ? written : written.replaceAll('\r\n', end) }
  }
}

function piecesOf(stored: StoredCard, line: CardLine, { changes }: Edits, write: Write): readonly Piece[] {
  const change = changes.get(line)
  return change ? change.map(write) : [{ name: line.name, text: stored.sliceOf.get(line) ?? '' }]
}

/** What is new stands behind the last one of its property, or at the end. */
function assembled(
  { text, card, head }: StoredCard,
  pieces: readonly Piece[],
  { added }: Edits,
  write: Write,
): string {
  const last = new Map<string, number>()
  for (const [at, { name }] of pieces.entries()) if (!isRider({ name })) last.set(name, at)
  const behind = new Map<number, string>()
  for (const lines of added) {
    const place = behindRiders(pieces, last.get(lines[0]?.name ?? '') ?? pieces.length - 1)
    behind.set(place, (behind.get(place) ?? '') + lines.map((line) => write(line).text).join(''))
  }
  const done = pieces.map((piece, at) => piece.text + (behind.get(at) ?? ''))
  return head + (behind.get(-1) ?? '') + done.join('') + text.slice(card.finish.start)
}

function behindRiders(pieces: readonly Piece[], at: number): number {
  let place = at
  while (isRider(pieces[place + 1] ?? { name: '' })) place += 1
  return place
}

/** Which line became which; `rest` are those that were made of others, or of several. */
function pairLines(
  lines: Lines,
  converted: Lines,
): { readonly counterparts: ReadonlyMap<CardLine, CardLine>; readonly rest: Lines } {
  const counterparts = new Map<CardLine, CardLine>()
  const left = new Set(converted)
  const pair = (line: CardLine, counterpart: CardLine): void => {
    counterparts.set(line, counterpart)
    left.delete(counterpart)
  }
  for (const line of lines) if (left.has(line)) pair(line, line)
  const version = lines.find(({ name }) => name === 'VERSION')
  const itsVersion = converted.find(({ name }) => name === 'VERSION')
  if (version && itsVersion) pair(version, itsVersion)
  const others = byName(instancesOf(converted))
  for (const [name, ones] of byName(instancesOf(lines))) {
    for (const [one, other] of matchInstances(ones, others.get(name) ?? [])) {
      if (!counterparts.has(one.main) && left.has(other.main)) pair(one.main, other.main)
      for (const [at, rider] of one.riders.entries()) {
        const its = other.riders[at]
        if (its && !counterparts.has(rider) && left.has(its)) pair(rider, its)
      }
    }
  }
  return { counterparts, rest: [...left] }
}
