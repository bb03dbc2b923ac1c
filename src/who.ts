import type Koa from 'koa'
import { type Refusal, refuseStatus } from '../protocol/dav/preconditions.ts'
import { type Authenticate, createAuthenticate } from './auth/authenticate.ts'
import { challenge, readBasic } from './auth/basic.ts'
import {
  type AuthenticateToken,
  bearerChallenge,
  createAuthenticateToken,
  readBearer,
} from './auth/bearer.ts'
import {
  type AuthenticateCookie,
  createAuthenticateCookie,
  readCookie,
  sessionChallenge,
} from './auth/cookie.ts'
import { refuseForged } from './auth/forged.ts'
import type { Session } from './auth/session.ts'
import { testHeader, testMark } from './auth/test-mark.ts'
import { isDeviceKind, suggestKind, traitsOf } from './features/devices/kinds.ts'
import type { RequestOrigin } from './proxy.ts'
import type { Services } from './services.ts'

/** The three ways in which somebody can show who he is. */
export interface Authenticators {
  readonly authenticate: Authenticate
  readonly authenticateToken: AuthenticateToken
  readonly authenticateCookie: AuthenticateCookie
}

export function createAuthenticators(services: Services): Authenticators {
  return {
    authenticate: createAuthenticate(services),
    authenticateToken: createAuthenticateToken(services),
    authenticateCookie: createAuthenticateCookie(services),
  }
}

/**
 * Who makes a request: with a password everywhere, with a token or as a browser that is signed in at the API alone.
 * @throws refusal 401, 403 over an open line and for what another site made a browser send, 429 after many wrong passwords
 */
export async function authenticated(
  ctx: Koa.Context,
  authenticators: Authenticators,
  origin: RequestOrigin,
  isApi: boolean,
): Promise<Session> {
  if (!origin.isPrivate) throw openLine()
  const header = ctx.get('Authorization')
  if (isApi) {
    const token = readBearer(header)
    if (token !== undefined) return withToken(authenticators.authenticateToken, token)
    const cookie = header === '' ? readCookie(ctx.get('Cookie'), origin.isSecure) : undefined
    if (cookie !== undefined) return withCookie(ctx, authenticators.authenticateCookie, cookie)
  }
  const credentials = readBasic(header)
  // A box for passwords over our own page would help nobody.
  if (!credentials) throw unauthenticated(isApi && isOwnPage(ctx) ? sessionChallenge : challenge)
  return withPassword(ctx, authenticators.authenticate, origin, credentials)
}

/** @throws refusal 403 */
export function openLine(): Refusal {
  return refuseStatus(
    403,
    'Passwords are not accepted over plain HTTP from other machines: put a TLS proxy in front (proxy.trusted).',
  )
}

async function withPassword(
  ctx: Koa.Context,
  authenticate: Authenticate,
  { address }: RequestOrigin,
  credentials: { readonly name: string; readonly password: string },
): Promise<Session> {
  const agent = ctx.get('User-Agent')
  const seems = suggestKind(agent)
  const isTest = ctx.get(testHeader) === testMark
  const verdict = await authenticate(credentials, { address, agent, seems, isTest })
  switch (verdict.kind) {
    case 'session': {
      const { session } = verdict
      return isDeviceKind(session.clientKind) ? session : { ...session, lists: traitsOf(seems).lists }
    }
    case 'wait':
      throw tooMany(verdict.seconds)
    case 'refused':
      throw unauthenticated(challenge)
  }
}

/** After many wrong passwords. */
export function tooMany(seconds: number): Refusal {
  const headers = { 'Retry-After': String(seconds) }
  return refuseStatus(429, 'There were too many wrong passwords; wait before the next try.', headers)
}

/** @throws refusal 401 */
async function withToken(authenticateToken: AuthenticateToken, secret: string): Promise<Session> {
  const session = await authenticateToken(secret)
  if (session) return session
  const headers = { 'WWW-Authenticate': bearerChallenge }
  throw refuseStatus(401, 'The token is not known here, or its time is over.', headers)
}

/** @throws refusal 401, 403 for what another page sends */
async function withCookie(
  ctx: Koa.Context,
  authenticateCookie: AuthenticateCookie,
  secret: string,
): Promise<Session> {
  const session = await authenticateCookie(secret)
  if (!session?.browser) throw unauthenticated(sessionChallenge)
  refuseForged(ctx, session.browser)
  return session
}

/** @see Fetch Metadata Request Headers §2.2 */
function isOwnPage(ctx: Koa.Context): boolean {
  return ctx.get('Sec-Fetch-Site') === 'same-origin'
}

function unauthenticated(scheme: string): Refusal {
  return refuseStatus(401, 'A user name and password are needed.', { 'WWW-Authenticate': scheme })
}
