import { escapeTextValue, parameterValues, unescapeText } from '../../text/content-lines.ts'
import type { Conversion } from './conversion.ts'
import {
  type CardLine,
  changed,
  decodeUri,
  each,
  type Groups,
  hasWord,
  isUri,
  type Lines,
  newLine,
  wellFormed,
  without,
  withParameter,
  wordsOf,
} from './line.ts'

export const kind: Conversion = {
  about: '`KIND`, `MEMBER`',
  three: '`X-ADDRESSBOOKSERVER-KIND:group`, `X-ADDRESSBOOKSERVER-MEMBER`; a company has `X-ABShowAs:COMPANY`',
  four: '`KIND:group`, `MEMBER`; a company is `KIND:org`',
  note: 'Members one to one, with `urn:uuid:` before a bare UUID (ABK-07).',
  rfc: 'RFC 6350 §6.1.4, §6.6.5',
  to4: kindTo4,
  to3: kindTo3,
  examples: [
    {
      three: [
        'X-ADDRESSBOOKSERVER-KIND:group',
        'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af',
        'X-ADDRESSBOOKSERVER-MEMBER:mailto:a@b',
      ],
      four: ['KIND:group', 'MEMBER:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025acd8af', 'MEMBER:mailto:a@b'],
    },
    {
      three: ['X-ADDRESSBOOKSERVER-MEMBER:03A0E51F-D1AA-4385-8A53-E29025ACD8AF'],
      four: ['MEMBER:urn:uuid:03A0E51F-D1AA-4385-8A53-E29025ACD8AF'],
      only: 'to 4.0',
    },
    { three: ['X-ABShowAs:COMPANY'], four: ['KIND:org', 'X-ABShowAs:COMPANY'] },
    { three: ['X-ABShowAs:COMPANY'], four: ['KIND:org'], only: 'to 3.0' },
    { three: ['X-ADDRESSBOOKSERVER-KIND:location'], four: ['KIND:location'] },
  ],
}

/**
 * Apple's words for relatives, and the types of RELATED that say the same. Those that RFC 6350 has no word for are
 * written as DAVx5 does, which reads them back.
 */
const relatives: readonly (readonly [label: string, types: readonly string[]])[] = [
  ['Mother', ['mother', 'parent']],
  ['Father', ['father', 'parent']],
  ['Parent', ['parent']],
  ['Brother', ['brother', 'sibling']],
  ['Sister', ['sister', 'sibling']],
  ['Child', ['child']],
  ['Friend', ['friend']],
  ['Spouse', ['spouse']],
  ['Partner', ['partner']],
  ['Assistant', ['assistant', 'co-worker']],
  ['Manager', ['manager', 'co-worker']],
]

export const related: Conversion = {
  about: '`RELATED`',
  three: '`item1.X-ABRELATEDNAMES:Jane` with `item1.X-ABLabel:_$!<Spouse>!$_`',
  four: '`item1.RELATED;VALUE=text;TYPE=spouse:Jane`; the label stays',
  note: `By label: ${relatives.map(([label, types]) => `${label} ${types.join(',')}`).join('; ')}. A relation that is a URI stays \`RELATED\` in 3.0.`,
  rfc: 'RFC 6350 §6.6.6',
  to4: each(['X-ABRELATEDNAMES'], relatedTo4),
  to3: each(['RELATED'], relatedTo3),
  examples: [
    {
      three: ['item1.X-ABRELATEDNAMES:Jane', 'item1.X-ABLabel:_$!<Spouse>!$_'],
      four: ['item1.RELATED;VALUE=text;TYPE=spouse:Jane', 'item1.X-ABLabel:_$!<Spouse>!$_'],
    },
    {
      three: ['item1.X-ABRELATEDNAMES:Ann', 'item1.X-ABLabel:_$!<Mother>!$_'],
      four: ['RELATED;VALUE=text;TYPE=mother,parent:Ann'],
      only: 'to 3.0',
    },
    {
      three: ['item2.X-ABRELATEDNAMES;type=pref:Jim', 'item2.X-ABLabel:Cousin'],
      four: ['item2.RELATED;VALUE=text;TYPE=cousin;PREF=1:Jim', 'item2.X-ABLabel:Cousin'],
      only: 'to 4.0',
    },
    {
      three: ['item1.X-ABRELATEDNAMES;TYPE=met,colleague:Kim', 'item1.X-ABLabel:met\\, colleague'],
      four: ['RELATED;TYPE=met,colleague;VALUE=text:Kim'],
      only: 'to 3.0',
    },
    { three: ['X-ABRELATEDNAMES:Kim'], four: ['RELATED;VALUE=text:Kim'] },
    { three: ['RELATED;TYPE=friend:urn:uuid:f81d4fae'], four: ['RELATED;TYPE=friend:urn:uuid:f81d4fae'] },
  ],
}

