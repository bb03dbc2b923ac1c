import type { Parameter } from './content-lines.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** A property of jCard and jCal: name, parameters, type of the value, values. @see RFC 7095 §3.3, RFC 7265 §3.4 */
export type JsonProperty = readonly [
  name: string,
  parameters: JsonParameters,
  type: string,
  ...values: Json[],
]

export type JsonParameters = Readonly<Record<string, string | readonly string[]>>

/**
 * Parameters by their names in lower case, without VALUE, which has a place of its own; the group is one of them.
 * @see RFC 7095 §3.4, §3.4.1, RFC 7265 §3.5
 */
export function jsonParameters(parameters: readonly Parameter[], group?: string): JsonParameters {
  const all = new Map<string, string[]>()
  for (const { name, values } of parameters) {
    const key = name.toLowerCase()
    if (key !== 'value') all.set(key, [...(all.get(key) ?? []), ...values])
  }
  if (group !== undefined) all.set('group', [group])
  return Object.fromEntries(
    [...all].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}

/**
 * A date, a time or both with the hyphens and colons that JSON forms have; parts that are missing stay missing.
 * @see RFC 7095 §3.5.3–3.5.6, RFC 7265 §3.6.4–3.6.6
 */
export function extendedDateTime(value: string): string {
  const at = value.search(/T/i)
  if (at === -1) return extendedDate(value)
  return `${extendedDate(value.slice(0, at))}T${extendedTime(value.slice(at + 1))}`
}

/** `-0500` as `-05:00`. @see RFC 7095 §3.5.7, RFC 7265 §3.6.8 */
export function extendedOffset(value: string): string {
  return value.replace(
    /^([+-]?\d\d):?(\d\d)(?::?(\d\d))?$/,
    (_, hour: string, minute: string, second?: string) =>
      second === undefined ? `${hour}:${minute}` : `${hour}:${minute}:${second}`,
  )
}

function extendedDate(value: string): string {
  return value.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3').replace(/^--(\d\d)(\d\d)$/, '--$1-$2')
}

/** Of hours, minutes and seconds any may be left out. */
export function extendedTime(value: string): string {
  const [, clock = value, zone = ''] = /^([-\d:]*?\d+)(Z|[+-]\d\d(?::?\d\d)?)?$/i.exec(value) ?? []
  const plain = clock.replaceAll(':', '')
  const parted = plain.replace(
    /^(-?)(\d\d)(\d\d)(\d\d)?$/,
    (_, missing: string, one: string, two: string, three = '') =>
      three === '' ? `${missing}${one}:${two}` : `${missing}${one}:${two}:${three}`,
  )
  return parted + extendedOffset(zone)
}

/** A number where it is written as one, else the text. */
export function numberOrText(value: string): Json {
  return /^\s*[-+]?\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value
}
