import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { findHomeById } from '../../../storage/homes.ts'
import type { NodeId } from '../../../storage/ids.ts'
import { namesLike } from '../../../storage/nodes/children.ts'
import { listDeletions } from '../../../storage/nodes/node-revisions.ts'
import { deleteNode, type FileContent, lockHomes } from '../../../storage/nodes/node-writes.ts'
import { findNode, findTrashedNode, type NodeRow } from '../../../storage/nodes/nodes.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { copyTo } from '../documents/copy.ts'
import { makeFolder, moveTo, storeFile } from '../documents/documents.ts'
import { treeRights } from '../documents/tree-rights.ts'
import { bringBackNode } from '../trash/nodes.ts'
import {
  checkUnlocked,
  type FolderPlace,
  folderOf,
  mustMay,
  mustSeeNode,
  notThere,
  parentIdOf,
  type SeenNode,
  seeNode,
  spotIn,
} from './places.ts'

/** Who changes what lies in folders. */
export interface Filing extends Pick<Services, 'settings' | 'newId'> {
  readonly session: Session
  readonly origin: Origin
}

/** What becomes of a file whose name is taken. */
export type OnClash = 'refuse' | 'replace' | 'rename'

/** @throws need-privileges, refusal 409 for a name that is taken, and as makeFolder */
export async function addFolder(
  tx: Writer,
  place: FolderPlace,
  name: string,
  filing: Filing,
): Promise<NodeId> {
  mustMay(place, 'bind')
  await lockHomes(tx, [place.home])
  if (await nodeNamed(tx, place, name)) throw nameTaken(name)
  await checkUnlocked(tx, [{ place, name, act: 'make' }])
  const made = { resourceId: filing.newId(), origin: filing.origin }
  return (await makeFolder(tx, spotIn(place, name), made, filing.settings)).id
}

/** Refuses a name that is taken, where that is wanted. @throws refusal 409 */
export async function checkClash(
  reader: Reader,
  place: FolderPlace,
  { name, onClash }: { readonly name: string; readonly onClash: OnClash },
): Promise<void> {
  const taken = onClash === 'rename' ? undefined : await nodeNamed(reader, place, name)
  if (taken && (onClash === 'refuse' || taken.kind === 'folder')) throw nameTaken(name)
}

/**
 * Stores the octets of a file, which have come, under a name.
 * @throws need-privileges, quota-not-exceeded, refusal 409 for a name that is taken, and as makeFolder
 */
export async function addFile(
  tx: Writer,
  place: FolderPlace,
  file: { readonly name: string; readonly onClash: OnClash; readonly content: FileContent },
  filing: Filing,
): Promise<NodeId> {
  await lockHomes(tx, [place.home])
  await checkClash(tx, place, file)
  const taken = await nodeNamed(tx, place, file.name)
  const { onClash, content } = file
  const existing = onClash === 'replace' ? taken : undefined
  const name = taken && !existing ? await freeName(tx, place, file.name) : file.name
  mustMay(place, existing ? 'write-content' : 'bind')
  await checkUnlocked(tx, [{ place, name, act: existing ? 'change' : 'make' }])
  const made = { resourceId: filing.newId(), origin: filing.origin }
  const stored = await storeFile(tx, spotIn(place, name), content, existing, made, filing.settings)
  return stored.node.id
}

/** Gives a file other octets. @throws need-privileges, quota-not-exceeded, refusal 409 for a folder */
export async function writeContent(
  tx: Writer,
  { row, parent, access }: SeenNode,
  content: FileContent,
  { settings, origin, newId }: Filing,
): Promise<void> {
  if (row.kind !== 'file') throw refuseStatus(409, 'This is a folder, not a file.')
  mustMay({ access }, 'write-content')
  await checkUnlocked(tx, [{ place: parent, name: row.name, act: 'change' }])
  await storeFile(tx, spotIn(parent, row.name), content, row, { resourceId: newId(), origin }, settings)
}

