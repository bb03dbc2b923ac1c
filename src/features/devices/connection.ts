import { propertyHrefs, readRemoteMultistatus } from '../../../protocol/dav/multistatus-read.ts'
import { type ClarkName, caldav, carddav, dav } from '../../../protocol/dav/names.ts'
import { element, fixedDeclarations } from '../../../protocol/dav/xml-write.ts'
import { testHeader, testMark } from '../../auth/test-mark.ts'
import { type OutboundAnswer, OutboundError, sendBriefly } from '../../outbound/request.ts'

/** What is tried, in this order; each needs those before. */
export type ConnectionStep =
  | 'address'
  | 'secure'
  | 'reach'
  | 'caldav'
  | 'carddav'
  | 'challenge'
  | 'sign-in'
  | 'calendars'
  | 'books'

/** How one went. */
export interface StepOutcome {
  readonly step: ConnectionStep
  readonly ok: boolean
  /** What is wrong: a code of the system or of TLS, or what the server answered. */
  readonly detail?: string | undefined
}

/** Who is to be signed in. */
export interface ConnectionWish {
  /** The address of the settings, and no other: nobody is asked but ourselves. */
  readonly publicUrl: string
  readonly name: string
  /** Without one nobody signs in. */
  readonly password?: string | undefined
}

const wholeMs = 15_000
const mostBytes = 262_144

/**
 * Tries the connection as a client makes it: by the address that clients are given, through whatever stands before the
 * server. It stops at the first step that fails.
 * @see RFC 6764 §6, RFC 5397, RFC 4791 §6.2.1, RFC 6352 §7.1.1
 */
export async function tryConnection(wish: ConnectionWish): Promise<readonly StepOutcome[]> {
  const outcomes: StepOutcome[] = []
  const signal = AbortSignal.timeout(wholeMs)
  for await (const outcome of steps(wish, signal)) {
    outcomes.push(outcome)
    if (!outcome.ok) break
  }
  return outcomes
}

async function* steps(wish: ConnectionWish, signal: AbortSignal): AsyncGenerator<StepOutcome> {
  if (wish.publicUrl === '') return yield { step: 'address', ok: false }
  const base = new URL(wish.publicUrl)
  yield { step: 'address', ok: true, detail: base.origin }
  const isHere = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(base.hostname)
  yield { step: 'secure', ok: base.protocol === 'https:' || isHere }
  const asking = { base, signal }
  const first = await tried(() => ask(asking, 'GET', new URL('/healthz', base)))
  yield first.kind === 'answer'
    ? { step: 'reach', ok: true }
    : { step: 'reach', ok: false, detail: first.reason }
  let root: URL | undefined
  for (const service of ['caldav', 'carddav'] as const) {
    const found = await wellKnown(asking, service)
    if (found.kind === 'found') root = found.url
    yield {
      step: service,
      ok: found.kind === 'found',
      detail: found.kind === 'found' ? undefined : found.reason,
    }
  }
  if (!root) return
  yield challengeIn(await tried(() => propfind(asking, root, [currentUser], undefined)))
  if (wish.password === undefined) return
  yield* signedIn(asking, root, basic(wish.name, wish.password))
}

const currentUser = dav('current-user-principal')

async function* signedIn(asking: Asking, root: URL, authorization: string): AsyncGenerator<StepOutcome> {
  const principal = await hrefIn(asking, root, currentUser, authorization)
  yield outcomeOf('sign-in', principal)
  if (principal.kind !== 'found') return
  const homes = [
    ['calendars', caldav('calendar-home-set')],
    ['books', carddav('addressbook-home-set')],
  ] as const
  for (const [step, name] of homes)
    yield outcomeOf(step, await hrefIn(asking, principal.url, name, authorization))
}

function outcomeOf(step: ConnectionStep, found: Found): StepOutcome {
  return found.kind === 'found' ? { step, ok: true } : { step, ok: false, detail: found.reason }
}

interface Asking {
  readonly base: URL
  readonly signal: AbortSignal
}

type Found =
  | { readonly kind: 'found'; readonly url: URL }
  | { readonly kind: 'fault'; readonly reason: string }

