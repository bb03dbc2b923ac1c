import type { Settings } from '../../../config/defaults.ts'
import { reachable } from '../../outbound/networks.ts'
import {
  acceptedCodings,
  getOutside,
  type OutboundAnswer,
  OutboundError,
  UnreachableError,
} from '../../outbound/request.ts'
import { addressesOf } from './source.ts'

/** The publisher did not give the calendar; the message may be shown to people. */
export class FeedError extends Error {
  override name = 'FeedError'
  /** Not to be asked again before. */
  readonly retryInMs: number | undefined
  constructor(message: string, retryInMs?: number) {
    super(message)
    this.retryInMs = retryInMs
  }
}

/** What the publisher said of the state that was fetched last. */
export interface Validators {
  readonly etag: string | null
  readonly lastModified: string | null
}

export type Fetched =
  | { readonly kind: 'unchanged' }
  | ({ readonly kind: 'feed'; readonly body: Buffer; readonly charset: string | undefined } & Validators)

const dayMs = 86_400_000

/**
 * Fetches what is published, if it is not what was fetched before.
 * @see RFC 9110 §13.1 for conditional requests, §15.4 for redirects
 * @throws FeedError; the reason of the signal
 */
export async function fetchFeed(
  source: string,
  known: Validators,
  settings: Settings['subscriptions'],
  signal: AbortSignal,
): Promise<Fetched> {
  const late = AbortSignal.timeout(settings.answerMs)
  const either = AbortSignal.any([signal, late])
  const [first, second] = addressesOf(source)
  if (!first) throw new FeedError('The address is none.')
  try {
    return await fetchFrom(first, known, settings, either).catch((error: unknown) => {
      if (!second || !(error instanceof UnreachableError) || either.aborted) throw error
      return fetchFrom(second, known, settings, either)
    })
  } catch (error) {
    if (error instanceof OutboundError) throw new FeedError(error.message)
    if (late.aborted && !signal.aborted) {
      throw new FeedError(`${first.host} took longer than ${settings.answerMs / 1_000} seconds.`)
    }
    throw error
  }
}

async function fetchFrom(
  start: URL,
  known: Validators,
  settings: Settings['subscriptions'],
  signal: AbortSignal,
): Promise<Fetched> {
  const options = { mayReach: reachable(settings.privateNetworks), maxBytes: settings.bytes, signal }
  let url = start
  for (let redirects = 0; redirects <= settings.redirects; redirects += 1) {
    const headers = { ...asking, ...conditions(known), ...credentials(start, url) }
    const answer = await getOutside({ ...options, url, headers })
    const location = redirected.includes(answer.status) ? answer.headers.location : undefined
    if (location === undefined) return judge(url, answer, known)
    url = follow(url, location)
  }
  throw new FeedError(`${start.host} redirects more than ${settings.redirects} times.`)
}

const asking = {
  Accept: 'text/calendar, */*;q=0.1',
  'Accept-Encoding': acceptedCodings,
  'User-Agent': 'Farley (calendar subscription)',
}
const redirected = [301, 302, 303, 307, 308]

function conditions({ etag, lastModified }: Validators): Record<string, string> {
  return {
    ...(etag === null ? {} : { 'If-None-Match': etag }),
    ...(lastModified === null ? {} : { 'If-Modified-Since': lastModified }),
  }
}

/** Those of the address go to its own server only. */
function credentials(start: URL, { origin }: URL): Record<string, string> {
  const { username, password } = start
  if (username === '' || origin !== start.origin) return {}
  const pair = `${decoded(username)}:${decoded(password)}`
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function follow(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (to?.protocol !== 'https:' && to?.protocol !== 'http:') {
    throw new FeedError(`${from.host} redirects to what is no address.`)
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new FeedError(`${from.host} redirects from https to http.`)
  }
  to.username = ''
  to.password = ''
  return to
}

function judge({ host }: URL, { status, headers, body }: OutboundAnswer, known: Validators): Fetched {
  if (status === 200) {
    const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(headers['content-type'] ?? '')?.[1]
    const { etag = null, 'last-modified': lastModified = null } = headers
    return { kind: 'feed', body, charset, etag, lastModified }
  }
  const isConditional = known.etag !== null || known.lastModified !== null
  if (status === 304 && isConditional) return { kind: 'unchanged' }
  const said = meanings.get(status) ?? status
  throw new FeedError(`${host} answers ${said}.`, retryAfterMs(headers['retry-after'], status))
}

const meanings = new Map([
  [401, '401: it wants a user name and a password'],
  [403, '403: it gives the calendar to others only'],
  [404, '404: the calendar is not there; what was fetched before stays'],
  [410, '410: the calendar is gone for good; what was fetched before stays'],
  [429, '429: it was asked too often'],
])

/** @see RFC 9110 §10.2.3 */
function retryAfterMs(header: string | undefined, status: number): number | undefined {
  if (status === 410) return dayMs
  if (header === undefined) return undefined
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), dayMs)
}
