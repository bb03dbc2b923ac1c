import fc from 'fast-check'
import { foldLine } from '../../../../protocol/text/write-line.ts'
import type { CardDetails, CardLists, ListName } from '../../../../protocol/vcard/edit/details.ts'
import type { ChangeEdit } from '../../../../protocol/vcard/edit/edits.ts'
import { lists } from '../../../../protocol/vcard/edit/lists/table.ts'
import { cardText, escapeText } from '../arbitraries.ts'

export const listNames = Object.keys(lists) as ListName[]

/** A card of the lines given, with a name. */
export function cardOf(version: '3.0' | '4.0', ...lines: string[]): string {
  const head = ['BEGIN:VCARD', `VERSION:${version}`, 'UID:u', 'FN:Ada Lovelace', 'N:Lovelace;Ada;;;']
  return [...head, ...lines, 'END:VCARD', ''].join('\r\n')
}

/** Without the keys, which are of one state of a card. */
export function said(details: CardDetails): unknown {
  const entries = Object.entries(details).map(([name, value]): [string, unknown] => {
    if (!listNames.some((list) => list === name) || !Array.isArray(value)) return [name, value]
    return [name, value.map(({ key: _, ...rest }) => rest).toSorted(byText)]
  })
  return { ...Object.fromEntries(entries), categories: [...details.categories].sort() }
}

function byText(one: unknown, other: unknown): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1
}

/** Edits that say of every value what the card says already. */
export function sayAgain(details: CardDetails): ChangeEdit[] {
  return listNames.flatMap((list) => changesOf(details, list))
}

function changesOf<L extends ListName>(details: CardLists, list: L): ChangeEdit<L>[] {
  return details[list].map((value): ChangeEdit<L> => ({ op: 'change', list, ...value }))
}

const text = cardText.map((made) => escapeText(made.replace(/\s+/g, ' ').trim()))
const word = fc.constantFrom('home', 'work', 'cell', 'CELL', 'fax', 'x-own')
const types = fc.oneof(
  fc.constant(''),
  word.map((one) => `;TYPE=${one}`),
  fc.tuple(word, word).map(([one, other]) => `;TYPE=${one},${other}`),
  fc.tuple(word, word).map(([one, other]) => `;type=${one};type=${other};type=pref`),
)
const date = fc.constantFrom(
  '1980-03-22',
  '19800322',
  '1604-05-01',
  '--0501',
  '1985',
  'circa 1800',
  '---15',
  '',
)
const uri = fc.constantFrom('https://example.org/a,b', 'skype:jane', 'http\\://x', 'urn:uuid:1')
const components = (count: number): fc.Arbitrary<string> =>
  fc.array(text, { maxLength: count }).map((parts) => parts.join(';'))

const property = fc.oneof(
  fc.tuple(
    fc.constantFrom('TEL', 'EMAIL', 'NOTE', 'TITLE', 'ROLE', 'NICKNAME', 'X-OWN', 'CATEGORIES', 'TZ'),
    types,
    text,
  ),
  fc.tuple(fc.constantFrom('ADR', 'ORG', 'N', 'X-ODD'), types, components(9)),
  fc.tuple(fc.constantFrom('BDAY', 'X-ABDATE', 'ANNIVERSARY', 'X-ANNIVERSARY'), fc.constant(''), date),
  fc.tuple(fc.constantFrom('URL', 'IMPP', 'X-SOCIALPROFILE', 'SOCIALPROFILE'), types, uri),
  fc.tuple(fc.constantFrom('RELATED', 'X-ABRELATEDNAMES'), types, fc.oneof(text, uri)),
  fc.tuple(
    fc.constantFrom('X-SKYPE', 'X-PHONETIC-FIRST-NAME', 'GENDER', 'X-GENDER', 'KIND'),
    fc.constant(''),
    text,
  ),
)
const label = fc.constantFrom('Boat', '_$!<Home>!$_', '_$!<Anniversary>!$_', 'Boat\\, old', '_$!<Spouse>!$_')

/** Properties in any group, with labels or without. */
const lines = fc
  .tuple(property, fc.option(fc.tuple(fc.constantFrom('item1', 'ITEM2', 'g'), fc.option(label))))
  .map(([[name, parameters, value], grouped]): string[] => {
    const [group, labelled] = grouped ?? []
    const line = `${group === undefined ? '' : `${group}.`}${name}${parameters}:${value}`
    return labelled == null ? [line] : [line, `${group}.X-ABLabel:${labelled}`]
  })

/** Cards as programs write them, more or less. */
export const someCard: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('3.0' as const, '4.0' as const),
    fc.array(lines, { maxLength: 12 }),
    fc.constantFrom('\r\n', '\n'),
  )
  .map(([version, all, end]) => {
    const whole = cardOf(version, ...all.flat().map((line) => foldLine(line).slice(0, -2)))
    return whole.replaceAll('\r\n', end)
  })
