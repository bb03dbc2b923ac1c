import { type AceTarget, type NewAce, replaceAces } from '../../../../storage/aces.ts'
import { addBirthdays } from '../../../../storage/generated/birthdays.ts'
import { wantDirectoryBook } from '../../../../storage/generated/directory-books.ts'
import { addGroupMember, setProxy } from '../../../../storage/groups.ts'
import { findPrincipalByName, type PrincipalRow } from '../../../../storage/principals.ts'
import { setQuota } from '../../../../storage/quotas.ts'
import { insertFolderLink, insertPublicLink, insertShare } from '../../../../storage/restored/rights.ts'
import type { Writer } from '../../../../storage/store.ts'
import { newLinkToken } from '../../sharing/public-links.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import { type AceRecord, privilegeSet, type Who } from '../format.ts'
import type { Restoring, Staged, StagedCollection } from './staged.ts'

/** A run within the one write that lets everything be seen. It may run twice, and tells of what it leaves out at its end. */
export interface Publishing {
  readonly tx: Writer
  readonly isErased: Restoring['isErased']
  leftOut(path: string, reason: string): void
  /** Somebody of this installation by his name and kind. */
  find(who: Who): Promise<PrincipalRow | undefined>
}

export function publishing(
  tx: Writer,
  isErased: Publishing['isErased'],
  leftOut: Publishing['leftOut'],
): Publishing {
  const known = new Map<string, PrincipalRow | undefined>()
  return {
    tx,
    isErased,
    leftOut,
    find: async ({ kind, name }) => {
      if (!known.has(name)) known.set(name, await findPrincipalByName(tx, name))
      const found = known.get(name)
      return found?.kind === kind ? found : undefined
    },
  }
}

/** Whom an account lets do what: delegates, members, access control lists, shares. Who is not here is left out, and named. */
export async function restoreRights(run: Publishing, staged: Staged): Promise<void> {
  const { tx } = run
  const { id, record, folder } = staged
  if (record.quotaBytes !== null) await setQuota(tx, id, record.quotaBytes)
  if (record.isDirectoryOff) await wantDirectoryBook(tx, id, false)
  for (const delegate of record.delegates) {
    const found = await run.find(delegate)
    if (found) await setProxy(tx, id, found.id, delegate.mode)
    else run.leftOut(folder, absent('a delegate', delegate))
  }
  for (const member of record.kind === 'group' ? record.members : []) {
    const found = await run.find(member)
    if (found) await addGroupMember(tx, id, found.id)
    else run.leftOut(folder, absent('a member', member))
  }
  await setAces(run, { kind: 'principal', id }, record.aces, folder)
  for (const { kind, aces } of record.homes) {
    const home = staged.homes.get(kind)
    if (home !== undefined) await setAces(run, { kind: 'home', id: home }, aces, `${folder}/${kind}`)
  }
  for (const node of staged.nodes) {
    await setAces(run, { kind: 'node', id: node.id }, node.aces, `${folder}/files`)
    await restoreFolderLinks(run, node, `${folder}/files/${node.path}`)
  }
  for (const collection of staged.collections) await restoreCollectionRights(run, collection, folder)
  await restoreGenerated(run, staged)
}

const absent = (what: string, { kind, name }: Who): string =>
  `${what} is not here: the ${kind === 'user' ? 'account' : kind} "${name}".`

async function restoreCollectionRights(
  run: Publishing,
  { row, record }: StagedCollection,
  folder: string,
): Promise<void> {
  const path = `${folder}/${record.name}`
  await setAces(run, { kind: 'collection', id: row.id }, record.aces, path)
  for (const { with: sharee, access, summary, createdAt, changedAt } of record.shares) {
    const found = await run.find(sharee)
    const share = { collectionId: row.id, access, summary, createdAt, changedAt }
    if (found && found.id !== row.principalId) await insertShare(run.tx, { ...share, principalId: found.id })
    else run.leftOut(path, absent('whom it is shared with', sharee))
  }
  for (const { label, createdAt } of record.links) {
    await insertPublicLink(run.tx, { collectionId: row.id, token: newLinkToken(), label, createdAt })
    run.leftOut(path, `the address of the public link "${label}", which has a new one.`)
  }
}

/** Those whose time is over lead nowhere, and are not made again. */
async function restoreFolderLinks(
  { tx, leftOut }: Publishing,
  { id: nodeId, links }: Staged['nodes'][number],
  path: string,
): Promise<void> {
  for (const { createdAt, expiresAt } of links) {
    if (expiresAt !== null && expiresAt <= tx.now) continue
    await insertFolderLink(tx, { nodeId, token: newLinkToken(), createdAt, expiresAt })
    leftOut(path, 'the address of the public link to the folder, which has a new one.')
  }
}

/** Lets what the server makes from an address book follow it again: its members are made at the end of the write. */
async function restoreGenerated(run: Publishing, staged: Staged): Promise<void> {
  for (const { row, record } of staged.collections) {
    const { generated } = record
    if (!generated) continue
    const { book: name, alarms, otherDates } = generated
    const book = staged.collections.find((one) => one.row.kind === 'addressbook' && one.row.name === name)
    if (!book) throw new TransferError(`${staged.folder} has no address book "${name}" for "${row.name}".`)
    await addBirthdays(run.tx, { calendar: row, book: book.row }, { alarms, otherDates: Number(otherDates) })
  }
}

async function setAces(
  run: Publishing,
  target: AceTarget,
  records: readonly AceRecord[],
  path: string,
): Promise<void> {
  const aces: NewAce[] = []
  for (const { subject, who, grant, privileges } of records) {
    const found = who && (await run.find(who))
    if (who && !found) run.leftOut(path, absent('somebody in the access control list', who))
    if (subject === 'principal' && !found) continue
    const principalId = found?.id ?? null
    aces.push({ subject, principalId, isGrant: grant ? 1 : 0, privileges: privilegeSet(privileges) })
  }
  if (aces.length > 0) await replaceAces(run.tx, target, aces)
}