/** Where the well-known address leads; nowhere else than to ourselves. */
async function wellKnown(asking: Asking, service: 'caldav' | 'carddav'): Promise<Found> {
  const url = new URL(`/.well-known/${service}`, asking.base)
  const answer = await tried(() => ask(asking, 'PROPFIND', url))
  if (answer.kind === 'fault') return answer
  const { status, headers } = answer.answer
  if (![301, 302, 303, 307, 308].includes(status)) return { kind: 'fault', reason: `HTTP ${status}` }
  return ownUrl(asking, headers.location ?? '', url)
}

/** The first address in a property of what is at an address. */
async function hrefIn(asking: Asking, url: URL, name: ClarkName, authorization: string): Promise<Found> {
  const tries = await tried(() => propfind(asking, url, [name], authorization))
  if (tries.kind === 'fault') return tries
  const { status, body } = tries.answer
  if (status !== 207) return { kind: 'fault', reason: `HTTP ${status}` }
  const limits = { maxBytes: mostBytes, maxDepth: 32, maxNodes: 10_000 }
  const [response] = readRemoteMultistatus(body, limits)?.responses ?? []
  const [href] = response ? propertyHrefs(response, name) : []
  return href === undefined ? { kind: 'fault', reason: 'HTTP 207' } : ownUrl(asking, href, url)
}

/** An address of the server itself. */
function ownUrl({ base }: Asking, href: string, from: URL): Found {
  const url = URL.canParse(href, from.href) ? new URL(href, from) : undefined
  if (url?.origin === base.origin) return { kind: 'found', url }
  return { kind: 'fault', reason: `Location: ${href.slice(0, 200)}` }
}

/** A client sends its password only where it is asked for it. @see RFC 7617 §2 */
function challengeIn(answered: Tried): StepOutcome {
  const step = 'challenge'
  if (answered.kind === 'fault') return { step, ok: false, detail: answered.reason }
  const { status, headers } = answered.answer
  if (status === 401 && /^basic\b/i.test(headers['www-authenticate'] ?? '')) return { step, ok: true }
  return { step, ok: false, detail: `HTTP ${status}` }
}

type Tried =
  | { readonly kind: 'answer'; readonly answer: OutboundAnswer }
  | { readonly kind: 'fault'; readonly reason: string }

async function tried(act: () => Promise<OutboundAnswer>): Promise<Tried> {
  try {
    return { kind: 'answer', answer: await act() }
  } catch (error) {
    return { kind: 'fault', reason: reasonOf(error) }
  }
}

/** The codes of the system and of TLS, such as ENOTFOUND or ERR_TLS_CERT_ALTNAME_INVALID. */
function reasonOf(error: unknown): string {
  if (!(error instanceof OutboundError)) return 'ETIMEDOUT'
  const { cause } = error
  const first = cause instanceof AggregateError ? cause.errors[0] : cause
  return first instanceof Error && 'code' in first ? String(first.code) : 'ETIMEDOUT'
}

function propfind(
  asking: Asking,
  url: URL,
  names: readonly ClarkName[],
  authorization: string | undefined,
): Promise<OutboundAnswer> {
  const properties = names.map((name) => element(name)).join('')
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<d:propfind${fixedDeclarations}><d:prop>${properties}</d:prop></d:propfind>`
  return ask(asking, 'PROPFIND', url, {
    body,
    headers: authorization === undefined ? {} : { Authorization: authorization },
  })
}

function ask(
  { signal }: Asking,
  method: string,
  url: URL,
  { body, headers = {} }: { body?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<OutboundAnswer> {
  const type = body === undefined ? {} : { 'Content-Type': 'application/xml; charset=utf-8' }
  return sendBriefly({
    ...{ method, url, body, signal, maxBytes: mostBytes },
    // The address is that of the settings: whoever wrote those says where it lies.
    mayReach: () => true,
    headers: {
      'User-Agent': 'Farley (connection test)',
      [testHeader]: testMark,
      Depth: '0',
      ...type,
      ...headers,
    },
  })
}

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
}