/** Gives a node another name, another folder, or both. @returns its id, which is another in another account */
export async function relocate(
  tx: Writer,
  node: SeenNode,
  to: { readonly place: FolderPlace; readonly name: string },
  filing: Filing,
): Promise<NodeId> {
  const { row, parent } = node
  const isSame = to.place.home.id === row.homeId && parentIdOf(to.place) === row.parentId
  if (isSame && to.name === row.name) return row.id
  mustMay(parent, 'unbind')
  mustMay(to.place, 'bind')
  checkApart(row, to.place)
  await lockHomes(tx, [parent.home, to.place.home])
  const taken = await nodeNamed(tx, to.place, to.name)
  if (taken && taken.id !== row.id) throw nameTaken(to.name)
  await checkUnlocked(tx, [
    { place: parent, name: row.name, act: 'remove', isWhole: true },
    { place: to.place, name: to.name, act: 'make' },
  ])
  const spot = spotIn(to.place, to.name)
  if (parent.owner.id === to.place.owner.id)
    return (await moveTo(tx, parent.home, row, spot, filing.origin, filing.settings)).id
  return moveAway(tx, node, to, filing)
}

/** To another account goes what the mover may read, as a copy; whoever had it finds all of it in the trash (law 4). */
async function moveAway(
  tx: Writer,
  node: SeenNode,
  to: { readonly place: FolderPlace; readonly name: string },
  { session, origin, newId, settings }: Filing,
): Promise<NodeId> {
  const { row, parent } = node
  const { home } = parent
  const root = row.kind === 'folder' ? { homeId: home.id, id: row.id, ...folderOf(node) } : undefined
  const rights = root && (await treeRights(tx, session, root))
  const isSeen = async (one: NodeRow) => (((await rights?.of(one)) ?? 0) & bit.read) !== 0
  const options = { withMembers: true, isSeen, origin, newId }
  const copied = await copyTo(tx, home, row, spotIn(to.place, to.name), options, settings)
  await deleteNode(tx, home, row, origin)
  return copied.id
}

/** Takes a folder or a file into the trash, with all that lies in it. @throws need-privileges */
export async function discard(tx: Writer, { row, parent }: SeenNode, { origin }: Filing): Promise<void> {
  mustMay(parent, 'unbind')
  await lockHomes(tx, [parent.home])
  await checkUnlocked(tx, [{ place: parent, name: row.name, act: 'remove', isWhole: true }])
  await deleteNode(tx, parent.home, row, origin)
}

/**
 * Brings back what went to the trash, for its owner, or for whoever deleted it and might put it there again: the trash of
 * another is not for others.
 * @throws refusal 404, 409
 */
export async function bringBack(tx: Writer, id: NodeId, filing: Filing): Promise<SeenNode> {
  const { session, origin, settings } = filing
  const row = await findTrashedNode(tx, id)
  const home = row && (await findHomeById(tx, row.homeId))
  const seen = row && (await seeNode(tx, session, row))
  if (!home || !seen || (seen.parent.access & bit.read) === 0) throw notThere()
  const me = session.principal.id
  if (home.principalId !== me && (await listDeletions(tx, [id])).get(id)?.authorId !== me) throw notThere()
  mustMay(seen.parent, 'bind')
  await checkUnlocked(tx, [{ place: seen.parent, name: row.name, act: 'make' }])
  const outcome = await bringBackNode(tx, seen.parent.owner, id, { ...origin, kind: 'restore' }, settings)
  if (outcome.kind === 'refused') throw refuseStatus(409, outcome.reason)
  return mustSeeNode(tx, session, id)
}

function nodeNamed(reader: Reader, place: FolderPlace, name: string): Promise<NodeRow | undefined> {
  return findNode(reader, place.home.id, parentIdOf(place), name)
}

function nameTaken(name: string): Error {
  return refuseStatus(409, `There is something of the name "${name}" here already.`)
}

/** A folder does not go into itself. */
function checkApart(row: NodeRow, place: FolderPlace): void {
  if ([...place.around, place].some(({ folder }) => folder?.id === row.id))
    throw refuseStatus(409, 'A folder cannot be moved into itself.')
}

const mostNames = 1_000

/** `Offer.pdf` is `Offer (2).pdf` where that is taken. */
export async function freeName(tx: Writer, place: FolderPlace, name: string): Promise<string> {
  const [, stem = name, ending = ''] = /^(.+?)(\.[^.]{1,10})?$/.exec(name) ?? []
  const names = await namesLike(
    tx,
    { homeId: place.home.id, parentId: parentIdOf(place) },
    stem.normalize('NFC'),
    mostNames,
  )
  for (let number = 2; number <= mostNames + 2; number += 1) {
    const wanted = `${stem} (${number})${ending}`
    if (!names.has(wanted.normalize('NFC'))) return wanted
  }
  throw nameTaken(name)
}
