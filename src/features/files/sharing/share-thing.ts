import { z } from 'zod'
import { findNodeById } from '../../../../storage/nodes/nodes.ts'
import { findLivingPrincipal, findPrincipalByName } from '../../../../storage/principals.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { foldName } from '../../../auth/basic.ts'
import type { Session } from '../../../auth/session.ts'
import type { ThingKind, ThingRestore } from '../../history/things/kinds.ts'
import { readState } from '../../history/things/record.ts'
import { may, mustSeeNode, notThere, type SeenNode, seeNode } from '../places.ts'
import { accessOf, keyOfFolderShare, setAccess } from './shares.ts'

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
    return both !== undefined && (await accessOf(reader, both.node, both.receiver.id)) !== undefined
  },
  isShown: async (reader, session, { key }) => (await bothOf(reader, session, key)) !== undefined,
  told: async (reader, property, value) => {
    if (value === null || value === undefined) return undefined
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
  make: open,
  remove: (tx, restore) => set(tx, restore, undefined),
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

const states = z.object({ access: z.enum(['read', 'read-write']) })

async function open(tx: Writer, restore: ThingRestore): Promise<void> {
  await set(tx, restore, readState(states, restore.state).access)
}

async function set(tx: Writer, restore: ThingRestore, access: 'read' | 'read-write' | undefined) {
  const { session, key } = restore
  const both = await bothOf(tx, session, key)
  if (!both) throw notThere()
  await setAccess(tx, both.node, both.receiver, access, restore)
}
