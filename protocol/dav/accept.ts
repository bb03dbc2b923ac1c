import { type Header, readMediaType } from './headers.ts'

/** A form in which something can be sent. */
export interface Offer {
  /** In lower case, without parameters. */
  readonly type: string
  /** What a range with a parameter `version` has to say; a form without one is in no such range. */
  readonly version?: string
}

/** The form that is sent, and whether the client named its version: only then does it know that parameter. */
export interface Accepted<O extends Offer> {
  readonly offer: O
  readonly isVersionNamed: boolean
}

/**
 * What of several forms a client wants most: the greatest weight, then the range that says most, then the order of
 * the offers. The first of them without the header, and where it accepts none: clients send the Accept of one method
 * with all (`text/xml` with every GET), and what is there serves them better than 406.
 * @param offers  best first
 * @see RFC 9110 §12.5.1
 */
export function acceptedOffer<O extends Offer>(header: Header, offers: readonly [O, ...O[]]): Accepted<O> {
  let best: { offer: O; weight: number; rank: number } = { offer: offers[0], weight: 0, rank: 0 }
  if (header !== undefined && header.trim() !== '*/*') {
    const ranges = readRanges(header)
    for (const offer of offers) {
      const { weight, rank } = judge(offer, ranges)
      if (weight > best.weight || (weight === best.weight && weight > 0 && rank > best.rank))
        best = { offer, weight, rank }
    }
  }
  return { offer: best.offer, isVersionNamed: best.rank === versionRank }
}

interface Range {
  readonly type: string
  readonly version: string | undefined
  readonly weight: number
}

/** What cannot be read is passed over. Of parameters only `q` and `version` are looked at. */
function readRanges(header: string): Range[] {
  const ranges: Range[] = []
  for (const [text] of header.matchAll(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g)) {
    const range = readMediaType(text)
    if (!range) continue
    const [type, version] = olderNames.get(range.type) ?? [range.type, range.parameters.get('version')]
    ranges.push({ type, version, weight: weightOf(range.parameters.get('q')) })
  }
  return ranges
}

/** What vCard 3.0 and older were called. @see RFC 2426 §4, RFC 6350 §10.1 */
const olderNames: ReadonlyMap<string, readonly [type: string, version: string]> = new Map([
  ['text/directory', ['text/vcard', '3.0']],
  ['text/x-vcard', ['text/vcard', '3.0']],
])

/** @see RFC 9110 §12.4.2 */
function weightOf(q: string | undefined): number {
  const weight = q === undefined || q === '' ? 1 : Number(q)
  return weight >= 0 && weight <= 1 ? weight : 1
}

const versionRank = 4

/** The weight is that of the range that says most. */
function judge({ type, version }: Offer, ranges: readonly Range[]): { weight: number; rank: number } {
  let judged = { weight: 0, rank: 0 }
  for (const range of ranges) {
    const rank = rankOf(range, type, version)
    if (rank > judged.rank) judged = { weight: range.weight, rank }
  }
  return judged
}

/** How much a range says about a form; 0 where the form is not in it. */
function rankOf(range: Range, type: string, version: string | undefined): number {
  if (range.type === type) {
    if (range.version === undefined) return versionRank - 1
    return range.version === version ? versionRank : 0
  }
  if (range.type === `${type.split('/', 1)[0]}/*`) return 2
  return range.type === '*/*' ? 1 : 0
}
