import { localeOf } from '../../i18n/locale.ts'
import { datesOf } from '../../ui/dates.ts'
import type { Details, Entry, ListName } from './merged.ts'

export type CardDate = Details['dates'][number]['value']
export type Address = Details['addresses'][number]['value']

/** A date by locale, with as many of its parts as are known. */
export function dateText(date: CardDate, language: string): string {
  return date.text === '' ? datesOf(localeOf(language)).partial(date) : date.text
}

/** Whole years from a date until a day; null where its year is not known. */
export function ageOn({ year, month, day }: CardDate, today: Date): number | null {
  if (year === null) return null
  const isBefore =
    month !== null &&
    (today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < (day ?? 1)))
  return today.getFullYear() - year - Number(isBefore)
}

/** Countries that write the region and then the postal code behind the town; in Britain each has a line. */
const regionBehind = new Set(['US', 'CA', 'AU', 'IN', 'BR', 'MX'])
const eachItsLine = new Set(['GB', 'IE', 'GG', 'JE', 'IM'])

/** The lines of an address, in the order of its country. @see UPU S42 */
export function addressLines(address: Address, language: string): string[] {
  const { postOfficeBox, extended, street, locality, region, postalCode, country } = address
  const code = address.countryCode.toUpperCase() || codeOfCountry(country, language)
  const town = (): string[] => {
    if (eachItsLine.has(code)) return [locality, region, postalCode]
    if (regionBehind.has(code)) return [joined([locality, joined([region, postalCode], ' ')], ', ')]
    return [joined([postalCode, locality], ' '), region]
  }
  return [...street.split('\n'), extended, postOfficeBox, ...town(), country || nameOfCountry(code, language)]
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** A few that are written with a word rather than with a code. */
const spoken: Readonly<Record<string, string>> = { usa: 'US', uk: 'GB', england: 'GB', scotland: 'GB' }

function codeOfCountry(country: string, language: string): string {
  const folded = country.trim().toLowerCase()
  if (folded === '') return ''
  if (spoken[folded]) return spoken[folded]
  for (const code of [...regionBehind, ...eachItsLine])
    for (const tongue of [language, 'en'])
      if (nameOfCountry(code, tongue).toLowerCase() === folded) return code
  return ''
}

function nameOfCountry(code: string, language: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return ''
  return new Intl.DisplayNames(language, { type: 'region', fallback: 'none' }).of(code) ?? ''
}

function joined(parts: readonly string[], by: string): string {
  return parts.filter((part) => part !== '').join(by)
}

/** A value as people read it, in one line or several. */
export function textOf(entry: Entry, language: string): string {
  const { value } = entry
  if (typeof value === 'string') {
    return entry.list === 'languages' ? tongueText(value, language) : value
  }
  if ('street' in value) return addressLines(value, language).join('\n')
  if ('month' in value) return dateText(value, language)
  if ('units' in value) return [value.name, ...value.units].filter((part) => part !== '').join(' · ')
  if ('user' in value) return joined([value.service, value.user || value.uri], ' · ')
  if ('address' in value) return joined([value.service, value.address], ' · ')
  return value.name || value.uri
}

function tongueText(tag: string, language: string): string {
  try {
    return new Intl.DisplayNames(language, { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}

const schemes: Partial<Record<ListName, string>> = { phones: 'tel:', mails: 'mailto:' }

/** Where a value leads; undefined where it leads nowhere, or nowhere that is safe. */
export function linkOf({ list, value }: Entry): string | undefined {
  if (typeof value === 'string') {
    if (list === 'phones') return `tel:${value.replace(/^tel:/i, '').replace(/[^\d+*#,;]/g, '')}`
    if (schemes[list]) return `${schemes[list]}${encodeURIComponent(value).replace(/%40/g, '@')}`
    return list === 'urls'
      ? safeUrl(/^[a-z][a-z\d+.-]*:/i.test(value) ? value : `https://${value}`)
      : undefined
  }
  return 'user' in value ? safeUrl(value.uri) : undefined
}

function safeUrl(text: string): string | undefined {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined
}
