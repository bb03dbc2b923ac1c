import { escapeTextValue } from '../text/content-lines.ts'
import {
  addText,
  addUnknown,
  type CardDraft,
  type DraftLine,
  newDraft,
  structured,
} from '../vcard/edit/draft.ts'
import { isNoDate, readTableDate, writeTableDate } from './dates.ts'
import { unguarded } from './formulas.ts'
import { readLabel } from './labels.ts'
import type { Mapping } from './mapping.ts'
import type { Target, TargetProperty } from './target.ts'

/** A row as a card, and what says who it is. */
export interface RowCard {
  readonly draft: CardDraft
  /** A UID that the table has; empty where it has none. */
  readonly uid: string
  /** What the table itself numbers its rows by. */
  readonly id: string
}

/** The columns that belong together. */
interface Group {
  readonly property: TargetProperty
  readonly types: readonly string[]
  readonly parts: Map<string, string>
}

/**
 * A row of a table as a card. Cells of columns that nothing stands for are kept as X-IMPORTED with the column's name.
 * @param fields  the cells, in the order of the columns
 */
export function cardOfRow(fields: readonly string[], mapping: Mapping): RowCard {
  const draft = newDraft()
  const groups = new Map<string, Group>()
  fields.forEach((cell, at) => {
    const text = unguarded(cell.trim())
    const column = mapping.columns[at]
    if (text === '' || column?.isLeftOut) return
    const target = column?.target
    if (target && put(groups, target, text)) return
    addUnknown(draft, column?.header ?? `Column ${at + 1}`, text)
  })
  const isDayFirst = mapping.language !== 'english'
  for (const group of groups.values()) writers[group.property](draft, group, isDayFirst)
  return { draft, uid: textOf(groups, 'UID'), id: textOf(groups, 'ID') }
}

/** @returns false when another column said something else already */
function put(groups: Map<string, Group>, { property, component, types, number }: Target, text: string) {
  const key = `${property};${types.join(',')}#${number}`
  const group = groups.get(key) ?? { property, types, parts: new Map<string, string>() }
  const before = group.parts.get(component)
  if (before !== undefined) return before === text
  group.parts.set(component, text)
  groups.set(key, group)
  return true
}

function textOf(groups: ReadonlyMap<string, Group>, property: 'UID' | 'ID'): string {
  return groups.get(`${property};#1`)?.parts.get('value') ?? ''
}

type Write = (draft: CardDraft, group: Group, isDayFirst: boolean) => void

const wholeOf = ({ parts }: Group): string => parts.get('value') ?? ''

const labelled =
  (name: 'EMAIL' | 'TEL' | 'URL'): Write =>
  (draft, { types, parts }) => {
    const label = parts.get('label') ?? ''
    for (const one of several(parts.get('value') ?? '')) addLabelled(draft, name, { types, label }, one)
  }

const text =
  (name: string, separator: string): Write =>
  (draft, group) =>
    addText(draft, { name }, several(wholeOf(group)).join(separator))

const nothing: Write = () => {}

