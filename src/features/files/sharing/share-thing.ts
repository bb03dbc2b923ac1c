import { z } from 'zod'
import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { allPrivileges } from '../../../../protocol/dav/privileges.ts'
import { listThingRevisions } from '../../../../storage/history/thing-revisions.ts'
import { findNodeById } from '../../../../storage/nodes/nodes.ts'
import {
  findLivingPrincipal,
  findPrincipalByName,
  type PrincipalRow,
} from '../../../../storage/principals.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { foldName } from '../../../auth/basic.ts'
import type { Session } from '../../../auth/session.ts'
import type { ThingKind, ThingRestore } from '../../history/things/kinds.ts'
import { readState } from '../../history/things/record.ts'
import { isShareeFor } from '../../sharing/sharees.ts'
import { may, mustSeeNode, notThere, type SeenNode, seeNode } from '../places.ts'
import {
  accessBy,
  entriesFor,
  entriesOf,
  type FolderEntries,
  keyOfFolderShare,
  setEntries,
} from './shares.ts'

/** What somebody shares of his folders, in the history: with whom, and what they may do in one. Of it the path has the folder and the name. */
export const folderShareThing: ThingKind = {
  kind: 'folder',
  areas: ['files', 'sharing'],
  find: async (reader, session, path) => {
    const [, id, name] = /^(\d{1,15})\/(.+)$/.exec(path) ?? []
    const node = await mustSeeNode(reader, session, Number(id ?? 0))
    const receiver = await findPrincipalByName(reader, foldName(name ?? ''))
    if (!receiver || !isGuarded(node)) throw notThere()
    return { kind: 'folder', key: keyOfFolderShare(node, receiver), ownerId: node.row.principalId }
  },
  isThere: async (reader, session, { key }) => {
    const both = await bothOf(reader, session, key)
    return both !== undefined && accessBy(await entriesOf(reader, both.node, both.receiver.id)) !== undefined
  },
  isShown: async (reader, session, { key }) => {
    const both = await bothOf(reader, session, key)
    return both !== undefined && isShareeFor(reader, session, both.receiver)
  },
  told: async (reader, property, value) => {
    if (value === null || value === undefined || property === 'entries') return undefined
    if (property === 'receiver') {
      const receiver = await findLivingPrincipal(reader, Number(value))
      return receiver && (receiver.displayName || receiver.name)
    }
    return property === 'folder' ? (await findNodeById(reader, Number(value)))?.name : String(value)
  },
  addressOf: async (reader, key) => {
    const [folder, receiverId] = key.split('-').map(Number)
    const receiver = await findLivingPrincipal(reader, receiverId ?? 0)
    return `${folder}/shares/${encodeURIComponent(receiver?.name ?? '')}`
  },
  patch: open,
  make: async (tx, restore) => {
    const both = await bothOf(tx, restore.session, restore.key)
    if (!both || !(await isShareeFor(tx, restore.session, both.receiver))) throw notThere()
    await open(tx, restore)
  },
  remove: (tx, restore) => set(tx, restore, []),
}

/** Whose list is for whoever asks to change. */
function isGuarded({ row, access }: SeenNode): boolean {
  return row.kind === 'folder' && may({ access }, 'read', 'write-acl')
}

/** The folder and with whom it is shared; undefined where one of them is gone, or is not for whoever asks to share. */
async function bothOf(reader: Reader, session: Session, key: string) {
  const [folderId, receiverId] = key.split('-').map(Number)
  const row = await findNodeById(reader, folderId ?? 0)
  const node = row && (await seeNode(reader, session, row))
  const receiver = await findLivingPrincipal(reader, receiverId ?? 0)
  return node && receiver && isGuarded(node) ? { node, receiver } : undefined
}

const granted = z.object({ access: z.enum(['read', 'read-write']) })
const entries = z.object({
  entries: z.array(z.object({ grant: z.boolean(), privileges: z.int().positive().max(allPrivileges) })),
})
/** Of old changes it is known only whether somebody might write. */
const states = z.union([entries, granted])

function entriesBy(state: unknown): FolderEntries {
  const read = readState(states, state)
  return 'entries' in read ? read.entries : entriesFor(read.access)
}

async function open(tx: Writer, restore: ThingRestore): Promise<void> {
  await set(tx, restore, entriesBy(restore.state))
}

async function set(tx: Writer, restore: ThingRestore, wanted: FolderEntries): Promise<void> {
  const both = await bothOf(tx, restore.session, restore.key)
  if (!both) throw notThere()
  if (restore.isUndo) await mustBeAsRecorded(tx, restore, both)
  await setEntries(tx, both.node, both.receiver, wanted, restore)
}

/** What is set in the access control list itself is not written down: an undo leaves it. @throws refusal 409 */
async function mustBeAsRecorded(
  reader: Reader,
  { key, state }: ThingRestore,
  { node, receiver }: { readonly node: SeenNode; readonly receiver: PrincipalRow },
): Promise<void> {
  const of = { kind: 'folder', key, ownerId: node.row.principalId } as const
  const [last] = await listThingRevisions(reader, of, { limit: 1 })
  if (!last) return
  const after: unknown = JSON.parse(last.afterJson ?? 'null')
  const recorded = after === null ? [] : entriesBy(after)
  const present = await entriesOf(reader, node, receiver.id)
  // One that has been changed since it was written down in full is not what an old change made it.
  const isOlder = 'access' in state && !('entries' in state) && entries.safeParse(after).success
  if (isOlder || JSON.stringify(present) !== JSON.stringify(recorded))
    throw refuseStatus(409, 'Somebody else has changed it since.')
}
