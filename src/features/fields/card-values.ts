import type { Address, CardDate, CardDetails } from '../../../protocol/vcard/edit/details.ts'
import { findLabelled, type LabelledList, setLabelled } from '../../../protocol/vcard/edit/labelled.ts'
import type { Field } from './field.ts'
import { isRecord } from './values.ts'

/** A field whose values stand on cards, under its label. */
export type CardField = Field & { readonly list: LabelledList }

export function isOnCard(field: Field): field is CardField {
  return field.list !== undefined
}

/** What a card says of a field, in the form of its type; undefined where it says nothing. */
export function valueOnCard(field: CardField, details: CardDetails): unknown {
  for (const label of field.labels) {
    const found = shownOnCard(field.list, label, details)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Sets a field on a card, under the label by which it stands there already, or else under its present one; null takes it
 * away.
 * @param now  as with `setLabelled`
 */
export function setOnCard(
  field: CardField,
  details: CardDetails,
  text: string,
  value: unknown,
  now: number,
): string {
  const { list, labels } = field
  const known = labels.filter((label) => shownOnCard(list, label, details) !== undefined)
  const setting = { list, details, now }
  if (value === null) return known.reduce((done, label) => setValue(done, label, null, setting), text)
  return setValue(text, known[0] ?? labels[0], value, setting)
}

function shownOnCard(list: LabelledList, label: string, details: CardDetails): unknown {
  switch (list) {
    case 'dates': {
      const date = findLabelled(details, list, label)?.value
      return date && writtenDate(date)
    }
    case 'addresses': {
      const address = findLabelled(details, list, label)?.value
      return address && shownAddress(address)
    }
    case 'related': {
      const related = findLabelled(details, list, label)?.value
      return related && { name: related.name || related.uri }
    }
    default:
      return findLabelled(details, list, label)?.value
  }
}

interface Setting {
  readonly list: LabelledList
  readonly details: CardDetails
  readonly now: number
}

function setValue(text: string, label: string, value: unknown, { list, details, now }: Setting): string {
  if (value === null) return setLabelled(text, [list, label], null, now)
  switch (list) {
    case 'dates':
      return setLabelled(text, [list, label], readDate(String(value)), now)
    case 'addresses': {
      const known = findLabelled(details, list, label)?.value
      return setLabelled(text, [list, label], readAddress(value, known), now)
    }
    case 'related': {
      const name = isRecord(value) ? String(value.name ?? '') : ''
      return setLabelled(text, [list, label], { name, uri: '' }, now)
    }
    default:
      return setLabelled(text, [list, label], String(value), now)
  }
}

/** A whole day, with its year or without; what is less is no value of a field. */
function writtenDate({ year, month, day }: CardDate): string | undefined {
  if (month === null || day === null) return undefined
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${year === null ? '-' : String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}

function readDate(value: string): CardDate {
  const [year = '', month = '', day = ''] = value.startsWith('-')
    ? ['', ...value.slice(2).split('-')]
    : value.split('-')
  return {
    year: year === '' ? null : Number(year),
    month: Number(month),
    day: Number(day),
    time: '',
    text: '',
  }
}

function shownAddress({ street, extended, locality, region, postalCode, country }: Address) {
  return { street, extended, locality, region, postalCode, country }
}

/** @param known  the address there is: what is not given of it stays */
function readAddress(value: unknown, known: Address | undefined): Address {
  const given = isRecord(value) ? value : {}
  const part = (name: string): string => String(given[name] ?? '')
  const country = part('country')
  return {
    postOfficeBox: known?.postOfficeBox ?? '',
    extended: part('extended'),
    street: part('street'),
    locality: part('locality'),
    region: part('region'),
    postalCode: part('postalCode'),
    country,
    countryCode: known?.country === country ? known.countryCode : '',
  }
}
