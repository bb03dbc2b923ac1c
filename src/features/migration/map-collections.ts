import { Refusal, unlessRefused } from '../../../protocol/dav/preconditions.ts'
import { advanceBatch } from '../../../storage/batches/batches.ts'
import { addItems } from '../../../storage/batches/items.ts'
import { type CollectionRow, isNameTaken, listCollections } from '../../../storage/collections.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { HomeId, PrincipalId } from '../../../storage/ids.ts'
import {
  addMigrationCollection,
  listMigrationCollections,
  type MigrationCollectionRow,
} from '../../../storage/migration-sources/sources.ts'
import { countObjects } from '../../../storage/objects.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { readCalendarTimezone } from '../calendars/timezone.ts'
import { makeCollection, takenBy } from '../collections.ts'
import { plainSegment } from '../names.ts'
import { named } from '../transfer/targets.ts'
import type { RemoteCollection } from './remote/collection.ts'
import type { RemoteAccount } from './remote/discover.ts'
import { holdRun, noCounts, type Run } from './run.ts'

export interface Wanted {
  /** The collection of ours that shall have everything, by its name or its display name. */
  readonly into?: string | undefined
  /** Which collections of the other server, by name, display name or URL; those left out otherwise too. */
  readonly only?: readonly string[] | undefined
  /** In place of both: just these, and where each goes. */
  readonly choices?: readonly Choice[] | undefined
}

/** What somebody wants of a collection of the other server. */
export interface Choice {
  /** Its address there. */
  readonly url: string
  /** The collection of ours that it goes into, by its name or its display name; into a new one without. */
  readonly into?: string | undefined
  /** What the new one is called. */
  readonly title?: string | undefined
}

/** Where a remote collection goes, or why it goes nowhere. */
export type Mapped = { readonly remote: RemoteCollection } & (
  | {
      readonly row: MigrationCollectionRow
      readonly into: CollectionRow | undefined
      readonly isNew: boolean
    }
  | { readonly left: string }
)

/** Whether a collection is to be taken, and why not. */
export function reasonLeft(collection: RemoteCollection, { only, choices }: Wanted): string | undefined {
  const { name, displayname, url } = collection
  if (choices !== undefined)
    return choices.some((choice) => choice.url === url.href) ? undefined : notAskedFor
  if (only === undefined) return collection.left
  const isNamed = only.some((wish) => [name, displayname, url.href, url.pathname].includes(wish))
  return isNamed ? undefined : notAskedFor
}

const notAskedFor = 'It is not one of those that were asked for.'

/**
 * Gives each collection of the other account its place in ours: the one it had before, the one that was named, our
 * default or one of its name where that is empty, or a new one with its properties.
 * @throws TransferError when there is no collection `into`
 */
export async function mapCollections(run: Run, account: RemoteAccount, wanted: Wanted): Promise<Mapped[]> {
  const { store } = run.services
  const mapped: Mapped[] = []
  for (const remote of account.collections) {
    const left = reasonLeft(remote, wanted)
    if (left !== undefined) {
      mapped.push({ remote, left })
      continue
    }
    try {
      const { number, ...made } = await store.write((tx) => mapOne(tx, run, remote, { account, wanted }))
      run.reached = number
      mapped.push({ remote, ...made })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      mapped.push({ remote, left: error.message })
    }
  }
  return mapped
}

interface Placed {
  readonly row: MigrationCollectionRow
  readonly into: CollectionRow | undefined
  readonly isNew: boolean
  /** The last number of the batch after this write. */
  readonly number: number
}

async function mapOne(
  tx: Writer,
  run: Run,
  remote: RemoteCollection,
  { account, wanted }: { readonly account: RemoteAccount; readonly wanted: Wanted },
): Promise<Placed | { readonly left: string; readonly number: number }> {
  await holdRun(tx, run)
  const ours = await ownCollections(tx, run.account.id)
  const before = await listMigrationCollections(tx, run.source.id)
  const known = before.find(({ url }) => url === remote.url.href)
  if (known) {
    const into = ours.find(({ id }) => id === known.collectionId)
    return { row: known, into, isNew: false, number: run.reached }
  }
  const choice = wanted.choices?.find((one) => one.url === remote.url.href)
  const wish = choice ? choice.into : wanted.into
  const mayFind = wish === undefined && choice === undefined
  const existing = mayFind
    ? await emptyOne(tx, remote, { ours, account, before })
    : namedOf(ours, wish, remote.kind)
  if (wish !== undefined && !existing)
    return { left: `The collection "${wish}" is not of its kind.`, number: run.reached }
  const into = existing ?? (await makeLike(tx, run, remote, choice?.title))
  const number = existing ? run.reached : run.reached + 1
  if (!existing) {
    const item = { number, place: remote.url.href, outcome: 'created' as const, component: null }
    await addItems(tx, run.batch.id, [{ ...item, collectionId: into.id, name: into.name }])
    await advanceBatch(tx, run.batch.id, String(number), { ...noCounts, created: 1 })
  }
  const { kind, displayname, url } = remote
  const made = { sourceId: run.source.id, url: url.href, kind, displayname, collectionId: into.id }
  return { row: await addMigrationCollection(tx, made), into, isNew: existing === undefined, number }
}

