import { createHmac, randomBytes } from 'node:crypto'
import type { Settings } from '../../config/defaults.ts'
import { type AppPasswordRow, findAppPassword, touchAppPassword } from '../../storage/credentials.ts'
import type { DeviceId } from '../../storage/ids.ts'
import { findPrincipalByName, type PrincipalRow } from '../../storage/principals.ts'
import type { Reader, Store, Writer } from '../../storage/store.ts'
import { clearThrottle, countFailure, throttleKeyOf, throttleState } from '../../storage/throttle.ts'
import { traitsOf } from '../features/devices/kinds.ts'
import type { Logger } from '../log.ts'
import { hashAppPassword, looksLikeAppPassword } from './app-password.ts'
import { type Credentials, namesMeant } from './basic.ts'
import { verifyPassword } from './password.ts'
import { directoryOf, type Session } from './session.ts'
import { recordSignIn, shortAgent } from './sign-ins.ts'

/** What credentials led to. */
export type Verdict =
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly seconds: number }

/** Where a request comes from. */
export interface From {
  readonly address: string
  /** The program, as it says. */
  readonly agent: string
  /** The kind of client that it seems to be, if that says. */
  readonly seems?: string | undefined
  /** The web page notes by itself whom it let in. */
  readonly isPage?: boolean
  /** Farley itself, which tries whether a device could connect: that is no use of it. */
  readonly isTest?: boolean
}

export type Authenticate = (credentials: Credentials, from: From) => Promise<Verdict>

