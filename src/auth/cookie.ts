import { timingSafeEqual } from 'node:crypto'
import { findWebSession, touchWebSession } from '../../storage/api/web-sessions.ts'
import { traitsOf } from '../features/devices/kinds.ts'
import { csrfTokenOf, hashSecret, sessionTimes } from '../features/sessions/sessions.ts'
import type { Services } from '../services.ts'
import { createLastUse } from './last-use.ts'
import { directoryOf, type Session } from './session.ts'

/** A browser shows no box for a scheme that it does not know. @see RFC 9110 §11.6.1 */
export const sessionChallenge = 'Session realm="Farley"'

/** `__Host-` lets no other host set it; over plain HTTP, which is this machine alone, browsers do not take that. @see RFC 6265bis §4.1.3.2 */
function nameOf(isSecure: boolean): string {
  return isSecure ? '__Host-farley' : 'farley'
}

/** The secret of a session in `Cookie`; undefined where there is none. */
export function readCookie(header: string | undefined, isSecure: boolean): string | undefined {
  const name = nameOf(isSecure)
  for (const pair of (header ?? '').split(';')) {
    const [key, value = ''] = pair.trim().split('=', 2)
    if (key === name && /^[\w-]{43}$/.test(value)) return value
  }
  return undefined
}

/** `Set-Cookie` that keeps a session; without a secret, the one that ends it. */
export function cookieFor(secret: string | undefined, isSecure: boolean, days: number): string {
  const age = secret === undefined ? 0 : days * 86_400
  const parts = [
    `${nameOf(isSecure)}=${secret ?? ''}`,
    'Path=/',
    `Max-Age=${age}`,
    'HttpOnly',
    'SameSite=Strict',
  ]
  return [...parts, ...(isSecure ? ['Secure'] : [])].join('; ')
}

/** Whether a change carries what only our own page can know. */
export function isCsrfToken(given: string, { csrfToken }: { readonly csrfToken: string }): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(csrfToken)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Who is signed in with a cookie; undefined for one that is void. */
export type AuthenticateCookie = (secret: string) => Promise<Session | undefined>

/** Looks sessions up, each time: one that is ended is void at once. */
export function createAuthenticateCookie(services: Services): AuthenticateCookie {
  const { store, settings, now } = services
  const touch = createLastUse(services, 'session', touchWebSession)
  return async (secret) => {
    const times = sessionTimes(now(), settings)
    const found = await store.read((reader) => findWebSession(reader, hashSecret(secret), times))
    if (!found) return undefined
    const { session, account: principal } = found
    touch(session.id)
    return {
      principal,
      browser: { id: session.id, csrfToken: csrfTokenOf(secret) },
      ...{ deviceId: undefined, clientKind: undefined, lists: traitsOf(undefined).lists },
      scope: 'write',
      directory: directoryOf(settings),
      hasDirectoryBook: settings.directory.addressBook,
    }
  }
}
