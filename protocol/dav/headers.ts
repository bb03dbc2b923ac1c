import { HrefError, readHref } from './href.ts'
import { refuseStatus } from './preconditions.ts'

/** A request header as Node gives it. */
export type Header = string | undefined

export type Depth = 0 | 1 | 'infinity'

/**
 * @returns undefined without the header: each method has its own default
 * @throws refuseStatus(400)
 * @see RFC 4918 §10.2
 */
export function readDepth(header: Header): Depth | undefined {
  switch (header?.trim().toLowerCase()) {
    case undefined:
      return undefined
    case '0':
      return 0
    case '1':
      return 1
    case 'infinity':
      return 'infinity'
    default:
      throw refuseStatus(400, 'Depth must be 0, 1 or infinity.')
  }
}

/**
 * The segments of the resource a COPY or MOVE goes to; the host is not looked at (MIN-38).
 * @throws refuseStatus(400)
 * @see RFC 4918 §10.3
 */
export function readDestination(header: Header): string[] {
  if (header === undefined || header.trim() === '') throw refuseStatus(400, 'The Destination is missing.')
  try {
    return readHref(header)
  } catch (error) {
    if (error instanceof HrefError)
      throw refuseStatus(400, `The Destination cannot be read: ${error.message}`)
    throw error
  }
}

/** @throws refuseStatus(400) @see RFC 4918 §10.6 */
export function readOverwrite(header: Header): boolean {
  const value = header?.trim().toUpperCase() ?? 'T'
  if (value !== 'T' && value !== 'F') throw refuseStatus(400, 'Overwrite must be T or F.')
  return value === 'T'
}

export interface Preferences {
  /** Leave out what is not needed: propstats of failed properties, the body of a PROPPATCH (IOS-17). */
  readonly minimal: boolean
  /** Answer a write with the resource's new body. */
  readonly representation: boolean
  /** Leave the resource itself out of a listing of Depth 1. */
  readonly depthNoroot: boolean
}

/**
 * Reads Prefer, its older spelling `return-minimal`, and Brief. Unknown preferences are passed over; of two `return`s the first counts.
 * @see RFC 7240 §2, §4.2; RFC 8144 §2–3
 */
export function readPrefer(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Preferences {
  if (headers.prefer === undefined && headers.brief === undefined) return noPreferences
  let answer: 'minimal' | 'representation' | undefined
  let depthNoroot = false
  for (const [preference] of joined(headers.prefer).matchAll(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g)) {
    const word = preference.split(';', 1).join('').replace(/[\s"]/g, '').toLowerCase()
    if (word === 'return=minimal' || word === 'return-minimal') answer ??= 'minimal'
    else if (word === 'return=representation' || word === 'return-representation') answer ??= 'representation'
    else if (word === 'depth-noroot') depthNoroot = true
  }
  if (joined(headers.brief).trim().toLowerCase() === 't') answer ??= 'minimal'
  return { minimal: answer === 'minimal', representation: answer === 'representation', depthNoroot }
}

const noPreferences: Preferences = { minimal: false, representation: false, depthNoroot: false }

export interface MediaType {
  /** In lower case, without parameters. */
  readonly type: string
  /** By their names in lower case; of two of one name the first. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Never throws; undefined without a type that can be read. @see RFC 9110 §8.3.1 */
export function readMediaType(text: Header): MediaType | undefined {
  const [, type] = /^\s*([^\s;,]+\/[^\s;,]+)/.exec(text ?? '') ?? []
  if (text === undefined || type === undefined) return undefined
  const parameters = new Map<string, string>()
  for (const [, name = '', quoted, token] of text.matchAll(/;\s*([^\s;="]+)=(?:"([^"]*)"|([^\s;"]*))/g)) {
    const key = name.toLowerCase()
    if (!parameters.has(key)) parameters.set(key, quoted ?? token ?? '')
  }
  return { type: type.toLowerCase(), parameters }
}

export interface ContentType {
  /** In lower case, without parameters. */
  readonly type: string
  /** In lower case. */
  readonly charset: string | undefined
  readonly version: string | undefined
}

/** Never throws; undefined without a type that can be read. @see RFC 9110 §8.3 */
export function readContentType(header: Header): ContentType | undefined {
  const read = readMediaType(header)
  if (!read) return undefined
  const { type, parameters } = read
  return { type, charset: parameters.get('charset')?.toLowerCase(), version: parameters.get('version') }
}

function joined(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : (header ?? []).join(',')
}
