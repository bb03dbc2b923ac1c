import { matchesIf, matchesIfMatch, matchesIfNoneMatch, readIfHeader } from '../../protocol/dav/conditions.ts'
import { HrefError, readHref } from '../../protocol/dav/href.ts'
import { Refusal } from '../../protocol/dav/preconditions.ts'
import type { Call } from './call.ts'
import type { CollectionResource } from './resource.ts'
import { collectionEtag, collectionToken } from './tokens.ts'

/** What the If-* headers of a write are judged against, read in the same transaction. */
export interface TargetState {
  /** The present ETag of the object or collection; undefined where there is none. */
  readonly etag: string | undefined
  /** The sync-token of the collection around it. */
  readonly collectionToken: string
}

/** The state of a collection itself, whose entity tag GET gives. */
export function stateOf(collection: CollectionResource): TargetState {
  return { etag: collectionEtag(collection), collectionToken: collectionToken(collection) }
}

/**
 * Judges If-Match, If-None-Match, If-Schedule-Tag-Match and If; an empty schedule tag counts as absent (IOS-12).
 * @throws refusal 412 with the present ETag (MIN-31)
 * @see RFC 9110 §13, RFC 4918 §10.4, RFC 6638 §8.3
 */
export function checkConditions({ headers, segments }: Call, { etag, collectionToken }: TargetState): void {
  const failed = (message: string): Error =>
    new Refusal(412, message, undefined, etag === undefined ? {} : { ETag: etag })
  if (!matchesIfMatch(headers['if-match'], etag)) throw failed('The resource is not the one of If-Match.')
  if (!matchesIfNoneMatch(headers['if-none-match'], etag)) throw failed('The resource exists.')
  const scheduleTag = String(headers['if-schedule-tag-match'] ?? '').trim()
  if (scheduleTag !== '') throw failed('The resource has no schedule tag.')
  const condition = headers.if
  if (typeof condition !== 'string') return
  const own = { etag, tokens: [collectionToken] }
  const named = (resource: string | undefined) => {
    if (resource === undefined) return own
    const path = segmentsOf(resource)
    if (samePath(path, segments)) return own
    if (samePath(path, segments.slice(0, -1))) return { etag: undefined, tokens: [collectionToken] }
    return { etag: undefined, tokens: [] }
  }
  if (!matchesIf(readIfHeader(condition), named)) throw failed('The If header does not hold.')
}

function segmentsOf(resource: string): readonly string[] | undefined {
  try {
    return readHref(resource)
  } catch (error) {
    if (error instanceof HrefError) return undefined
    throw error
  }
}

function samePath(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a !== undefined && a.length === b.length && a.every((segment, index) => segment === b[index])
}