function namedOf(
  ours: readonly CollectionRow[],
  wish: string | undefined,
  kind: RemoteCollection['kind'],
): CollectionRow | undefined {
  return wish === undefined ? undefined : named(ours, wish).find((collection) => collection.kind === kind)
}

/** All that an account has in its homes. */
export async function ownCollections(reader: Reader, id: PrincipalId): Promise<CollectionRow[]> {
  const all: CollectionRow[] = []
  for (const home of await listHomes(reader, id)) all.push(...(await listCollections(reader, home.id)))
  return all
}

/**
 * A collection of ours that nothing is in, and that takes all that this one holds: our default where theirs is this one,
 * or one of the same name, as a new account has them.
 */
export async function emptyOne(
  reader: Reader,
  remote: RemoteCollection,
  found: {
    readonly ours: readonly CollectionRow[]
    readonly account: RemoteAccount
    /** Those that others go into already. */
    readonly before: readonly Pick<MigrationCollectionRow, 'collectionId'>[]
  },
): Promise<CollectionRow | undefined> {
  const { kind, name, components } = remote
  const needed = kind === 'addressbook' ? ['VCARD'] : (components ?? 'VEVENT,VTODO,VJOURNAL').split(',')
  const isDefault = isRemoteDefault(remote, found.account)
  for (const own of found.ours) {
    const isIt = own.kind === kind && ((isDefault && own.isDefault === 1) || own.name === name)
    if (!isIt || found.before.some(({ collectionId }) => collectionId === own.id)) continue
    const taken = takenBy(own)
    const takesAll = needed.every((component) => taken.includes(component))
    if (takesAll && (await countObjects(reader, own.id)) === 0) return own
  }
  return undefined
}

/** What the server says, or the only one of its kind, or one that is called as defaults are. */
function isRemoteDefault(remote: RemoteCollection, { collections, defaults }: RemoteAccount): boolean {
  const alike = collections.filter(({ kind, left }) => kind === remote.kind && left === undefined)
  const said = alike.filter(({ url }) => defaults.has(url.href) || defaults.has(url.href.replace(/\/$/, '')))
  if (said.length > 0) return said.includes(remote)
  if (alike.length === 1) return alike[0] === remote
  return alike.find(({ name }) => usualNames.test(name)) === remote
}

const usualNames = /^(?:contacts|addressbook|addresses|card|calendar|default|personal|home|work)$/i

/** A new collection with the name and the properties of that one, as far as they are valid and free. */
async function makeLike(
  tx: Writer,
  run: Run,
  remote: RemoteCollection,
  title: string | undefined,
): Promise<CollectionRow> {
  const { services, account, origin } = run
  const wanted = remote.kind === 'calendar' ? 'calendars' : 'addressbooks'
  const home = (await listHomes(tx, account.id)).find(({ kind }) => kind === wanted)
  if (!home) throw new Error('The account has no home.')
  const { kind, displayname, description, color, sortOrder, components, transparent } = remote
  return makeCollection(
    tx,
    home.id,
    {
      kind,
      name: await freeName(tx, home.id, remote.name),
      resourceId: services.newId(),
      displayname: title ?? displayname ?? remote.name,
      description,
      components,
      ...(kind === 'calendar' && { color, sortOrder, transparent: transparent ? 1 : 0, ...zoneOf(remote) }),
    },
    origin,
    services.settings,
  )
}

function zoneOf({ timezone }: RemoteCollection): { timezone?: string; timezoneId?: string | null } {
  if (timezone === null) return {}
  return unlessRefused(() => ({ timezone, timezoneId: readCalendarTimezone(timezone) ?? null })) ?? {}
}

async function freeName(reader: Reader, homeId: HomeId, wish: string): Promise<string> {
  const isFit = wish !== '' && Buffer.byteLength(wish) <= 200 && !/[\p{Cc}/]/u.test(wish)
  const base = isFit ? wish : plainSegment(wish, 'collection', 60)
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`
    if (!(await isNameTaken(reader, homeId, name))) return name
  }
}
