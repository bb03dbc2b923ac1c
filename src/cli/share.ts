import { listCollections } from '../../storage/collections.ts'
import { usersIn } from '../../storage/groups.ts'
import { listHomes } from '../../storage/homes.ts'
import { findMountOn, listMountsOf } from '../../storage/mounts.ts'
import type { Origin } from '../../storage/origin.ts'
import { findPrincipalsByEmail, type PrincipalRow } from '../../storage/principals.ts'
import { listSharees } from '../../storage/shares.ts'
import type { Reader, Writer } from '../../storage/store.ts'
import { AccountError, findAccount } from '../features/accounts/accounts.ts'
import { findAnybody } from '../features/accounts/named.ts'
import { findOwnCollection } from '../features/accounts/own-collection.ts'
import {
  acceptInvite,
  declineInvite,
  findInvite,
  isShareAccess,
  type Sharing,
  shareCollection,
  unshare,
} from '../features/sharing/sharing.ts'
import type { Services } from '../services.ts'
import {
  type Command,
  type Invocation,
  plain,
  positional,
  text,
  UsageError,
  withServices,
} from './command.ts'

const origin: Origin = { kind: 'job' }
const accesses = 'read, read-write, no-delete or free-busy'

export const shareAdd: Command = {
  words: ['share', 'add'],
  usage: 'OWNER COLLECTION WITH [--access A] [--summary S] [--accept]',
  summary: 'Share a calendar or an address book with an account or a group, or change what they may do.',
  options: {
    access: { type: 'string', help: `${accesses} (default read)` },
    summary: { type: 'string', help: 'what the invitation calls it' },
    accept: { type: 'boolean', help: 'show it in their homes without asking them' },
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const access = text(invocation, 'access') ?? 'read'
    if (!isShareAccess(access)) throw new UsageError(`The access is ${accesses}, not "${access}".`)
    const summary = text(invocation, 'summary')?.slice(0, 200)
    await changeShares(settings, async (tx, sharing) => {
      const { collection, principal } = await namedShare(tx, invocation)
      await shareCollection(tx, { collection, principal, access, summary }, sharing)
      const users = values.accept === true ? await usersIn(tx, principal.id) : []
      for (const { id } of users) {
        const found = await findMountOn(tx, collection.id, id)
        if (found) await acceptInvite(tx, found.mount, sharing)
      }
    })
    print(`${invocation.positionals[1]} is shared with ${invocation.positionals[2]}: ${access}.`)
    return 0
  },
}

export const shareRemove: Command = {
  words: ['share', 'remove'],
  usage: 'OWNER COLLECTION WITH',
  summary: 'Stop sharing with an account or a group: it is gone from their homes at once.',
  options: {},
  run: async (invocation) => {
    await changeShares(invocation.settings, async (tx, sharing) => {
      const { collection, principal } = await namedShare(tx, invocation)
      if (await unshare(tx, { collection, principal }, sharing)) return
      throw new AccountError(`"${collection.name}" is not shared with "${principal.name}".`)
    })
    const [, collection, sharee] = invocation.positionals
    invocation.print(`${collection} is not shared with ${sharee} any more.`)
    return 0
  },
}

export const shareList: Command = {
  words: ['share', 'list'],
  usage: 'NAME',
  summary:
    'List what an account shares (to, collection, with whom, access, state), and what is shared with it (from, ID, collection, owner, access, state).',
  options: {},
  run: async (invocation) => {
    const name = positional(invocation, 0, 'the NAME of the account')
    const lines = await withServices(invocation.settings, ({ store }) =>
      store.read(async (reader) => {
        const account = await findAccount(reader, name)
        return [...(await sharedTo(reader, account)), ...(await sharedFrom(reader, account))]
      }),
    )
    for (const line of lines) invocation.print(line.map(plain).join('\t'))
    return 0
  },
}

export const shareAccept: Command = {
  words: ['share', 'accept'],
  usage: 'NAME ID|COLLECTION',
  summary: 'Show what is shared with an account in its home; see share list.',
  options: {},
  run: (invocation) =>
    reply(invocation, async (tx, { mount }, sharing) => {
      const { name } = await acceptInvite(tx, mount, sharing)
      return `It is in the home of ${invocation.positionals[0]} as ${name}.`
    }),
}

export const shareDecline: Command = {
  words: ['share', 'decline'],
  usage: 'NAME ID|COLLECTION',
  summary: 'Decline what is shared with an account, or leave it.',
  options: {},
  run: (invocation) =>
    reply(invocation, async (tx, { mount }, sharing) => {
      await declineInvite(tx, mount, sharing)
      return `It is not in the home of ${invocation.positionals[0]}.`
    }),
}

type Found = Awaited<ReturnType<typeof findInvite>>

async function reply(
  invocation: Invocation,
  change: (tx: Writer, found: Found, sharing: Sharing) => Promise<string>,
): Promise<number> {
  const name = positional(invocation, 0, 'the NAME of the account')
  const wanted = positional(invocation, 1, 'the ID or the COLLECTION (see share list)')
  const said = await changeShares(invocation.settings, async (tx, sharing) =>
    change(tx, await findInvite(tx, await findAccount(tx, name), wanted), sharing),
  )
  invocation.print(said)
  return 0
}

function changeShares<T>(
  settings: Services['settings'],
  change: (tx: Writer, sharing: Sharing) => Promise<T>,
): Promise<T> {
  return withServices(settings, ({ store, newId }) =>
    store.write((tx) => change(tx, { origin, settings, newId })),
  )
}

/** The collection of the owner, and whom it is shared with. */
async function namedShare(reader: Reader, invocation: Invocation) {
  const owner = await findAccount(reader, positional(invocation, 0, 'the NAME of the owner'))
  const collection = await findOwnCollection(reader, owner, positional(invocation, 1, 'the COLLECTION'))
  const principal = await findSharee(reader, positional(invocation, 2, 'the account or group to share WITH'))
  return { collection, principal }
}

/** By name, or by the only one with the mail address. */
async function findSharee(reader: Reader, name: string): Promise<PrincipalRow> {
  const [found, ...others] = name.includes('@') ? await findPrincipalsByEmail(reader, name) : []
  return found && others.length === 0 ? found : findAnybody(reader, name)
}

async function sharedTo(reader: Reader, account: PrincipalRow): Promise<string[][]> {
  const collections = []
  for (const home of await listHomes(reader, account.id))
    collections.push(...(await listCollections(reader, home.id)))
  const names = new Map(collections.map(({ id, name }) => [id, name]))
  const sharees = await listSharees(reader, [...names.keys()])
  return sharees.map(({ share, principal, state }) => [
    'to',
    names.get(share.collectionId) ?? '',
    principal.name,
    share.access,
    state ?? principal.kind,
  ])
}

async function sharedFrom(reader: Reader, account: PrincipalRow): Promise<string[][]> {
  const mounts = await listMountsOf(reader, account.id)
  return mounts.map(({ mount, collection, owner }) => [
    'from',
    String(mount.id),
    mount.state === 'accepted' ? mount.name : collection.name,
    owner.name,
    mount.access,
    mount.state,
  ])
}
