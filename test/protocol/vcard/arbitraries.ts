import fc from 'fast-check'
import type { TextMatch } from '../../../protocol/text/collation.ts'
import type { AddressFilter, AddressPropFilter } from '../../../protocol/vcard/filter-types.ts'

/** Words whose case, accents or decomposition are special, and ordinary ones, so that filters often match. */
const words = fc.constantFrom(
  ...[
    'Anna',
    'ANNA',
    'anna',
    'Zoë',
    'ZOE\u0308',
    'straße',
    'STRASSE',
    'Łódź',
    'ΟΔΥΣΣΕΥΣ',
    'οδυσσευς',
    'ᾳ',
    'ΑΙ',
  ],
  ...[
    'İzmir',
    'ısı',
    'ﬁne',
    'Å',
    'ñ',
    '张伟',
    '가',
    'ｶﾞ',
    '①',
    'Ǆ',
    'ΐ',
    '\u0345α',
    'ŉ',
    '😀',
    'ﷺ',
    'ẞ',
    'K',
    'ſ',
  ],
  ...['+1 650 555', '(0)', ';', ',', '\\', '\n', '%', '_', "'", '', ' '],
)
const text = fc.oneof(
  { weight: 3, arbitrary: fc.array(words, { maxLength: 4 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)
/** Text without what may not stand in a vCard. */
export const cardText = text.map((made) => made.replace(/[\x00-\x09\x0b-\x1f\x7f]/g, ''))

export function escapeText(value: string): string {
  return value.replace(/[\\,;]/g, (c) => `\\${c}`).replace(/\n/g, '\\n')
}

const propertyName = fc.constantFrom(
  ...[
    'FN',
    'N',
    'NICKNAME',
    'EMAIL',
    'TEL',
    'ORG',
    'TITLE',
    'NOTE',
    'CATEGORIES',
    'ADR',
    'UID',
    'X-OWN',
    'URL',
  ],
)
const group = fc.constantFrom('', '', '', 'item1.', 'Item2.')
const types = fc.constantFrom(
  '',
  ';TYPE=home',
  ';TYPE=work,pref',
  ';TYPE="voice,home"',
  ';TYPE=home;TYPE=cell',
  ';X-A=',
)
/** Structured and listed values have separators that are not escaped. */
const value = fc.oneof(
  cardText.map(escapeText),
  cardText.map((made) => made.replace(/\n/g, '\\n')),
  fc.array(cardText.map(escapeText), { maxLength: 4 }).map((parts) => parts.join(';')),
  fc.array(cardText.map(escapeText), { maxLength: 4 }).map((parts) => parts.join(',')),
)
const line = fc
  .tuple(group, propertyName, types, value)
  .map((parts) => `${parts[0]}${parts[1]}${parts[2]}:${parts[3]}`)

/** A whole card of random lines, unfolded, with CRLF. */
export const cardBody = fc
  .array(line, { maxLength: 8 })
  .map((lines) => ['BEGIN:VCARD', 'VERSION:4.0', ...lines, 'END:VCARD', ''].join('\r\n'))

const textMatch: fc.Arbitrary<TextMatch> = fc.record({
  value: cardText,
  collation: fc.constantFrom('i;ascii-casemap', 'i;unicode-casemap', 'i;unicode-casemap', 'i;octet'),
  negate: fc.boolean(),
  match: fc.constantFrom('equals', 'contains', 'contains', 'starts-with', 'ends-with'),
})
const test = fc.constantFrom('anyof' as const, 'allof' as const)
const propFilter: fc.Arbitrary<AddressPropFilter> = fc
  .record({
    name: propertyName,
    group: fc.constantFrom(undefined, undefined, 'item1', 'ITEM2'),
    isNotDefined: fc.constantFrom(false, false, false, true),
    test,
    textMatches: fc.array(textMatch, { maxLength: 2 }),
    params: fc.array(
      fc.record(
        { name: fc.constantFrom('TYPE', 'X-A'), isNotDefined: fc.boolean() },
        { requiredKeys: ['name', 'isNotDefined'] },
      ),
      { maxLength: 1 },
    ),
  })
  .map(({ group: asked, ...others }) => (asked === undefined ? others : { ...others, group: asked }))

export const addressFilter: fc.Arbitrary<AddressFilter> = fc.record({
  test,
  props: fc.array(propFilter, { maxLength: 3 }),
})

/** Text near enough to a vCard to go far into the parsers. */
export const almostCard = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          'BEGIN:VCARD',
          'begin:vcard',
          'END:VCARD',
          'END:VCARD ',
          'VERSION:3.0',
          'VERSION:4.0',
          'VERSION:2.1',
          'AGENT:',
        ],
        ...[
          'AGENT:BEGIN:VCARD',
          'BEGIN:VEVENT',
          'END:VEVENT',
          'FN:x',
          'UID:1',
          'UID:2',
          'UID:',
          'rubbish',
          '',
          ' fold',
        ],
      ),
      line,
      fc.string({ unit: 'binary', maxLength: 20 }),
    ),
    { maxLength: 12 },
  )
  .chain((lines) => fc.constantFrom('\r\n', '\n', '\r').map((end) => lines.join(end)))