export const agent: Conversion = {
  about: '`AGENT`',
  three: '`AGENT` with a card, a URI or a text',
  four: '`RELATED;TYPE=agent`; a card is a `data:text/vcard` URI',
  rfc: 'RFC 2426 §3.5.4, RFC 6350 §6.6.6',
  to4: each(['AGENT'], agentTo4),
  to3: each(['RELATED'], agentTo3),
  examples: [
    { three: ['AGENT;VALUE=uri:cid:a@b'], four: ['RELATED;TYPE=agent:cid:a@b'] },
    { three: ['AGENT:Jane'], four: ['RELATED;TYPE=agent;VALUE=text:Jane'], only: 'to 4.0' },
    {
      three: ['AGENT:BEGIN:VCARD\\nFN:Susan\\, S\\nEND:VCARD\\n'],
      four: [
        'RELATED;TYPE=agent:data:text/vcard;charset=utf-8,BEGIN%3AVCARD%0AFN%3ASusan%2C%20S%0AEND%3AVCARD%0A',
      ],
    },
  ],
}

/** How programs write a person's sex in 3.0. */
const sexes: ReadonlyMap<string, string> = new Map([
  ['male', 'M'],
  ['female', 'F'],
  ['other', 'O'],
  ['none', 'N'],
  ['unknown', 'U'],
])

export const gender: Conversion = {
  about: '`GENDER`',
  three: '`X-GENDER`',
  four: '`GENDER`',
  note: `In words too: ${[...sexes.keys()].join(', ')}.`,
  rfc: 'RFC 6350 §6.2.7',
  to4: (lines) => {
    if (lines.some(({ name }) => name === 'GENDER')) return lines
    const first = lines.find(({ name }) => name === 'X-GENDER')
    return lines.map((line) =>
      line === first ? changed(line, { name: 'GENDER', value: sexOf(line.value) }) : line,
    )
  },
  to3: each(['GENDER'], (line) => changed(line, { name: 'X-GENDER' })),
  examples: [
    { three: ['X-GENDER:M'], four: ['GENDER:M'] },
    { three: ['X-GENDER:O;intersex'], four: ['GENDER:O;intersex'] },
    { three: ['X-GENDER:Female'], four: ['GENDER:F'], only: 'to 4.0' },
    { three: ['X-GENDER:it’s complicated'], four: ['GENDER:;it’s complicated'], only: 'to 4.0' },
  ],
}

export function sexOf(value: string): string {
  const known = sexes.get(value.trim().toLowerCase())
  if (known !== undefined) return known
  return /^[MFONU]?(?:;.*)?$/is.test(value) ? value : `;${value}`
}

function kindTo4(lines: Lines): Lines {
  const has = lines.some(({ name }) => name === 'KIND' || name === 'X-ADDRESSBOOKSERVER-KIND')
  const company = has ? undefined : lines.find(isCompany)
  return lines.flatMap((line) => {
    if (line === company) return [newLine('KIND', 'org'), line]
    if (line.name === 'X-ADDRESSBOOKSERVER-KIND') return changed(line, { name: 'KIND' })
    if (line.name !== 'X-ADDRESSBOOKSERVER-MEMBER') return line
    const value = bareUuid.test(line.value) ? `urn:uuid:${line.value}` : line.value
    return changed(line, { name: 'MEMBER', value })
  })
}

function kindTo3(lines: Lines): Lines {
  const shown = lines.some(isCompany)
  return lines.flatMap((line) => {
    if (line.name === 'MEMBER') return changed(line, { name: 'X-ADDRESSBOOKSERVER-MEMBER' })
    if (line.name !== 'KIND') return line
    if (line.value.trim().toLowerCase() !== 'org' || line.parameters.length > 0) {
      return changed(line, { name: 'X-ADDRESSBOOKSERVER-KIND' })
    }
    return shown ? [] : newLine('X-ABSHOWAS', 'COMPANY')
  })
}

