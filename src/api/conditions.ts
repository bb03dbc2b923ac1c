import { createHash } from 'node:crypto'
import { matchesIfMatch, matchesIfNoneMatch } from '../../protocol/dav/conditions.ts'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { RawCall } from './route.ts'

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
  { ifMatch, ifNoneMatch }: Pick<RawCall, 'ifMatch' | 'ifNoneMatch'>,
  etag: string | undefined,
): void {
  if (matchesIfMatch(ifMatch, etag) && matchesIfNoneMatch(ifNoneMatch, etag)) return
  const headers = etag === undefined ? {} : { ETag: etag }
  throw refuseStatus(412, 'It was changed since you looked at it: read it again.', headers)
}
