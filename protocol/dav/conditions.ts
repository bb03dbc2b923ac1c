import { refuseStatus } from './preconditions.ts'

/** An entity tag; `value` is opaque, with its quotes. @see RFC 9110 §8.8.3 */
export interface EntityTag {
  readonly weak: boolean
  readonly value: string
}

/**
 * Reads the value of If-Match or If-None-Match; never throws. Tags without quotes are given them (MIN-31).
 * @see RFC 9110 §13.1.1–13.1.2
 */
export function readEtagCondition(header: string): '*' | EntityTag[] {
  if (header.trim() === '*') return '*'
  const tags: EntityTag[] = []
  for (const [, weak, quoted, bare] of header.matchAll(/(W\/)?(?:"([^"]*)"|([^\s,"]+))/g)) {
    tags.push({ weak: weak !== undefined, value: `"${quoted ?? bare ?? ''}"` })
  }
  return tags
}

/**
 * Whether If-Match lets the request go on; compared strongly.
 * @param etag  undefined when there is no such resource
 * @see RFC 9110 §13.1.1
 */
export function matchesIfMatch(header: string | undefined, etag: string | undefined): boolean {
  if (header === undefined) return true
  if (etag === undefined) return false
  const condition = readEtagCondition(header)
  return condition === '*' || condition.some((tag) => !tag.weak && isSame(tag.value, etag))
}

/**
 * Whether If-None-Match lets the request go on; compared weakly. Where it does not, GET and HEAD answer 304, others 412.
 * @param etag  undefined when there is no such resource
 * @see RFC 9110 §13.1.2
 */
export function matchesIfNoneMatch(header: string | undefined, etag: string | undefined): boolean {
  if (header === undefined || etag === undefined) return true
  const condition = readEtagCondition(header)
  return condition !== '*' && !condition.some((tag) => isSame(tag.value, etag))
}

/** One parenthesised list of an If header: all its conditions must hold, of the resource if one is named. */
export interface IfList {
  /** The resource tag as written; undefined means the resource of the request. */
  readonly resource: string | undefined
  readonly conditions: readonly IfCondition[]
}

export type IfCondition =
  | { readonly kind: 'token'; readonly not: boolean; readonly token: string }
  | { readonly kind: 'etag'; readonly not: boolean; readonly etag: EntityTag }

/**
 * Reads the If header: lists of state tokens and entity tags, with or without resources.
 * @throws refuseStatus(400) when it is not one
 * @see RFC 4918 §10.4.2
 */
export function readIfHeader(header: string): IfList[] {
  const lists: IfList[] = []
  let resource: string | undefined
  let at = 0
  let unused = false
  while (at < header.length) {
    const piece = nextPiece(header, at)
    if (piece === undefined || (piece.tag !== undefined && (unused || (lists.length > 0 && !resource)))) {
      throw badIf()
    }
    if (piece.tag !== undefined) {
      resource = piece.tag
      unused = true
    } else if (piece.list !== undefined) {
      lists.push({ resource, conditions: readConditions(piece.list) })
      unused = false
    }
    at = piece.end
  }
  if (lists.length === 0 || unused) throw badIf()
  return lists
}

/** What is known of a resource that an If header names. */
export interface ResourceState {
  /** With its quotes; undefined when there is no such resource. */
  readonly etag: string | undefined
  /** Lock tokens and the sync-token. */
  readonly tokens: readonly string[]
}

/**
 * Whether any list holds.
 * @param stateOf  of a resource tag, or of the request's resource for undefined
 * @see RFC 4918 §10.4.3–10.4.4
 */
export function matchesIf(
  lists: readonly IfList[],
  stateOf: (resource: string | undefined) => ResourceState,
): boolean {
  return lists.some(({ resource, conditions }) => {
    const state = stateOf(resource)
    return conditions.every((condition) => holds(condition, state) !== condition.not)
  })
}

/** A proxy that compresses may have added to the tag inside its quotes: Apache `-gzip`, others `;br`. */
function isSame(value: string, etag: string): boolean {
  return value === etag || value.replace(/(?:--?|;)(?:gzip|br|deflate|zstd)"$/, '"') === etag
}

function holds(condition: IfCondition, state: ResourceState): boolean {
  if (condition.kind === 'token') return state.tokens.includes(condition.token)
  return state.etag !== undefined && !condition.etag.weak && isSame(condition.etag.value, state.etag)
}

interface Piece {
  readonly tag?: string
  readonly list?: string
  readonly end: number
}

const pieces = /\s*(?:<([^<>\s]+)>|\(((?:[^()<>"]|<[^<>]*>|"[^"]*")*)\)|$)/y

function nextPiece(header: string, at: number): Piece | undefined {
  pieces.lastIndex = at
  const match = pieces.exec(header)
  if (match === null) return undefined
  const [, tag, list] = match
  const end = pieces.lastIndex
  return tag === undefined ? (list === undefined ? { end } : { list, end }) : { tag, end }
}

function readConditions(list: string): IfCondition[] {
  const pattern = /\s*(Not\b)?\s*(?:<([^<>\s]+)>|\[\s*(W\/)?("[^"]*")\s*\])\s*/iy
  const conditions: IfCondition[] = []
  while (pattern.lastIndex < list.length) {
    const match = pattern.exec(list)
    if (match === null) throw badIf()
    const [, negated, token, weak, etag] = match
    const not = negated !== undefined
    if (token !== undefined) conditions.push({ kind: 'token', not, token })
    else conditions.push({ kind: 'etag', not, etag: { weak: weak !== undefined, value: etag ?? '' } })
  }
  if (conditions.length === 0) throw badIf()
  return conditions
}

function badIf() {
  return refuseStatus(400, 'The If header cannot be read.')
}