function isCompany({ name, value }: CardLine): boolean {
  return name === 'X-ABSHOWAS' && value.trim().toUpperCase() === 'COMPANY'
}

const bareUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function relatedTo4(line: CardLine, groups: Groups): CardLine {
  const label = groups.labelOf(line)
  const told = (label && typesOfLabel(label)) || []
  const types = [...new Set([...told, ...parameterValues(line, 'TYPE')])]
  const others = without(line.parameters, 'VALUE', 'TYPE')
  const type = types.length > 0 ? [{ name: 'TYPE', values: types }] : []
  return changed(line, {
    name: 'RELATED',
    parameters: [{ name: 'VALUE', values: ['text'] }, ...type, ...others],
  })
}

/** Apple's own words; a word of the user's that can be a type is one. */
export function typesOfLabel(label: string): readonly string[] | undefined {
  const word = /^_\$!<(.+)>!\$_$/.exec(label)?.[1] ?? label
  const known = relatives.find(([name]) => name.toLowerCase() === word.toLowerCase())
  return known?.[1] ?? (/^[A-Za-z][A-Za-z-]*$/.test(label) ? [label.toLowerCase()] : undefined)
}

function relatedTo3(line: CardLine, groups: Groups): CardLine | Lines {
  if (!hasWord(line, 'VALUE', 'text') && isUri(line.value)) return line
  const parameters = without(line.parameters, 'VALUE')
  const name = 'X-ABRELATEDNAMES'
  const types = wordsOf(line, 'TYPE')
  const label = groups.labelOf(line)
  if (label !== undefined || types.length === 0 || line.group !== undefined) {
    return changed(line, { name, parameters: withoutTold(parameters, types, label) })
  }
  const group = groups.take()
  const made = labelOfTypes(types)
  return [
    changed(line, { name, group, parameters: withoutTold(parameters, types, made) }),
    { ...newLine('X-ABLABEL', made), group },
  ]
}

/** Types that the label tells as well are not told twice. */
function withoutTold(
  parameters: CardLine['parameters'],
  types: readonly string[],
  label: string | undefined,
): CardLine['parameters'] {
  const told = label === undefined ? undefined : typesOfLabel(label)
  const isTold =
    told !== undefined && told.length === types.length && told.every((type) => types.includes(type))
  return isTold ? without(parameters, 'TYPE') : parameters
}

export function labelOfTypes(types: readonly string[]): string {
  const known = relatives.find(([, told]) => types.includes(told[0] ?? ''))
  return known === undefined ? escapeTextValue(types.join(', ')) : `_$!<${known[0]}>!$_`
}

const cardUri = /^data:text\/vcard;charset=utf-8,(.*)$/is

function agentTo4(line: CardLine): CardLine {
  const others = without(line.parameters, 'VALUE', 'TYPE')
  const type = { name: 'TYPE', values: ['agent'] }
  if (/^BEGIN:VCARD/i.test(line.value.trim())) {
    const value = `data:text/vcard;charset=utf-8,${encodeURIComponent(wellFormed(unescapeText(line.value)))}`
    return changed(line, { name: 'RELATED', value, parameters: [type, ...others] })
  }
  if (isUri(line.value)) return changed(line, { name: 'RELATED', parameters: [type, ...others] })
  const parameters = [type, { name: 'VALUE', values: ['text'] }, ...others]
  return changed(line, { name: 'RELATED', parameters })
}

function agentTo3(line: CardLine): CardLine {
  const types = wordsOf(line, 'TYPE')
  if (types.length !== 1 || types[0] !== 'agent' || hasWord(line, 'VALUE', 'text')) return line
  const parameters = without(line.parameters, 'TYPE', 'VALUE')
  const inside = decodeUri(cardUri.exec(line.value)?.[1])
  if (inside !== undefined) {
    const value = escapeTextValue(inside)
    return changed(line, { name: 'AGENT', value, parameters })
  }
  return isUri(line.value)
    ? changed(line, { name: 'AGENT', parameters: withParameter(parameters, 'VALUE', ['uri']) })
    : line
}
