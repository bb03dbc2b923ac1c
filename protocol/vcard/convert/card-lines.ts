import { type BrokenLine, type ContentLine, escapeTextValue, parameter } from '../../text/content-lines.ts'
import { InvalidObjectError } from '../../text/invalid-object.ts'
import { writeLine } from '../../text/write-line.ts'
import type { Card } from '../card.ts'
import { type CardLine, type Lines, newLine } from './line.ts'

/**
 * The lines of a card, each with what the client wrote. The card of an agent that stands inside becomes the value of
 * its AGENT line; a line that cannot be read becomes X-UNREADABLE, and one that is not spelt as the RFCs have it is
 * taken as changed, so that it is written anew.
 * @throws InvalidObjectError for a card with so many parameters that comparing them would take long
 * @param text  what `card` was read from
 */
export function readCardLines(text: string, card: Card): Lines {
  return readCardParts(text, card).map(({ line }) => line)
}

/** The same, each with where it begins in the text; it ends where the next begins, or the END line. */
export function readCardParts(
  text: string,
  card: Card,
): readonly { readonly line: CardLine; readonly start: number }[] {
  if (hasTooManyParameters(card)) {
    throw new InvalidObjectError('valid-address-data', `A line has more than ${mostParameters} parameters.`)
  }
  const all = [...card.lines, ...card.broken].sort((one, other) => one.start - other.start)
  return withoutSoftBreaks(all).map((line, at, all) => {
    const { start } = line
    if ('broken' in line) return { line: newLine('X-UNREADABLE', escapeTextValue(line.broken)), start }
    const next = all[at + 1]?.start ?? card.finish.start
    return { line: line.name === 'AGENT' ? agentLine(text, line, next) : cardLine(text, line), start }
  })
}

/** Parameters of one line are compared with each other. No client writes as many. */
const mostParameters = 100

/** Whether a card is one that is neither converted nor merged. */
export function hasTooManyParameters({ lines }: Pick<Card, 'lines'>): boolean {
  return lines.some(({ parameters }) => parameters.length > mostParameters)
}

/** The card, with CRLF; lines that have not changed are as they were, folds and all. */
export function writeCardLines(lines: Lines): string {
  let text = 'BEGIN:VCARD\r\n'
  for (const line of lines) text += writeCardLine(line)
  return `${text}END:VCARD\r\n`
}

/** One line with its CRLF, as it was if it has not changed. */
export function writeCardLine({ raw, group, name, parameters, value }: CardLine): string {
  if (raw !== undefined) return raw
  const spelt = spellings.get(name) ?? name
  return writeLine(group === undefined ? spelt : `${group}.${spelt}`, parameters, value)
}

/** Names that are written in another case than upper, as all the world knows them. */
const spellings: ReadonlyMap<string, string> = new Map([
  ['X-ABLABEL', 'X-ABLabel'],
  ['X-ABSHOWAS', 'X-ABShowAs'],
])

function cardLine(text: string, line: ContentLine): CardLine {
  const { name, value } = line
  const raw = withLineEnd(text.slice(line.start, line.end))
  if (isWellSpelt(raw, value)) return { group: line.group, name, parameters: line.parameters, value, raw }
  return {
    group: line.group?.replaceAll('_', '-'),
    name: name.replaceAll('_', '-'),
    parameters: line.parameters.map((parameter) => ({
      ...parameter,
      name: parameter.name.replace(/[^A-Z0-9-]/g, '-') || 'X-PARAMETER',
    })),
    value,
  }
}

/** The part before the value, which may be folded, has names of letters, digits and hyphens, and no bare words. */
function isWellSpelt(raw: string, value: string): boolean {
  const head = raw.slice(0, raw.length - value.length).replace(/\r\n[ \t]/g, '')
  return /^(?:[A-Za-z0-9-]+\.)?[A-Za-z0-9-]+(?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*:/.test(
    head,
  )
}

/** Quoted-printable goes on in the next line after an equals sign, also in cards that have no right to it. */
function withoutSoftBreaks(
  lines: readonly (ContentLine | BrokenLine)[],
): readonly (ContentLine | BrokenLine)[] {
  const whole: (ContentLine | BrokenLine)[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]
    if (line === undefined) continue
    if ('broken' in line || !isQuotedPrintable(line)) {
      whole.push(line)
      continue
    }
    const parts = [line.value]
    for (
      let next = lines[at + 1];
      parts.at(-1)?.endsWith('=') && next && 'broken' in next;
      next = lines[at + 1]
    ) {
      parts.push(next.broken)
      at += 1
    }
    const last = parts.length - 1
    whole.push({
      ...line,
      value: parts.map((part, index) => (index < last ? part.slice(0, -1) : part)).join(''),
    })
  }
  return whole
}

function isQuotedPrintable(line: ContentLine): boolean {
  return /^quoted-printable$/i.test(parameter(line, 'ENCODING') ?? '')
}

/** @see RFC 2426 §3.5.4 */
function agentLine(text: string, line: ContentLine, next: number): CardLine {
  const inside = text.slice(line.end, next).trim()
  if (inside === '') return cardLine(text, line)
  const begin = line.value.trim() === '' ? '' : `${line.value.trim()}\n`
  const value = escapeTextValue(`${begin}${inside}\n`)
  return { group: line.group, name: line.name, parameters: line.parameters, value }
}

function withLineEnd(raw: string): string {
  const ended = /[\r\n]$/.test(raw) ? raw : `${raw}\r\n`
  return /\r(?!\n)|(?<!\r)\n/.test(ended) ? ended.replace(/\r*\n|\r/g, '\r\n') : ended
}
