import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { matchesIfMatch, matchesIfNoneMatch } from '../../protocol/dav/conditions.ts'
import { type Refusal, refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { Answer, RawCall } from './route.ts'

/** The entity tag of a fact that counts its versions. @see RFC 9110 §8.8.3 */
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
  if (matchesIfMatch(ifMatch, etag) && matchesIfNoneMatch(ifNoneMatch, etag)) return
  throw refuseMatch(etag)
}

/** The refusal of a condition that does not hold. @param etag  of what is there */
export function refuseMatch(etag: string | undefined): Refusal {
  const headers = etag === undefined ? {} : { ETag: etag }
  return refuseStatus(412, 'It was changed since you looked at it: read it again.', headers)
}

/** The entity tag of an answer: its own, or that of what it shows; undefined where it shows octets, or nothing. */
export function etagOfAnswer({ etag, body }: Answer): string | undefined {
  return etag ?? (body === undefined || body instanceof Readable ? undefined : etagOfContent(body))
}