interface Verified {
  readonly name: string
  readonly state: string
  readonly deviceId: DeviceId | undefined
  readonly clientKind: string | undefined
  readonly merge: boolean | undefined
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
/** So many accounts' passwords are hashed at once; a flood of made-up names waits instead of honest devices. */
const mostAtOnce = 64

/**
 * Verifies user names and passwords. A verified pair is remembered under a keyed hash, so that a request costs one
 * query and no bcrypt; the account's stamp in that query makes a revocation, by whatever process, immediate.
 */
export function createAuthenticate(surroundings: Surroundings): Authenticate {
  const { store, now } = surroundings
  const key = randomBytes(32)
  const memory: Memory = { verified: new Map(), wrong: new Map(), touched: new Map(), turns: new Map() }
  const pending = new Map<string, Promise<Verdict>>()
  return async (credentials, from) => {
    const digest = createHmac('sha256', key)
      .update(`${credentials.name}\0${credentials.password}`)
      .digest('base64')
    const known = memory.verified.get(digest)
    if (known && known.until > now()) {
      const principal = await store.read((reader) => findPrincipalByName(reader, known.name))
      if (principal && stateOf(principal) === known.state) {
        if (known.deviceId !== undefined) touch(surroundings, memory, known.deviceId, principal, from)
        return { kind: 'session', session: sessionOf(surroundings, known, principal) }
      }
    }
    memory.verified.delete(digest)
    // A phone opens several connections at once: they share one verification.
    const running = pending.get(digest)
    if (running) return running
    const verdict = verify(surroundings, memory, { ...credentials, digest, from }).finally(() =>
      pending.delete(digest),
    )
    pending.set(digest, verdict)
    return verdict
  }
}

/** What one process remembers between requests; none of it is needed by another. */
interface Memory {
  readonly verified: Map<string, Verified>
  /** When a wrong pair was counted, and for which state of the account. */
  readonly wrong: Map<string, { readonly at: number; readonly state: string }>
  /** When the last use of a device was written. */
  readonly touched: Map<DeviceId, number>
  /** The last running verification by account and address. */
  readonly turns: Map<string, Promise<unknown>>
}

interface Attempt extends Credentials {
  readonly digest: string
  readonly from: From
}

async function verify(surroundings: Surroundings, memory: Memory, attempt: Attempt): Promise<Verdict> {
  const { store } = surroundings
  const account = await store.read((reader) => findAccount(reader, attempt.name))
  const device = account && (await findDevice(store, account, attempt.password))
  if (account && device) {
    touch(surroundings, memory, device.id, account, attempt.from)
    const { id: deviceId, scope, clientKind, merge } = device
    return accept(surroundings, memory, attempt, account, {
      deviceId,
      scope,
      clientKind: clientKind ?? undefined,
      merge: merge === null ? undefined : merge !== 0,
    })
  }
  const name = account?.name ?? attempt.name.toLowerCase().slice(0, 200)
  const throttleKey = throttleKeyOf({ name, address: attempt.from.address })
  if (memory.turns.size >= mostAtOnce) return { kind: 'wait', seconds: 1 }
  return inTurn(memory.turns, throttleKey, () =>
    verifyAccount(surroundings, memory, attempt, { account, throttleKey }),
  )
}

interface Target {
  /** Undefined where nobody has the name. */
  readonly account: PrincipalRow | undefined
  readonly throttleKey: string
}

async function verifyAccount(
  surroundings: Surroundings,
  memory: Memory,
  attempt: Attempt,
  { account, throttleKey }: Target,
): Promise<Verdict> {
  const { store, settings, now } = surroundings
  const { from } = attempt
  const addressKey = throttleKeyOf({ name: '', address: attempt.from.address })
  const [ofAccount, ofAddress] = await store.read(async (reader) => [
    await throttleState(reader, throttleKey),
    await throttleState(reader, addressKey),
  ])
  const blockedUntil = Math.max(ofAccount.blockedUntil, ofAddress.blockedUntil)
  if (blockedUntil > now()) return { kind: 'wait', seconds: Math.ceil((blockedUntil - now()) / 1000) }
  // A device repeating one outdated password is not guessing: the pair is hashed and counted once a window.
  const known = memory.wrong.get(attempt.digest)
  const state = stateOf(account)
  if (known?.state === state && known.at > now() - settings.auth.failureWindowMs) return { kind: 'refused' }
  const hash = account?.passwordHash ?? undefined
  const matches = await verifyPassword(attempt.password, hash, settings.auth.bcryptCost)
  if (account && matches) {
    await store.write(async (tx) => {
      await clearThrottle(tx, throttleKey)
      if (!from.isPage) await note(tx, settings, { account, from, outcome: 'accepted' })
    })
    return accept(surroundings, memory, attempt, account, {
      deviceId: undefined,
      clientKind: undefined,
      merge: undefined,
      scope: 'write',
    })
  }
  bound(memory.wrong)
  memory.wrong.set(attempt.digest, { at: now(), state })
  const { failureWindowMs: windowMs, failures: limit, blockMs } = settings.auth
  await store.write(async (tx) => {
    await countFailure(tx, throttleKey, { windowMs, limit, blockMs })
    await countFailure(tx, addressKey, { windowMs, limit: settings.auth.addressFailures, blockMs })
    if (account) await note(tx, settings, { account, from, outcome: 'refused' })
  })
  return { kind: 'refused' }
}

/** One guess after another, so that many at once do not slip by before the first is counted. */
function inTurn(
  turns: Map<string, Promise<unknown>>,
  key: string,
  work: () => Promise<Verdict>,
): Promise<Verdict> {
  const turn = (turns.get(key) ?? Promise.resolve()).then(work, work)
  turns.set(key, turn)
  const leave = (): void => {
    if (turns.get(key) === turn) turns.delete(key)
  }
  turn.then(leave, leave)
  return turn
}

/** App passwords are random, so that looking one up by its hash is verification enough. */
async function findDevice(
  store: Store,
  account: PrincipalRow,
  secret: string,
): Promise<AppPasswordRow | undefined> {
  if (!looksLikeAppPassword(secret)) return undefined
  return store.read((reader) => findAppPassword(reader, account.id, hashAppPassword(secret)))
}

function accept(
  surroundings: Surroundings,
  { verified }: Memory,
  { digest }: Attempt,
  principal: PrincipalRow,
  device: Pick<Verified, 'deviceId' | 'clientKind' | 'merge' | 'scope'>,
): Verdict {
  bound(verified)
  const until = surroundings.now() + surroundings.settings.auth.cacheMs
  const entry: Verified = { name: principal.name, state: stateOf(principal), ...device, until }
  verified.set(digest, entry)
  return { kind: 'session', session: sessionOf(surroundings, entry, principal) }
}

function sessionOf(
  { settings }: Surroundings,
  { deviceId, clientKind, merge, scope }: Verified,
  principal: PrincipalRow,
): Session {
  const directory = directoryOf(settings)
  const hasDirectoryBook = settings.directory.addressBook
  const { lists } = traitsOf(clientKind)
  return { principal, deviceId, clientKind, lists, merge, scope, directory, hasDirectoryBook }
}

/** What was made of the password of an account. */
function note(
  tx: Writer,
  settings: Settings,
  noted: { readonly account: PrincipalRow; readonly from: From; readonly outcome: 'accepted' | 'refused' },
): Promise<void> {
  const { account, from, outcome } = noted
  const way = from.isPage ? 'browser' : 'password'
  return recordSignIn(tx, { principalId: account.id, way, deviceId: null, from, outcome }, settings)
}

/** The last use of an app password, written at most every few minutes and never waited for. */
function touch(
  { store, log, now, settings }: Surroundings,
  { touched }: Memory,
  id: DeviceId,
  { id: principalId }: PrincipalRow,
  from: From,
): void {
  const at = now()
  if (from.isTest) return
  if ((touched.get(id) ?? 0) > at - touchEveryMs) return
  touched.set(id, at)
  const { address, seems: suggested } = from
  const agent = shortAgent(from)
  store
    .write(async (tx) => {
      await touchAppPassword(tx, { id, principalId }, { at, address, agent, suggested })
      const way = 'device'
      await recordSignIn(tx, { principalId, way, deviceId: id, from, outcome: 'accepted' }, settings)
    })
    .catch((error: unknown) => log.warn({ err: error }, 'the last use of an app password was not written'))
}

/** Changes whenever what was verified must be verified again, also when another account takes the name. */
function stateOf(principal: PrincipalRow | undefined): string {
  return principal ? `${principal.id} ${principal.stamp}` : ''
}

async function findAccount(reader: Reader, name: string): Promise<PrincipalRow | undefined> {
  for (const meant of namesMeant(name)) {
    const found = await findPrincipalByName(reader, meant)
    if (found) return found.lockedAt === null ? found : undefined
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
