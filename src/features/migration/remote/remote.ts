import { setTimeout as wait } from 'node:timers/promises'
import type { Settings } from '../../../../config/defaults.ts'
import { bestChallenge, type Credentials, type SignIn, signIn } from '../../../outbound/credentials.ts'
import type { MayReach } from '../../../outbound/networks.ts'
import {
  acceptedCodings,
  BrokenAnswerError,
  closeAgents,
  type OutboundAnswer,
  OutboundError,
  openAgents,
  sendOutside,
  TooLargeError,
  UnreachableError,
} from '../../../outbound/request.ts'
import { isOfSameServer } from './addresses.ts'
import { LargeAnswerError, MigrationError, mendable } from './migration-error.ts'

export interface RemoteRequest {
  readonly method: 'GET' | 'PROPFIND' | 'REPORT'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** A redirect is answered with, not followed. */
  readonly isManual?: boolean
  /** Octets of the answer at most, where that is less than the setting says. */
  readonly maxBytes?: number
}

export interface RemoteAnswer extends OutboundAnswer {
  /** Where the answer came from, after redirects. */
  readonly url: URL
}

/** An account on another server. */
export interface Remote extends Disposable {
  /** @throws MigrationError, or the reason of the signal */
  send(request: RemoteRequest): Promise<RemoteAnswer>
}

export interface RemoteOptions extends Credentials {
  readonly settings: Settings['migration']
  readonly mayReach: MayReach
  readonly signal: AbortSignal
}

/**
 * Opens connections to another server: a few at once, each answer with a time and a size, redirects followed, signed in
 * as it wants. What it puts off (429, 503 with Retry-After) or what breaks is asked again, later and later.
 */
export function openRemote(options: RemoteOptions): Remote {
  const { settings } = options
  const agents = openAgents(settings.connections)
  const turns = createTurns(settings.connections)
  const signIns = new Map<string, SignIn>()
  const session: Session = { ...options, agents, signIns, hasAnswered: false }
  return {
    send: (request) => turns(() => patiently(session, request)),
    [Symbol.dispose]: () => closeAgents(agents),
  }
}

interface Session extends RemoteOptions {
  readonly agents: ReturnType<typeof openAgents>
  /** How to sign in, by origin. */
  readonly signIns: Map<string, SignIn>
  /** A server that never answered is not asked again and again. */
  hasAnswered: boolean
}

async function patiently(session: Session, request: RemoteRequest): Promise<RemoteAnswer> {
  const { settings, signal } = session
  for (let tries = 1; ; tries += 1) {
    const isLast = tries >= settings.tries
    try {
      const answer = await followed(session, request)
      session.hasAnswered = true
      if (isLast || !passing.includes(answer.status)) return answer
      await wait(pauseMs(tries, answer.headers['retry-after'], settings), undefined, { signal })
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (!(error instanceof OutboundError)) throw error
      if (error instanceof TooLargeError) throw new LargeAnswerError(error.message)
      const isPassing = error instanceof UnreachableError || error instanceof BrokenAnswerError
      if (isLast || !isPassing || !session.hasAnswered) throw mendable(error, request.url)
      await wait(pauseMs(tries, undefined, settings), undefined, { signal }).catch(() => {})
    }
  }
}

/** Statuses of a moment. */
const passing: readonly number[] = [429, 502, 503, 504]

/** @see RFC 9110 §10.2.3 */
function pauseMs(tries: number, retryAfter: string | undefined, settings: Settings['migration']): number {
  const asked = retryAfter?.trim() ?? ''
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1_000 : Date.parse(asked) - Date.now()
  const wanted = Number.isNaN(ms) ? settings.retryMs * 2 ** (tries - 1) : Math.max(ms, 0)
  return Math.min(wanted, settings.maxRetryMs)
}

async function followed(session: Session, request: RemoteRequest): Promise<RemoteAnswer> {
  const { settings } = session
  let { url } = request
  for (let redirects = 0; redirects <= settings.redirects; redirects += 1) {
    const answer = await signedIn(session, { ...request, url })
    const location = redirected.includes(answer.status) ? answer.headers.location : undefined
    if (location === undefined || request.isManual) return { ...answer, url }
    if (!URL.canParse(location, url.href)) throw new MigrationError(`${url.host} redirects to no address.`)
    const to = new URL(location, url)
    if (!isOfSameServer(request.url, to)) {
      throw new MigrationError(
        `${url.host} redirects to ${to.origin}: give that as the address if it is right.`,
        'redirect',
      )
    }
    url = to
  }
  throw new MigrationError(`${request.url.host} redirects more than ${settings.redirects} times.`)
}

const redirected: readonly number[] = [301, 302, 303, 307, 308]

/** Asks first without a password, to learn how it is to be sent, and then with it. */
async function signedIn(session: Session, request: RemoteRequest): Promise<OutboundAnswer> {
  const { url, method } = request
  const uri = url.pathname + url.search
  const known = session.signIns.get(url.origin)
  const answer = await once(session, request, known?.(method, uri))
  const isPublic = known === undefined && (answer.status < 300 || answer.status === 403)
  if (answer.status !== 401 && !isPublic) return answer
  // Whoever answers without asking, answers anybody: the user sees more.
  const header = isPublic ? 'Basic' : (answer.headers['www-authenticate'] ?? '')
  const challenge = bestChallenge(header)
  if (challenge === undefined)
    throw new MigrationError(`${url.host} offers no way to sign in that is known.`, 'sign-in')
  if (challenge.scheme === 'basic' && known !== undefined) throw refused(url)
  const next = signIn(challenge, session)
  const again = await once(session, request, next(method, uri))
  if (again.status === 401) throw refused(url)
  session.signIns.set(url.origin, next)
  return again
}

function refused({ host }: URL): MigrationError {
  return new MigrationError(`${host} refuses the user name or the password.`, 'password')
}

async function once(
  session: Session,
  { method, url, headers, body, maxBytes }: RemoteRequest,
  authorization: string | undefined,
): Promise<OutboundAnswer> {
  const { settings, mayReach, agents } = session
  const late = AbortSignal.timeout(settings.answerMs)
  const signal = AbortSignal.any([session.signal, late])
  const sent = {
    'User-Agent': 'Farley (migration)',
    // The ETags of some servers change with the coding.
    ...(method === 'GET' ? {} : { 'Accept-Encoding': acceptedCodings }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/xml; charset=utf-8' }),
    ...headers,
    ...(authorization === undefined ? {} : { Authorization: authorization }),
  }
  try {
    return await sendOutside({
      method,
      url,
      headers: sent,
      body,
      mayReach,
      agents,
      signal,
      maxBytes: Math.min(maxBytes ?? settings.answerBytes, settings.answerBytes),
    })
  } catch (error) {
    if (late.aborted && !session.signal.aborted) {
      throw new UnreachableError(`${url.host} took longer than ${settings.answerMs / 1_000} seconds.`)
    }
    throw error
  }
}

/** So many at once; the others wait in their order. */
function createTurns(count: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = count
  return async (run) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
