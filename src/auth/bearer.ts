import { findToken, touchToken } from '../../storage/api/tokens.ts'
import { traitsOf } from '../features/devices/kinds.ts'
import { hashToken, scopesOf } from '../features/tokens/tokens.ts'
import type { Services } from '../services.ts'
import { createLastUse } from './last-use.ts'
import { directoryOf, type Session } from './session.ts'

/** The challenge to a token that is void. @see RFC 6750 §3 */
export const bearerChallenge = 'Bearer realm="Farley", error="invalid_token"'

/** Reads `Authorization: Bearer …`; undefined for anything else. @see RFC 6750 §2.1 */
export function readBearer(header: string | undefined): string | undefined {
  return /^bearer +([A-Za-z0-9._~+/-]{1,200}=*) *$/i.exec(header ?? '')?.[1]
}

/** Who has a token; undefined for one that is void. */
export type AuthenticateToken = (secret: string) => Promise<Session | undefined>

/** Looks tokens up, each time: one that is removed is void at once. */
export function createAuthenticateToken(services: Services): AuthenticateToken {
  const { store, settings, now } = services
  const touch = createLastUse(services, 'token', touchToken)
  return async (secret) => {
    const found = await store.read((reader) => findToken(reader, hashToken(secret), now()))
    if (!found) return undefined
    const { token, account: principal } = found
    touch(token.id)
    return {
      principal,
      token: { id: token.id, scopes: scopesOf(token) },
      ...{ deviceId: undefined, clientKind: undefined, lists: traitsOf(undefined).lists },
      // What it may write its scopes say, route by route.
      scope: 'read',
      directory: directoryOf(settings),
      hasDirectoryBook: settings.directory.addressBook,
    }
  }
}
