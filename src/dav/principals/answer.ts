import { readDepth } from '../../../protocol/dav/headers.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { PropertyRequest } from '../../../protocol/dav/propfind.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { visiblePages } from '../../features/rights/directory.ts'
import { type Call, preferencesOf } from '../call.ts'
import { createRenderer } from '../pages.ts'
import { type Reply, streamedMultistatus } from '../reply.ts'
import { truncated } from '../reports/cut.ts'
import type { Resource } from '../resource.ts'
import { principalResource } from '../tree.ts'

/** @throws refusal 400 unless the report is about the resource alone @see RFC 3744 §9.2–9.5 */
export function requireDepth0({ headers }: Call): void {
  const depth = readDepth(headers.depth as string | undefined) ?? 0
  if (depth !== 0) throw refuseStatus(400, 'The Depth of this report is 0.')
}

/** @throws refusal 403 for more conditions than are judged for each principal */
export function checkConditionCount({ settings: { limits } }: Call, count: number): void {
  if (count <= limits.directoryConditions) return
  throw refuseStatus(403, `A search may have ${limits.directoryConditions} conditions at most.`)
}

/** The principals that the caller may see and that match, as far as the limit. */
export function answerMatching(
  call: Call,
  { href }: Pick<Resource, 'href'>,
  matches: (principal: PrincipalRow) => boolean,
  { request, limit = Number.POSITIVE_INFINITY }: { request: PropertyRequest; limit: number | undefined },
): Promise<Reply> {
  const most = Math.min(limit, call.settings.limits.directoryMatches)
  return streamedMultistatus(matching(call, href, matches, request, most))
}

async function* matching(
  call: Call,
  href: string,
  matches: (principal: PrincipalRow) => boolean,
  request: PropertyRequest,
  most: number,
): AsyncGenerator<string> {
  const { session, store } = call
  const renderer = createRenderer(call, request, preferencesOf(call).minimal)
  let left = most
  for await (const page of visiblePages(store, session)) {
    const found = page.filter(matches)
    const sent = found.slice(0, left)
    left -= sent.length
    yield await renderer.alike(sent.map((principal) => principalResource(session, principal)))
    if (sent.length < found.length) {
      yield truncated(href)
      return
    }
  }
}