/** How what belongs together is written into a card. */
const writers: Readonly<Record<TargetProperty, Write>> = {
  N: ({ name }, { parts }) => {
    name.family = parts.get('family') ?? ''
    name.given = parts.get('given') ?? ''
    name.additional = parts.get('additional') ?? ''
    name.prefix = parts.get('prefix') ?? ''
    name.suffix = parts.get('suffix') ?? ''
  },
  FN: (draft, group) => {
    draft.fn = wholeOf(group)
  },
  PHONETIC: (draft, { parts }) => {
    addText(draft, { name: 'X-PHONETIC-FIRST-NAME' }, parts.get('given') ?? '')
    addText(draft, { name: 'X-PHONETIC-MIDDLE-NAME' }, parts.get('additional') ?? '')
    addText(draft, { name: 'X-PHONETIC-LAST-NAME' }, parts.get('family') ?? '')
  },
  ORG: (draft, { parts }) => {
    const value = organization(parts.get('name') ?? '', parts.get('unit') ?? '')
    draft.lines.push({ name: 'ORG', value })
  },
  EMAIL: labelled('EMAIL'),
  TEL: labelled('TEL'),
  URL: labelled('URL'),
  ADR: (draft, { types, parts }) => addAddress(draft, types, (name) => parts.get(name) ?? ''),
  IMPP: (draft, group) => {
    const services = group.parts.get('service') ?? group.parts.get('label') ?? ''
    addMessengers(draft, several(services), several(wholeOf(group)))
  },
  BDAY: (draft, { parts }, isDayFirst) => addBirthday(draft, (name) => parts.get(name) ?? '', isDayFirst),
  ANNIVERSARY: (draft, group, isDayFirst) =>
    addDate(draft, { name: 'X-ANNIVERSARY' }, wholeOf(group), isDayFirst),
  DATE: (draft, group, isDayFirst) => {
    const label = appleLabel(group.parts.get('label') ?? 'Other')
    addDate(draft, { name: 'X-ABDATE', label }, wholeOf(group), isDayFirst)
  },
  RELATED: (draft, group) =>
    addRelated(draft, group.types[0] ?? group.parts.get('label') ?? '', wholeOf(group)),
  CUSTOM: (draft, group) => {
    for (const one of several(wholeOf(group))) addUnknown(draft, group.parts.get('label') ?? 'Custom', one)
  },
  CATEGORIES: (draft, group) => addCategories(draft, wholeOf(group)),
  GENDER: (draft, group) => addGender(draft, wholeOf(group)),
  NICKNAME: text('NICKNAME', ', '),
  TITLE: text('TITLE', ', '),
  ROLE: text('ROLE', ', '),
  NOTE: text('NOTE', '\n'),
  UID: nothing,
  ID: nothing,
}

function trimmed(texts: readonly string[]): string[] {
  return texts.map((text) => text.trim())
}

/** Google puts several values into one cell. */
function several(value: string): string[] {
  return trimmed(value.split(':::')).filter((one) => one !== '')
}

function organization(name: string, unit: string): string {
  return unit === '' ? structured([name]) : structured([name, unit])
}

/** Types that no version of vCard knows say in words what they are. */
const spoken: Readonly<Record<string, string>> = {
  'X-ASSISTANT': 'Assistant',
  'X-CALLBACK': 'Callback',
  'X-RADIO': 'Radio',
  'X-TTY': 'TTY',
  'X-TELEX': 'Telex',
  'X-LINKEDIN': 'LinkedIn',
}

function addLabelled(
  draft: CardDraft,
  name: 'EMAIL' | 'TEL' | 'URL',
  given: { readonly types: readonly string[]; readonly label: string },
  value: string,
): void {
  const read = readLabel(given.label)
  const own = given.types.filter((type) => type !== 'OTHER' && spoken[type] === undefined)
  const label = given.types.map((type) => spoken[type]).find((word) => word !== undefined) ?? read.label
  const usual = name === 'EMAIL' ? ['INTERNET'] : []
  const types = [...new Set([...usual, ...own, ...read.types])]
  if (name === 'URL') {
    const clean = value.trim().replace(/\s+/g, '%20')
    draft.lines.push({ name, types, value: clean, label })
  } else addText(draft, { name, types, label }, value)
}

function addAddress(draft: CardDraft, types: readonly string[], part: (name: string) => string): void {
  const { types: read, label } = readLabel(part('label'))
  const all = [...new Set([...types.filter((type) => type !== 'OTHER'), ...read])]
  const street = [part('street'), part('street2'), part('street3')].filter(Boolean).join('\n')
  const parts = [
    part('pobox'),
    part('extended'),
    street,
    part('city'),
    part('region'),
    part('code'),
    part('country'),
  ]
  const isParted = parts.some((text) => text !== '')
  if (!isParted) parts[2] = part('formatted')
  if (parts.every((text) => text === '')) return
  draft.lines.push({ name: 'ADR', types: all, value: structured(parts), label })
}

const schemes: Readonly<Record<string, string>> = {
  skype: 'skype',
  aim: 'aim',
  icq: 'icq',
  msn: 'msnim',
  yahoo: 'ymsgr',
  jabber: 'xmpp',
  xmpp: 'xmpp',
  'google talk': 'xmpp',
}

