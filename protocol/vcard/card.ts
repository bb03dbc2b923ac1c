import { type BrokenLine, type ContentLine, readContentLines } from '../text/content-lines.ts'
import { InvalidObjectError } from '../text/invalid-object.ts'

/** Offsets into the text a card was read from. */
export interface Slice {
  readonly start: number
  readonly end: number
}

/**
 * One vCard, as the lines it is made of. Offsets go into the text it was read from, so that
 * text.slice(line.start, line.end) is what the client wrote.
 */
export interface Card {
  /** The value of the first VERSION line, trimmed. */
  readonly version: string | undefined
  /** Every line between BEGIN and END, but those of cards inside (AGENT). */
  readonly lines: readonly ContentLine[]
  readonly broken: readonly BrokenLine[]
  /** The BEGIN line and the END line. */
  readonly begin: Slice
  readonly finish: Slice
  /** Of the whole card, BEGIN and END included. */
  readonly start: number
  readonly end: number
}

/**
 * What a line means for the nesting of cards. 'agent' opens the card of a person's agent, which follows an empty
 * AGENT line (vCard 2.1) or begins on it (3.0).
 * @param previous  the line before it
 * @see RFC 2426 §3.5.4, RFC 6350 §6.1.1–6.1.2
 */
export function cardBoundary(
  line: ContentLine | BrokenLine,
  previous: ContentLine | BrokenLine | undefined,
): 'begin' | 'agent' | 'end' | undefined {
  if ('broken' in line) return undefined
  switch (line.name) {
    case 'BEGIN':
      if (!isVcard(line.value)) return undefined
      return previous !== undefined && isEmptyAgent(previous) ? 'agent' : 'begin'
    case 'END':
      return isVcard(line.value) ? 'end' : undefined
    case 'AGENT':
      return /^\s*BEGIN:VCARD\s*$/i.test(line.value) ? 'agent' : undefined
    default:
      return undefined
  }
}

/**
 * Reads a text that holds one vCard and nothing else but blank lines.
 * Lines that cannot be read are kept apart in `broken`; cards of any version are read.
 * @throws InvalidObjectError valid-address-data when BEGIN and END do not frame exactly one card
 * @see RFC 6350 §3.3, RFC 6352 §5.1
 */
export function readCard(text: string): Card {
  const lines: ContentLine[] = []
  const broken: BrokenLine[] = []
  let begin: Slice | undefined
  let finish: Slice | undefined
  let depth = 0
  let previous: ContentLine | BrokenLine | undefined
  for (const line of readContentLines(text)) {
    const boundary = cardBoundary(line, previous)
    previous = line
    if (finish !== undefined) throw invalid(afterEnd(boundary))
    if (begin === undefined) {
      if (boundary !== 'begin') throw invalid('The text does not begin with BEGIN:VCARD.')
      begin = line
      depth = 1
      continue
    }
    if (boundary === 'begin') throw invalid('A vCard begins before the one before it has ended.')
    if (boundary === 'end') {
      depth -= 1
      if (depth === 0) finish = line
      continue
    }
    if (depth === 1) keep(line, lines, broken)
    if (boundary === 'agent') depth += 1
  }
  if (begin === undefined) throw invalid('The text is empty.')
  if (finish === undefined) throw invalid('END:VCARD is missing.')
  return {
    version: cardProperty(lines, 'VERSION')?.value.trim(),
    lines,
    broken,
    begin: { start: begin.start, end: begin.end },
    finish: { start: finish.start, end: finish.end },
    start: begin.start,
    end: finish.end,
  }
}

/** The first line of that name (in upper case), in whatever group. */
export function cardProperty<Line extends Pick<ContentLine, 'name'>>(
  lines: readonly Line[],
  name: string,
): Line | undefined {
  for (const line of lines) if (line.name === name) return line
  return undefined
}

function keep(line: ContentLine | BrokenLine, lines: ContentLine[], broken: BrokenLine[]): void {
  if ('broken' in line) {
    broken.push(line)
    return
  }
  if (line.name === 'END') throw invalid(`END:${line.value.trim().slice(0, 40)} without its BEGIN.`)
  if (line.name !== 'BEGIN') lines.push(line)
  else if (!isVcard(line.value)) throw invalid(`BEGIN:${line.value.trim().slice(0, 40)} inside a vCard.`)
}

function afterEnd(boundary: ReturnType<typeof cardBoundary>): string {
  return boundary === 'begin' ? 'There is more than one vCard.' : 'There is text after END:VCARD.'
}

function isVcard(value: string): boolean {
  return value === 'VCARD' || value.trim().toUpperCase() === 'VCARD'
}

function isEmptyAgent(line: ContentLine | BrokenLine): boolean {
  return !('broken' in line) && line.name === 'AGENT' && line.value.trim() === ''
}

function invalid(message: string): InvalidObjectError {
  return new InvalidObjectError('valid-address-data', message)
}
