import type { Settings } from '../../config/defaults.ts'
import { listHomes } from '../../storage/homes.ts'
import type { PrincipalId } from '../../storage/ids.ts'
import { type LinkedFolder, listFolderLinks } from '../../storage/nodes/folder-links.ts'
import { foldersAbove } from '../../storage/nodes/nodes.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import { listPublicLinks } from '../../storage/public-links.ts'
import type { Reader, Writer } from '../../storage/store.ts'
import { AccountError, findAccount } from '../features/accounts/accounts.ts'
import { findAnybody } from '../features/accounts/named.ts'
import { findOwnCollection } from '../features/accounts/own-collection.ts'
import { folderLinkPath, linkFolder } from '../features/files/folder-links.ts'
import { findOwnFolder } from '../features/files/own-folder.ts'
import { endLinkOfFolder, endPublicLink } from '../features/sharing/ended-links.ts'
import { makePublicLink, publicLinkPath } from '../features/sharing/public-links.ts'
import {
  type Command,
  type Invocation,
  lineOf,
  positional,
  text,
  timeIn,
  UsageError,
  withServices,
} from './command.ts'

export const linkAdd: Command = {
  words: ['link', 'add'],
  usage: 'NAME COLLECTION [--label L] | NAME :files/PATH [--until TIME]',
  summary:
    'Make a public link to a calendar, an address book or a folder: whoever knows it may read, without a password.',
  options: {
    label: { type: 'string', help: 'what the link is for' },
    until: {
      type: 'string',
      help: 'when it ends, such as 2026-05-01T09:00Z; without it, when it is withdrawn',
    },
  },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const wanted = positional(invocation, 1, 'the COLLECTION')
    const add = wanted.startsWith(filesMark) ? addToFolder : addToCollection
    const path = await withServices(settings, ({ store }) =>
      store.write(async (tx) => add(tx, await findAccount(tx, name), wanted, invocation)),
    )
    print(addressOf(settings, path))
    return 0
  },
}

/** Before the path of a folder. */
const filesMark = ':files/'

async function addToCollection(
  tx: Writer,
  account: PrincipalRow,
  wanted: string,
  invocation: Invocation,
): Promise<string> {
  if (text(invocation, 'until') !== undefined) throw new UsageError('--until goes with a folder.')
  const label = (text(invocation, 'label') ?? '').slice(0, 200)
  const collection = await findOwnCollection(tx, account, wanted)
  const { token } = await makePublicLink(tx, collection, label, invocation.settings)
  return publicLinkPath(collection, token)
}

async function addToFolder(
  tx: Writer,
  { id: ownerId }: PrincipalRow,
  wanted: string,
  invocation: Invocation,
): Promise<string> {
  if (text(invocation, 'label') !== undefined) throw new UsageError('--label goes with a collection.')
  const names = wanted
    .slice(filesMark.length)
    .split('/')
    .filter((part) => part !== '')
  const home = (await listHomes(tx, ownerId)).find(({ kind }) => kind === 'files')
  const folder = (await findOwnFolder(tx, home?.id ?? 0, names)).at(-1)
  const expiresAt = timeIn(invocation, 'until') ?? null
  const token = await linkFolder(tx, { ownerId, nodeId: folder?.id ?? 0, expiresAt }, invocation.settings)
  return folderLinkPath(token)
}

export const linkList: Command = {
  words: ['link', 'list'],
  usage: 'NAME',
  summary:
    'List the public links of an account or a group: id, collection or path of the folder, label, last use, address, end.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account or the group')
    const lines = await withServices(settings, ({ store }) =>
      store.read(async (reader) => {
        const { id } = await findAnybody(reader, name)
        const ofFolders: string[][] = []
        for (const one of await listFolderLinks(reader, id))
          ofFolders.push(await folderLine(reader, one, settings))
        return [...(await collectionLines(reader, id, settings)), ...ofFolders]
      }),
    )
    for (const line of lines) print(lineOf(line))
    return 0
  },
}

async function collectionLines(
  reader: Reader,
  ownerId: PrincipalId,
  settings: Settings,
): Promise<string[][]> {
  const links = await listPublicLinks(reader, ownerId)
  return links.map(({ link: { id, label, lastUsedAt, token }, collection }) => [
    ...[String(id), collection.name, label, usedText(lastUsedAt)],
    ...[addressOf(settings, publicLinkPath(collection, token)), ''],
  ])
}

async function folderLine(
  reader: Reader,
  { link, folder }: LinkedFolder,
  settings: Settings,
): Promise<string[]> {
  const { id, token, lastUsedAt, expiresAt } = link
  const around = await foldersAbove(reader, folder)
  const path = [...around, folder].map(({ name }) => `/${name}`).join('')
  const until = expiresAt === null ? '' : `until ${new Date(expiresAt).toISOString()}`
  const address = addressOf(settings, folderLinkPath(token))
  return [`${folderMark}${id}`, path, '', usedText(lastUsedAt), address, until]
}

/** Links to folders are numbered by themselves. */
const folderMark = 'f'

const usedText = (at: number | null): string => (at === null ? 'never used' : new Date(at).toISOString())

export const linkRemove: Command = {
  words: ['link', 'remove'],
  usage: 'NAME ID',
  summary: 'Withdraw a public link, at once; "trash restore" brings it back under its address.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account or the group')
    const id = positional(invocation, 1, 'the ID of the link (see link list)')
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const account = await findAnybody(tx, name)
        if (!(await removeLink(tx, account.id, id, settings)))
          throw new AccountError(`${account.name} has no public link ${id}.`)
      }),
    )
    print(`The link ${id} of ${name} was withdrawn.`)
    return 0
  },
}

/** @returns false where there is none of that id */
async function removeLink(
  tx: Writer,
  ownerId: PrincipalId,
  id: string,
  settings: Settings,
): Promise<boolean> {
  const [, mark, digits] = /^(f?)(\d{1,15})$/.exec(id) ?? []
  if (digits === undefined) return false
  return mark === ''
    ? endPublicLink(tx, ownerId, Number(digits), settings)
    : endLinkOfFolder(tx, ownerId, Number(digits), settings)
}

/** The whole address where the server's is known, else its path. */
function addressOf({ publicUrl }: Settings, path: string): string {
  return publicUrl.replace(/\/$/, '') + path
}
