import type { Settings } from '../../../config/defaults.ts'
import { type AppPasswordRow, addAppPassword } from '../../../storage/credentials.ts'
import type { DeviceId, PrincipalId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import {
  createPrincipal,
  type PrincipalRow,
  setAccountTraits,
  updatePrincipal,
} from '../../../storage/principals.ts'
import { removePrincipal } from '../../../storage/purge.ts'
import { countSharedFolders, listSharedCollections } from '../../../storage/shares.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { countPrivateActivities } from '../../../storage/timeline/activities.ts'
import { newAppPassword } from '../../auth/app-password.ts'
import { foldName } from '../../auth/basic.ts'
import { maxPasswordBytes } from '../../auth/password.ts'
import { makeCollection } from '../collections.ts'
import { handOverOwned } from '../facts/roles.ts'
import { giversTo, withdrawGrants } from '../grants/grants.ts'
import { type Sharing, withdrawPrincipal } from '../sharing/sharing.ts'
import { AccountError } from './account-error.ts'
import { handOver } from './hand-over.ts'
import { findNamed, freeName, type NewName, nameNew } from './named.ts'
import { closePrincipal } from './removed/close.ts'

export { AccountError } from './account-error.ts'

export interface NewAccount extends NewName {
  readonly passwordHash?: string | undefined
}

const byJob: Origin = { kind: 'job' }

/**
 * Makes an account with what every client expects to find: a calendar for events, a task list and an address book,
 * listed first and in that order (MIN-36, IOS-06).
 * @throws AccountError when the name is taken or cannot be one
 */
export async function createAccount(
  tx: Writer,
  account: NewAccount,
  settings: Settings,
  newId: () => string,
): Promise<PrincipalId> {
  const named = await nameNew(tx, 'user', account)
  const { passwordHash = null } = account
  const { id, calendarHomeId, addressbookHomeId } = await createPrincipal(tx, { ...named, passwordHash })
  const { language, timeZone } = settings.accounts
  await setAccountTraits(tx, id, { language: language || undefined, timeZone: timeZone || undefined })
  const seed = { displayname: '', resourceId: '' }
  const make = (homeId: typeof calendarHomeId, made: SeedCollection): Promise<unknown> =>
    makeCollection(tx, homeId, { ...seed, ...made, resourceId: newId() }, byJob, settings)
  const calendar = { kind: 'calendar', isDefault: true, components: 'VEVENT' } as const
  await make(calendarHomeId, { ...calendar, name: 'calendar', displayname: 'Calendar' })
  await make(calendarHomeId, { kind: 'calendar', name: 'tasks', displayname: 'Tasks', components: 'VTODO' })
  await make(addressbookHomeId, {
    kind: 'addressbook',
    name: 'contacts',
    displayname: 'Contacts',
    isDefault: true,
  })
  return id
}

interface SeedCollection {
  readonly kind: 'calendar' | 'addressbook'
  readonly name: string
  readonly displayname: string
  readonly components?: string
  readonly isDefault?: boolean
}

/** @throws AccountError when there is none of that name */
export async function findAccount(reader: Reader, name: string): Promise<PrincipalRow> {
  return findNamed(reader, name, 'user')
}

/**
 * Gives an account another name to sign in with. Its URLs and all that it holds stay; whoever gets the old name later
 * gets other URLs (law 7).
 * @throws AccountError when there is no such account, or the new name is taken or cannot be one
 */
export async function renameAccount(tx: Writer, from: string, to: string): Promise<void> {
  const account = await findAccount(tx, from)
  const name = await freeName(tx, to)
  const isShown = foldName(account.displayName) === account.name
  await updatePrincipal(tx, account.id, { name, ...(isShown ? { displayName: to.trim() } : {}) })
}

/** How somebody is removed. */
export interface HowRemoved {
  /** At once and for good, with all that he holds. */
  readonly purge: boolean
  /** Who gets what he shares, and looks after his people. */
  readonly giveTo?: string | undefined
}

/** What became of what an account had to do with others. */
export interface Removed {
  /** Under which number it can be brought back; null where nothing does. */
  readonly removed: PrincipalId | null
  /** Collections that the heir has now. */
  readonly given: readonly string[]
  /** Whom it looked after, as the heir does now, or nobody. */
  readonly people: number
  /** What it had written for itself alone, which is gone with one that is purged. */
  readonly notes: number
}

/**
 * Removes an account, until it is brought back or its time is over. What it shares with others is handed to an heir, or keeps the
 * account from going: nobody loses a calendar because a colleague leaves. So are those whom it looked after; what it wrote about
 * people keeps its name.
 * @throws AccountError while the account shares anything that is not given away
 */
export async function removeAccount(
  tx: Writer,
  name: string,
  how: HowRemoved,
  services: Removing,
): Promise<Removed> {
  return removeHolder(tx, await findAccount(tx, name), how, services)
}

/** What removing is given; without an origin it is a job. */
type Removing = Pick<Sharing, 'settings' | 'newId'> & Partial<Pick<Sharing, 'origin'>>

/** The same for a room or a resource, which have calendars too: who could book one has it back with it. */
export async function removeHolder(
  tx: Writer,
  account: PrincipalRow,
  { purge, giveTo }: HowRemoved,
  { settings, newId, origin = byJob }: Removing,
): Promise<Removed> {
  const { id, kind } = account
  const sharing = { settings, newId, origin }
  const heir = giveTo === undefined ? undefined : await findAccount(tx, giveTo)
  const handed = heir && (await handOver(tx, account, heir, settings))
  if (purge || kind === 'user') await checkNothingShared(tx, account)
  const notes = await countPrivateActivities(tx, id)
  const people = await handOverOwned(tx, id, heir?.id ?? null, origin)
  if (purge) await purgePrincipal(tx, id, sharing)
  else await closePrincipal(tx, account, { heirId: heir?.id, given: handed?.given ?? [], people }, sharing)
  return { removed: purge ? null : id, given: handed?.names ?? [], people: people.length, notes }
}

/** Removes somebody for good, with all that he holds. @param options.keepSegment  his URLs are never another's */
export async function purgePrincipal(
  tx: Writer,
  id: PrincipalId,
  sharing: Sharing,
  options: { readonly keepSegment?: boolean } = {},
): Promise<void> {
  const givers = await giversTo(tx, id)
  await withdrawPrincipal(tx, id, sharing)
  await withdrawGrants(tx, id, givers, sharing)
  await removePrincipal(tx, id, options)
}

/** Nobody loses a calendar or a folder because a colleague leaves. @throws AccountError */
async function checkNothingShared(reader: Reader, { id, name }: PrincipalRow): Promise<void> {
  const folders = await countSharedFolders(reader, id)
  if (folders > 0) {
    throw new AccountError(
      `The account "${name}" lets others into ${folders} of its folders. Move them to where they are needed, or revoke the rights (farley acl) first.`,
    )
  }
  const shared = await listSharedCollections(reader, id)
  if (shared.length === 0) return
  throw new AccountError(
    `The account "${name}" shares ${shared.length} collections with others. Hand them to somebody (--give-to NAME), or stop sharing them first.`,
  )
}

/**
 * A new app password for one device.
 * @returns the secret, which is shown once and not kept
 */
export async function createAppPassword(
  tx: Writer,
  account: PrincipalRow,
  device: {
    readonly label: string
    readonly scope: AppPasswordRow['scope']
    readonly clientKind?: string | undefined
    readonly merge?: boolean | undefined
  },
): Promise<{ id: DeviceId; secret: string }> {
  const label = device.label.trim()
  if (label === '' || label.length > 200)
    throw new AccountError('Name the device, such as --label "Pixel 9".')
  const { secret, hash } = newAppPassword()
  const { scope, clientKind, merge } = device
  const principalId = account.id
  const id = await addAppPassword(tx, { principalId, label, secretHash: hash, scope, clientKind, merge })
  return { id, secret }
}

/** What somebody chooses for himself is no shorter. */
const fewestCharacters = 8

/** @throws AccountError for one that is guessed too soon, and as {@link checkPassword} */
export function checkChosenPassword(password: string): void {
  checkPassword(password)
  if ([...password].length < fewestCharacters)
    throw new AccountError(`A password has ${fewestCharacters} characters at least.`)
}

/** @throws AccountError for a password that is empty, or longer than can be compared */
export function checkPassword(password: string): void {
  if (password === '') throw new AccountError('The password is empty.')
  if (Buffer.byteLength(password) > maxPasswordBytes) {
    throw new AccountError(`A password may have ${maxPasswordBytes} octets at most.`)
  }
}
