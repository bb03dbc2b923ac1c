import { createHmac, randomBytes } from 'node:crypto'
import type { Settings } from '../../config/defaults.ts'
import { findAppPassword, touchAppPassword } from '../../storage/credentials.ts'
import { findPrincipalByName, type PrincipalRow } from '../../storage/principals.ts'
import type { Reader, Store } from '../../storage/store.ts'
import { clearThrottle, countFailure, throttleState } from '../../storage/throttle.ts'
import type { Logger } from '../log.ts'
import { hashAppPassword, looksLikeAppPassword } from './app-password.ts'
import { type Credentials, namesMeant } from './basic.ts'
import { verifyPassword } from './password.ts'
import type { Session } from './session.ts'

/** What credentials led to. */
export type Verdict =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly seconds: number }

export type Authenticate = (credentials: Credentials, address: string) => Promise<Verdict>

interface Verified {
  readonly name: string
  readonly stamp: number
  readonly deviceId: number | undefined
  readonly clientKind: string | undefined
  readonly scope: 'read' | 'write'
  readonly until: number
}

interface Surroundings {
  readonly store: Store
  readonly settings: Settings
  readonly log: Logger
  readonly now: () => number
}

const touchEveryMs = 300_000
const cacheSize = 10_000

/**
 * Verifies user names and passwords. A verified pair is remembered under a keyed hash, so that a request costs one
 * query and no bcrypt; the account's stamp in that query makes a revocation, by whatever process, immediate.
 */
export function createAuthenticate({ store, settings, log, now }: Surroundings): Authenticate {
  const key = randomBytes(32)
  const verified = new Map<string, Verified>()
  const wrong = new Map<string, number>()
  const touched = new Map<number, number>()
  const pending = new Map<string, Promise<Verdict>>()

  return async (credentials, address) => {
    const digest = createHmac('sha256', key)
      .update(`${credentials.name}\0${credentials.password}`)
      .digest('base64')
    const known = verified.get(digest)
    if (known && known.until > now()) {
      const principal = await store.read((reader) => findPrincipalByName(reader, known.name))
      if (principal?.stamp === known.stamp) return { kind: 'session', session: sessionOf(known, principal) }
    }
    verified.delete(digest)
    // A phone opens several connections at once: they share one verification.
    const running = pending.get(digest)
    if (running) return running
    const verdict = verify(credentials, address, digest).finally(() => pending.delete(digest))
    pending.set(digest, verdict)
    return verdict
  }

  async function verify(credentials: Credentials, address: string, digest: string): Promise<Verdict> {
    const account = await store.read((reader) => findAccount(reader, credentials.name))
    if (account && looksLikeAppPassword(credentials.password)) {
      const device = await store.read((reader) =>
        findAppPassword(reader, account.id, hashAppPassword(credentials.password)),
      )
      if (device) {
        touch(device.id)
        const { id: deviceId, scope } = device
        return accept(digest, account, { deviceId, clientKind: device.clientKind ?? undefined, scope })
      }
    }
    const throttleKey = `${account?.name ?? credentials.name.toLowerCase().slice(0, 200)}|${address}`
    const { blockedUntil } = await store.read((reader) => throttleState(reader, throttleKey))
    if (blockedUntil > now()) return { kind: 'wait', seconds: Math.ceil((blockedUntil - now()) / 1000) }
    const matches = await verifyPassword(
      credentials.password,
      account?.passwordHash ?? undefined,
      settings.auth.bcryptCost,
    )
    if (account && matches) {
      await store.write((tx) => clearThrottle(tx, throttleKey))
      return accept(digest, account, { deviceId: undefined, clientKind: undefined, scope: 'write' })
    }
    await countWrong(throttleKey, digest)
    return { kind: 'refused' }
  }

  /** A device repeating one outdated password is not guessing: the same wrong pair counts once a window. */
  async function countWrong(throttleKey: string, digest: string): Promise<void> {
    const { failureWindowMs: windowMs, failures: limit, blockMs } = settings.auth
    const since = wrong.get(digest)
    if (since !== undefined && since > now() - windowMs) return
    bound(wrong)
    wrong.set(digest, now())
    await store.write((tx) => countFailure(tx, throttleKey, { windowMs, limit, blockMs }))
  }

  function accept(
    digest: string,
    principal: PrincipalRow,
    device: Pick<Verified, 'deviceId' | 'clientKind' | 'scope'>,
  ): Verdict {
    bound(verified)
    const until = now() + settings.auth.cacheMs
    const entry: Verified = { name: principal.name, stamp: principal.stamp, ...device, until }
    verified.set(digest, entry)
    return { kind: 'session', session: sessionOf(entry, principal) }
  }

  function sessionOf({ deviceId, clientKind, scope }: Verified, principal: PrincipalRow): Session {
    if (deviceId !== undefined) touch(deviceId)
    return { principal, deviceId, clientKind, scope }
  }

  /** The last use of an app password, written at most every few minutes and never waited for. */
  function touch(deviceId: number): void {
    const at = now()
    if ((touched.get(deviceId) ?? 0) > at - touchEveryMs) return
    touched.set(deviceId, at)
    store
      .write((tx) => touchAppPassword(tx, deviceId, at))
      .catch((error: unknown) => log.warn({ err: error }, 'the last use of an app password was not written'))
  }
}

async function findAccount(reader: Reader, name: string): Promise<PrincipalRow | undefined> {
  for (const meant of namesMeant(name)) {
    const found = await findPrincipalByName(reader, meant)
    if (found) return found
  }
  return undefined
}

/** Drops the oldest entries of a full cache. */
function bound(cache: Map<string, unknown>): void {
  for (const oldest of cache.keys()) {
    if (cache.size < cacheSize) return
    cache.delete(oldest)
  }
}
