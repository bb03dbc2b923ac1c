import { readCard } from './card.ts'
import { readCardLines, writeCardLines } from './convert/card-lines.ts'
import type { Lines } from './convert/line.ts'
import { conversions } from './convert/table.ts'

export type CardVersion = '3.0' | '4.0'

/**
 * The card in another version. What the other version cannot hold is kept under X-, so that converting back and forth
 * changes nothing after the first time. Lines that need no change stay byte for byte and in their order; the text has
 * CRLF. A card of that version already is given as it is.
 * @param text  the decoded card; 4.0, or anything else to be read as 3.0
 * @throws InvalidObjectError when it is not one whole card
 * @see RFC 2426, RFC 6350, and the table of conversions
 */
export function convertCard(text: string, version: CardVersion): string {
  const card = readCard(text)
  return card.version === version ? text : writeCardLines(convertLines(readCardLines(text, card), version))
}

/** The same for lines. */
export function convertLines(lines: Lines, version: CardVersion): Lines {
  return version === '4.0'
    ? conversions.reduce((done, { to4 }) => to4?.(done) ?? done, lines)
    : conversions.reduceRight((done, { to3 }) => to3?.(done) ?? done, lines)
}
