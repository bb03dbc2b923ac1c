import { findToken, touchToken } from '../../storage/api/tokens.ts'
import type { TokenId } from '../../storage/ids.ts'
import { traitsOf } from '../features/devices/kinds.ts'
import { hashToken, scopesOf } from '../features/tokens/tokens.ts'
import type { Services } from '../services.ts'
import { directoryOf, type Session } from './session.ts'

/** The challenge to a token that is void. @see RFC 6750 §3 */
export const bearerChallenge = 'Bearer realm="Farley", error="invalid_token"'

/** Reads `Authorization: Bearer …`; undefined for anything else. @see RFC 6750 §2.1 */
export function readBearer(header: string | undefined): string | undefined {
  return /^bearer +([A-Za-z0-9._~+/-]{1,200}=*) *$/i.exec(header ?? '')?.[1]
}

/** Who has a token; undefined for one that is void. */
export type AuthenticateToken = (secret: string) => Promise<Session | undefined>

const touchEveryMs = 300_000
/** Tokens whose last use is remembered at most. */
const mostRemembered = 10_000

/** Looks tokens up, each time: one that is removed is void at once. */
export function createAuthenticateToken({ store, settings, log, now }: Services): AuthenticateToken {
  const touched = new Map<TokenId, number>()
  const touch = (id: TokenId): void => {
    const at = now()
    if ((touched.get(id) ?? 0) > at - touchEveryMs) return
    if (touched.size >= mostRemembered) touched.clear()
    touched.set(id, at)
    store
      .write((tx) => touchToken(tx, id, at))
      .catch((error: unknown) => log.warn({ err: error }, 'the last use of a token was not written'))
  }
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
