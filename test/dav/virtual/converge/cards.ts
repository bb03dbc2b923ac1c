import { grouped } from '../../../../storage/select.ts'

/** Properties that are hidden, as a mask says them. */
export type Rules = readonly string[]

/** A card of the owner, and what is known of whom it describes. */
export interface CardAt {
  readonly path: string
  readonly book: string
  readonly party: number
  readonly isCustomer: boolean
  readonly text: string
}

/** What masks hide: each of them one property, or two. */
export const masks: readonly Rules[] = [['NOTE'], ['TEL;TYPE=home'], ['NOTE', 'TITLE'], ['TITLE']]

const patterns: Readonly<Record<string, RegExp>> = {
  NOTE: /^(?:item\d+\.)?NOTE[;:]/,
  TITLE: /^(?:item\d+\.)?TITLE[;:]/,
  'TEL;TYPE=home': /^(?:item\d+\.)?TEL;[^:]*TYPE=home/i,
}

/** The properties of which a card has some. */
export const lines = [
  'NOTE:secret note',
  'TEL;TYPE=home:+49555019911',
  'TITLE:secret title',
  'TEL;TYPE=work:+49301234',
  'CATEGORIES:Lyon',
]

/** A card without the lines that rules hide, found by nothing but how they begin. */
export function hidden(text: string, rules: Rules): string {
  const isHidden = (line: string): boolean => rules.some((rule) => patterns[rule]?.test(line))
  return text
    .split('\r\n')
    .filter((line) => !isHidden(line))
    .join('\r\n')
}

/** How often each line that some mask hides is there. */
export function secretsIn(cards: readonly CardAt[]): string[] {
  const all = Object.values(patterns)
  return cards
    .flatMap(({ text }) => text.split('\r\n').filter((line) => all.some((pattern) => pattern.test(line))))
    .sort()
}

export function isLyon({ text }: Pick<CardAt, 'text'>): boolean {
  return text.includes('CATEGORIES:Lyon\r\n')
}

/** With a line, or without it where it is there. */
export function toggled(text: string, line: string): string {
  return text.includes(`${line}\r\n`)
    ? text.replace(`${line}\r\n`, '')
    : text.replace('END:VCARD', `${line}\r\nEND:VCARD`)
}

/** Those that match, of each UID the oldest. */
export function oldest(cards: readonly CardAt[], matches: (card: CardAt) => boolean): CardAt[] {
  const byUid = grouped(cards.filter(matches), ({ text }) => /\r\nUID:(.*)\r\n/.exec(text)?.[1])
  return [...byUid.values()].flatMap((some) => some.slice(0, 1))
}
