import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { matchesIfMatch, matchesIfNoneMatch } from '../../protocol/dav/conditions.ts'
import { type Refusal, refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { Answer, RawCall } from './route.ts'

/**
 * The entity tag of a fact that counts its versions. What GET shows of it has names of others in it, which change without
 * a new version: there a dot and the tag of what is shown follow. Changes are judged by the version. @see RFC 9110 §8.8.3
 */
export function etagOfVersion(version: number): string {
  return `"${version}"`
}

/** The entity tag of what counts no versions: of what is shown. */
export function etagOfContent(content: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)}"`
}

/**
 * Judges the If-Match of a change, and its If-None-Match, whose `*` asks that nothing be there; within the transaction.
 * @param etag  of what is there; undefined where nothing is
 * @throws refusal 412 @see RFC 9110 §13.1.1–13.1.2
 */
export function checkMatch(
  { ifMatch, ifNoneMatch, isMatchJudged }: Pick<RawCall, 'ifMatch' | 'ifNoneMatch' | 'isMatchJudged'>,
  etag: string | undefined,
): void {
  isMatchJudged()
  if (holds(ifMatch, etag) && matchesIfNoneMatch(ifNoneMatch, etag)) return
  throw refuseMatch(etag)
}

/** Whether an If-Match holds; of what counts versions that of the version is enough. */
export function holds(ifMatch: string | undefined, etag: string | undefined): boolean {
  if (etag === undefined || !counted.test(etag)) return matchesIfMatch(ifMatch, etag)
  const version = (tags: string): string => tags.replaceAll(/"(\d+)\.[0-9a-f]{16}"/g, '"$1"')
  return matchesIfMatch(ifMatch && version(ifMatch), version(etag))
}

const counted = /^"\d+(?:\.[0-9a-f]{16})?"$/

/** The refusal of a condition that does not hold. @param etag  of what is there */
export function refuseMatch(etag: string | undefined): Refusal {
  const headers = etag === undefined ? {} : { ETag: etag }
  return refuseStatus(412, 'It was changed since you looked at it: read it again.', headers)
}

/** The entity tag of an answer: its own, or that of what it shows; undefined where it shows octets, or nothing. */
export function etagOfAnswer({ etag, body }: Answer): string | undefined {
  if (body === undefined || body instanceof Readable) return etag
  if (etag === undefined) return etagOfContent(body)
  return counted.test(etag) ? `${etag.slice(0, -1)}.${etagOfContent(body).slice(1, 17)}"` : etag
}