/** Several in one cell have their services in another, in the same order. */
function addMessengers(draft: CardDraft, services: readonly string[], values: readonly string[]): void {
  for (const [at, value] of values.entries()) {
    addMessenger(draft, services[at] ?? (values.length > 1 ? '' : (services[0] ?? '')), value)
  }
}

function addMessenger(draft: CardDraft, service: string, value: string): void {
  const scheme = schemes[service.trim().toLowerCase()] ?? 'x-apple'
  const uri = /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `${scheme}:${encodeURI(value.trim())}`
  const parameters = service === '' ? [] : [{ name: 'X-SERVICE-TYPE', values: [service.trim()] }]
  draft.lines.push({ name: 'IMPP', parameters, value: uri })
}

function addBirthday(draft: CardDraft, part: (name: string) => string, isDayFirst: boolean): void {
  const whole = part('value')
  if (whole !== '') {
    addDate(draft, { name: 'BDAY' }, whole, isDayFirst)
    return
  }
  const [month, day] = [Number(part('month')), Number(part('day'))]
  const text = `${part('year')}-${part('month')}-${part('day')}`
  if (month >= 1 && month <= 12 && day >= 1 && day <= 31) {
    const rest = `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    addDate(
      draft,
      { name: 'BDAY' },
      /^\d{4}$/.test(part('year')) ? `${part('year')}-${rest}` : `--${rest}`,
      false,
    )
  } else addUnknown(draft, 'BDAY', text)
}

/** A date that cannot be read is kept as it is, and said. */
function addDate(draft: CardDraft, line: Omit<DraftLine, 'value'>, text: string, isDayFirst: boolean): void {
  if (isNoDate(text)) return
  const date = readTableDate(text, isDayFirst)
  if (date === undefined) {
    draft.notes.push(`The date "${text.slice(0, 40)}" could not be read.`)
    addUnknown(draft, line.label ?? line.name, text)
    return
  }
  const { value, isYearless } = writeTableDate(date)
  const parameters = isYearless ? [{ name: 'X-APPLE-OMIT-YEAR', values: ['1604'] }] : []
  draft.lines.push({ ...line, parameters, value })
}

/** As Apple writes what everybody has a word for; else in the user's words. */
export function appleLabel(label: string): string {
  const word = label.trim().toLowerCase()
  const known = [
    'anniversary',
    'spouse',
    'child',
    'manager',
    'assistant',
    'partner',
    'mother',
    'father',
    'parent',
  ]
  const more = ['brother', 'sister', 'friend', 'other']
  if (![...known, ...more].includes(word)) return label.trim()
  return `_$!<${word.charAt(0).toUpperCase()}${word.slice(1)}>!$_`
}

function addRelated(draft: CardDraft, kind: string, value: string): void {
  const names = kind === 'CHILD' ? trimmed(value.split(/[;,]/)) : several(value)
  const label = kind === 'X-REFERRED-BY' ? 'Referred by' : appleLabel(kind || 'Other')
  for (const name of names) addText(draft, { name: 'X-ABRELATEDNAMES', label }, name)
}

/** Google's own groups are no labels of the user's. */
function addCategories(draft: CardDraft, value: string): void {
  const separator = value.includes(':::') ? ':::' : /[;,]/
  const names = value
    .split(separator)
    .map((name) => name.trim().replace(/^\*\s*/, ''))
    .filter((name) => name !== '' && !/^(?:myContacts|My Contacts|Other Contacts)$/.test(name))
  if (names.length > 0)
    draft.lines.push({ name: 'CATEGORIES', value: [...new Set(names)].map(escapeTextValue).join(',') })
}

function addGender(draft: CardDraft, value: string): void {
  const word = value.trim().toLowerCase()
  if (/^(?:unspecified|keine angabe|nicht angegeben|non spécifié|0|-)$/.test(word)) return
  const isFemale =
    /^(?:f|w|female|woman|weiblich|féminin|femme|femenino|mujer|femmina|vrouw|ж|женский)$/.test(word)
  const isMale = /^(?:m|male|man|männlich|masculin|homme|masculino|hombre|maschio|м|мужской)$/.test(word)
  addText(draft, { name: 'X-GENDER' }, isFemale ? 'Female' : isMale ? 'Male' : value)
}
