import { parameterValues, splitValue, unescapeText, unescapeUri } from '../../text/content-lines.ts'
import type { Json } from '../../text/json-property.ts'
import { type CardLine, wordsOf } from '../convert/line.ts'
import {
  addEntry,
  alternativeKey,
  type Convert,
  type Draft,
  emptyObject,
  localize,
  mapOf,
  note,
  type Properties,
  setOnce,
} from './draft.ts'

const nameKinds = ['surname', 'given', 'given2', 'title', 'credential', 'surname2', 'generation']

/** @see RFC 9555 §2.5.2 */
export const formattedName: Convert = (line, draft) => {
  const text = unescapeText(line.value)
  const place = draft.places.get(alternativeKey(line) ?? '')
  if (place !== undefined) return localize(draft, line, place, text)
  if (isEmptyWithNothing(line)) return true
  const isSet = setOnce(mapOf(draft, 'name'), 'full', text)
  if (isSet) note(draft, line, 'name/full')
  return isSet
}

/** @see RFC 9555 §2.5.6, RFC 9554 §2.2 */
export const structuredName: Convert = (line, draft) => {
  const parts = splitValue(line.value, ';').map((part) => splitValue(part, ',').map(unescapeText))
  const generations = parts[6] ?? []
  const components = parts.flatMap((values, at): Json[] => {
    const kind = nameKinds[at]
    // The generation is told among the suffixes as well, for programs that know no other place.
    const own = kind === 'credential' ? values.filter((value) => !generations.includes(value)) : values
    return own.flatMap((value): Json[] => (kind === undefined || value === '' ? [] : [{ kind, value }]))
  })
  if (components.length === 0) return true
  const name = { components, ...phonetics(line), ...nameSorting(line) }
  const place = draft.places.get(alternativeKey(line) ?? '')
  if (place !== undefined) return localize(draft, line, place, name)
  const known = mapOf(draft, 'name')
  if (known.components !== undefined) return false
  Object.assign(known, name)
  note(draft, line, 'name')
  return true
}

/** @see RFC 9555 §2.5.3 */
export const nicknames: Convert = (line, draft) => {
  for (const name of splitValue(line.value, ','))
    addEntry(draft, 'nicknames', line, { name: unescapeText(name) })
  return true
}

const addressKinds = [
  'postOfficeBox',
  'apartment',
  'name',
  'locality',
  'region',
  'postcode',
  'country',
  'room',
  'apartment',
  'floor',
  'number',
  'name',
  'building',
  'block',
  'subdistrict',
  'district',
  'landmark',
  'direction',
]

/** @see RFC 9555 §2.6.1, RFC 9554 §2.1 */
export const address: Convert = (line, draft) => {
  const parts = splitValue(line.value, ';').map((part) => splitValue(part, ',').map(unescapeText))
  const has = (...places: number[]) => places.some((at) => parts[at]?.some((value) => value !== ''))
  // What the later components say in detail is told in the earlier ones for programs that know no others.
  const told = new Set([...(has(7, 8, 9) ? [1] : []), ...(has(10, 11) ? [2] : [])])
  const components = parts.flatMap((values, at): Json[] =>
    told.has(at)
      ? []
      : values.flatMap((value): Json[] =>
          value === '' ? [] : [{ kind: addressKinds[at] ?? 'name', value }],
        ),
  )
  const [full] = parameterValues(line, 'LABEL')
  const [country] = parameterValues(line, 'CC')
  const [zone] = parameterValues(line, 'TZ')
  const [position] = parameterValues(line, 'GEO')
  addEntry(
    draft,
    'addresses',
    line,
    {
      ...(components.length > 0 && { components }),
      ...(full !== undefined && { full: full.replace(/\\n/gi, '\n') }),
      ...(country !== undefined && { countryCode: country }),
      ...(zone !== undefined && { timeZone: zone }),
      ...(position !== undefined && { coordinates: position }),
      ...phonetics(line),
    },
    { parameters: ['LABEL', 'CC', 'TZ', 'GEO', 'PHONETIC', 'SCRIPT'], contexts: ['billing', 'delivery'] },
  )
  return true
}

/** @see RFC 9555 §2.10.5 */
export const organization: Convert = (line, draft) => {
  const [name = '', ...units] = splitValue(line.value, ';').map(unescapeText)
  const [sortAs, ...unitSorts] = parameterValues(line, 'SORT-AS').join(',').split(',')
  const named = units.flatMap((unit, at): Json[] => {
    const sort = unitSorts[at]
    return unit === '' ? [] : [{ name: unit, ...(sort ? { sortAs: sort } : {}) }]
  })
  addEntry(
    draft,
    'organizations',
    line,
    {
      ...(name !== '' && { name }),
      ...(named.length > 0 && { units: named }),
      ...(sortAs ? { sortAs } : {}),
    },
    { parameters: ['SORT-AS'] },
    organizationKey(line),
  )
  return true
}

/** A title of a group with an organization is held there. @see RFC 9555 §2.10.7, §2.10.6 */
export function title(kind: 'title' | 'role'): Convert {
  return (line, draft) => {
    const organizationId = organizationOf(line, draft)
    const name = unescapeText(line.value)
    addEntry(draft, 'titles', line, { kind, name, ...(organizationId !== undefined && { organizationId }) })
    return true
  }
}

function organizationOf(line: CardLine, draft: Draft): string | undefined {
  const key = organizationKey(line)
  return key === undefined ? undefined : draft.known.get(key)?.id
}

function organizationKey({ group }: CardLine): string | undefined {
  return group === undefined ? undefined : `organization ${group.toLowerCase()}`
}

/** @see RFC 9555 §2.10.4 */
export const related: Convert = (line, draft) => {
  const isText = wordsOf(line, 'VALUE').includes('text')
  const key = isText ? unescapeText(line.value) : unescapeUri(line.value)
  const all = mapOf(draft, 'relatedTo')
  const known = ((all[key] as Properties | undefined)?.relation ?? emptyObject()) as Properties
  for (const type of wordsOf(line, 'TYPE')) known[type] = true
  all[key] = { relation: known }
  return true
}

function phonetics(line: CardLine): Properties {
  const [system] = parameterValues(line, 'PHONETIC')
  const [script] = parameterValues(line, 'SCRIPT')
  return {
    ...(system !== undefined && { phoneticSystem: system }),
    ...(script !== undefined && { phoneticScript: script }),
  }
}

function nameSorting(line: CardLine): Properties {
  const words = parameterValues(line, 'SORT-AS').join(',').split(',')
  const pairs = words.flatMap((word, at): [string, string][] => {
    const kind = nameKinds[at]
    return word === '' || kind === undefined ? [] : [[kind, word]]
  })
  return pairs.length === 0 ? {} : { sortAs: Object.fromEntries(pairs) }
}

/** An empty FN, which 4.0 must have, says nothing. */
function isEmptyWithNothing(line: CardLine): boolean {
  return line.value === ''
}
