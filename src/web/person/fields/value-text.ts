import type { TFunction } from 'i18next'
import { localeOf } from '../../i18n/locale.ts'
import { datesOf } from '../../ui/dates.ts'
import { addressLines } from '../card/format.ts'
import type { Field } from './fields.ts'

/** One of the answers of a choice. */
export type Answer = NonNullable<Field['options']['choices']>[number]

/** The answers that were given, of a choice or of several; what is no answer by now keeps its key. */
export function answersOf({ options: { choices = [] } }: Field, value: unknown): Answer[] {
  const given = Array.isArray(value) ? value : [value]
  return given.map(
    (key) =>
      choices.find((choice) => choice.key === key) ?? {
        key: String(key),
        label: String(key),
        isRetired: false,
      },
  )
}

/** The words that a value needs beside its own. */
export type Words = TFunction<'person'>

/** A value as people read it, by locale. */
export function valueText(field: Field, value: unknown, t: Words, language: string): string {
  const locale = localeOf(language)
  switch (field.type) {
    case 'number':
      return numberText(String(value), { ...digitsOf(field) }, locale)
    case 'money':
      return moneyText(field, value, locale)
    case 'date':
      return datesOf(locale).partial(datePartsOf(String(value)))
    case 'choice':
    case 'multi-choice':
      return answersOf(field, value)
        .map(({ label }) => label)
        .join(', ')
    case 'yes-no':
      return t(value === true ? 'custom.yes' : 'custom.no')
    case 'address':
      return addressLines({ ...noAddress, ...recordOf(value) }, language).join('\n')
    case 'person':
    case 'file':
      return String(recordOf(value).name ?? '')
    default:
      return String(value)
  }
}

/** Where a value leads; undefined where it leads nowhere. */
export function valueLink({ type }: Field, value: unknown): string | undefined {
  switch (type) {
    case 'link':
      return /^https?:\/\//i.test(String(value)) ? String(value) : undefined
    case 'phone':
      return `tel:${String(value).replace(/[^\d+*#,;]/g, '')}`
    case 'mail':
      return `mailto:${encodeURIComponent(String(value)).replace(/%40/g, '@')}`
    case 'file':
      return `/api/files/${String(recordOf(value).id)}/content`
    default:
      return undefined
  }
}

const noAddress = {
  ...{ postOfficeBox: '', extended: '', street: '', locality: '' },
  ...{ region: '', postalCode: '', country: '', countryCode: '' },
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

export interface DateValue {
  readonly year: number | null
  readonly month: number | null
  readonly day: number | null
}

/** Of `2026-12-31`, or `--12-31` without its year. */
export function datePartsOf(value: string): DateValue {
  const [, year = '', month, day] = /^(\d{4}|-)-(\d\d)-(\d\d)$/.exec(value) ?? []
  const number = (text: string | undefined): number | null => (text ? Number(text) : null)
  return { year: year === '-' ? null : number(year), month: number(month), day: number(day) }
}

function digitsOf({ options: { decimals } }: Field): Intl.NumberFormatOptions {
  return decimals === undefined
    ? { maximumFractionDigits: 3 }
    : { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
}

function moneyText(field: Field, value: unknown, locale: string): string {
  const { amount, currency } = recordOf(value)
  const { decimals } = field.options
  const digits = decimals === undefined ? {} : digitsOf(field)
  return numberText(
    String(amount),
    { style: 'currency', currency: String(currency), ...digits },
    locale,
    `${String(amount)} ${String(currency)}`,
  )
}

/** @param otherwise  where it is no number, or no currency that is known */
function numberText(
  text: string,
  options: Intl.NumberFormatOptions,
  locale: string,
  otherwise = text,
): string {
  try {
    return new Intl.NumberFormat(locale, options).format(Number(text))
  } catch {
    return otherwise
  }
}
