import type { TextMatch } from '../text/collation.ts'
import { type ClarkName, cs, dav } from './names.ts'
import { refuseStatus } from './preconditions.ts'
import { type PropertyRequest, readPropertyRequest } from './propfind.ts'
import { child, children, elements, textOf, type XmlElement } from './xml-read.ts'

/** A property of an expand-property report, with those that are asked of whatever its hrefs name. */
export interface ExpandedProperty {
  readonly name: ClarkName
  readonly inner: readonly ExpandedProperty[]
}

/** @throws refuseStatus(400) for a name that no element can have @see RFC 3253 §3.8 */
export function readExpandProperty(root: XmlElement): ExpandedProperty[] {
  return children(root, dav('property')).map((property) => {
    const name = property.attributes.get('name')
    if (!name || !/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name)) {
      throw refuseStatus(400, 'A DAV:property needs the name of an element.')
    }
    const namespace = property.attributes.get('namespace') ?? 'DAV:'
    return { name: namespace === '' ? name : `{${namespace}}${name}`, inner: readExpandProperty(property) }
  })
}

/** The properties of expand-property as PROPFIND asks for them, each once. */
export function asRequest(properties: readonly ExpandedProperty[]): PropertyRequest {
  const names = new Set(properties.map(({ name }) => name))
  return {
    kind: 'prop',
    elements: [...names].map((name) => ({ name, attributes: new Map(), children: [], lang: undefined })),
  }
}

/** Kinds of calendar users. @see RFC 5545 §3.2.3 */
export type UserType = 'INDIVIDUAL' | 'GROUP' | 'ROOM' | 'RESOURCE'

/** Principals one of whose properties matches. */
export interface PropertySearch {
  /** Any of these. */
  readonly names: readonly ClarkName[]
  readonly match: TextMatch
}

export interface PrincipalPropertySearch {
  readonly searches: readonly PropertySearch[]
  /** Whether one that holds is enough. */
  readonly test: 'anyof' | 'allof'
  readonly type: UserType | undefined
  /** Wherever it is asked, the principals of DAV:principal-collection-set are meant. */
  readonly isOfCollections: boolean
  readonly limit: number | undefined
  readonly request: PropertyRequest
}

/**
 * With CalendarServer's extensions: `test` and `type` on the report, `match-type` on DAV:match, and a limit.
 * @throws refuseStatus(400) for values of these that are none, or when nothing is searched for
 * @see RFC 3744 §9.4
 */
export function readPrincipalPropertySearch(root: XmlElement): PrincipalPropertySearch {
  const searches = children(root, dav('property-search')).map(readSearch)
  if (searches.length === 0) throw refuseStatus(400, 'Nothing is searched for.')
  return {
    searches,
    test: oneOf(root, 'test', ['allof', 'anyof'], 'allof'),
    type: root.attributes.has('type') ? oneOf(root, 'type', userTypes, 'INDIVIDUAL') : undefined,
    isOfCollections: child(root, dav('apply-to-principal-collection-set')) !== undefined,
    limit: readLimit(root),
    request: readPropertyRequest(root) ?? nothing,
  }
}

export type SearchContext = 'attendee' | 'location' | 'resource' | 'user' | 'group'

export interface PrincipalSearch {
  /** Each has to be found in a principal. */
  readonly tokens: readonly string[]
  readonly context: SearchContext | undefined
  readonly limit: number | undefined
  readonly request: PropertyRequest
}

/** @throws refuseStatus(400) without a token, or for another context @see CalendarServer's principal search */
export function readPrincipalSearch(root: XmlElement): PrincipalSearch {
  const tokens = children(root, cs('search-token')).map((token) => textOf(token).trim())
  if (!tokens.some((token) => token !== '')) throw refuseStatus(400, 'Nothing is searched for.')
  return {
    tokens: tokens.filter((token) => token !== ''),
    context: root.attributes.has('context') ? oneOf(root, 'context', contexts, 'attendee') : undefined,
    limit: readLimit(root),
    request: readPropertyRequest(root) ?? nothing,
  }
}

export interface PrincipalMatch {
  /** The property that has to name the caller; undefined where the resource itself has to be he. */
  readonly property: ClarkName | undefined
  readonly request: PropertyRequest
}

/** @throws refuseStatus(400) unless it asks for either @see RFC 3744 §9.3 */
export function readPrincipalMatch(root: XmlElement): PrincipalMatch {
  const named = child(root, dav('principal-property'))
  const isSelf = child(root, dav('self')) !== undefined
  const [property] = named ? elements(named) : []
  if (isSelf === (property !== undefined))
    throw refuseStatus(400, 'Ask for DAV:self, or for a DAV:principal-property.')
  return { property: property?.name, request: readPropertyRequest(root) ?? nothing }
}

/** @throws refuseStatus(400) unless it has one DAV:prop @see RFC 3744 §9.2 */
export function readAclPrincipalPropSet(root: XmlElement): PropertyRequest {
  const request = readPropertyRequest(root)
  if (request?.kind === 'prop') return request
  throw refuseStatus(400, 'The report names its properties in one DAV:prop.')
}

const nothing: PropertyRequest = { kind: 'prop', elements: [] }
const userTypes: readonly UserType[] = ['INDIVIDUAL', 'GROUP', 'ROOM', 'RESOURCE']
const contexts: readonly SearchContext[] = ['attendee', 'location', 'resource', 'user', 'group']
const matchTypes: readonly TextMatch['match'][] = ['contains', 'starts-with', 'ends-with', 'equals']

function readSearch(search: XmlElement): PropertySearch {
  const names = children(search, dav('prop')).flatMap((prop) => elements(prop).map(({ name }) => name))
  const match = child(search, dav('match'))
  if (names.length === 0 || !match) throw refuseStatus(400, 'A search names properties, and what they match.')
  const value = textOf(match)
  const isCaseless = oneOf(match, 'caseless', ['yes', 'no'], 'yes') === 'yes'
  return {
    names,
    match: {
      value,
      collation: isCaseless ? 'i;unicode-casemap' : 'i;octet',
      negate: false,
      match: oneOf(match, 'match-type', matchTypes, 'contains'),
    },
  }
}

function oneOf<T extends string>(of: XmlElement, attribute: string, values: readonly T[], fallback: T): T {
  const given = of.attributes.get(attribute)
  if (given === undefined) return fallback
  const found = values.find((value) => value.toLowerCase() === given.trim().toLowerCase())
  if (found === undefined)
    throw refuseStatus(400, `The attribute ${attribute} is one of ${values.join(', ')}.`)
  return found
}

/** In either namespace. @see RFC 5323 §5.17 */
function readLimit(root: XmlElement): number | undefined {
  const limit = child(root, dav('limit')) ?? child(root, cs('limit'))
  if (limit === undefined) return undefined
  const [count] = [...children(limit, dav('nresults')), ...children(limit, cs('nresults'))]
  const text = count === undefined ? '' : textOf(count).trim()
  if (!/^0*[1-9]\d{0,8}$/.test(text)) throw refuseStatus(400, 'A limit is a positive number of results.')
  return Number(text)
}
