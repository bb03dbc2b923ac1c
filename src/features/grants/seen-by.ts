import type { z } from 'zod'
import type { CollectionRow } from '../../../storage/collections.ts'
import { grantBooksBy } from '../../../storage/grants/grant-books.ts'
import { type GrantRow, grantsBy } from '../../../storage/grants/grants.ts'
import { placementsOf } from '../../../storage/people/parties.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import { grouped } from '../../../storage/select.ts'
import { listSharees } from '../../../storage/shares.ts'
import { listSmartLists, type SmartListRow } from '../../../storage/smart-lists/lists.ts'
import type { Reader } from '../../../storage/store.ts'
import { parseMasks } from '../masks/masks.ts'
import type { Asking } from '../people/asking.ts'
import type { SeenParty } from '../people/parties.ts'
import type { seenBy } from './schema.ts'
import { slotOf } from './wanted.ts'

type Seeing = z.infer<typeof seenBy>['items'][number]

/**
 * Who sees somebody, and by what: of my own books to whom they are shared, whole or in part; of books of others whose they
 * are, which is all that concerns me of them. What a receiver has deleted he does not see.
 */
export async function whoSees(
  reader: Reader,
  { session, reach }: Asking,
  party: SeenParty,
): Promise<Seeing[]> {
  const places = new Set(party.placements.map(({ collectionId }) => collectionId))
  const books = reach.books.filter(({ row, givenBy }) => places.has(row.id) && givenBy === undefined)
  const me = session.principal.id
  const own = books.filter(({ row }) => row.principalId === me).map(({ row }) => row)
  const foreign = reach.books.filter(
    ({ row, givenBy }) => places.has(row.id) && (givenBy ?? row.principalId) !== me,
  )
  const owners = await byId(
    reader,
    foreign.map(({ row, givenBy }) => givenBy ?? row.principalId),
  )
  const owned = foreign.flatMap(({ row, givenBy }): Seeing[] => {
    const owner = owners.get(givenBy ?? row.principalId)
    return owner ? [ownerOf(row, owner)] : []
  })
  return [
    ...owned,
    ...(await byShares(reader, own)),
    ...(await byGrants(reader, session.principal, party, own)),
  ]
}

function ownerOf(row: CollectionRow, owner: PrincipalRow): Seeing {
  return {
    by: 'owner',
    title: titleOf(row),
    who: shown(owner),
    access: 'read-write',
    isMasked: false,
    isMine: false,
  }
}

async function byShares(reader: Reader, own: readonly CollectionRow[]): Promise<Seeing[]> {
  const rows = new Map(own.map((row) => [row.id, row]))
  const sharees = await listSharees(reader, [...rows.keys()])
  return sharees.flatMap(({ share: { collectionId, access }, principal, state }): Seeing[] => {
    const row = rows.get(collectionId)
    if (!row || state === 'declined') return []
    return [{ by: 'book', title: titleOf(row), who: shown(principal), access, isMasked: false, isMine: true }]
  })
}

/** What is made of a grant shows whether somebody is in it: by his label, by the questions of a list, or by name. */
async function byGrants(
  reader: Reader,
  giver: PrincipalRow,
  { row }: SeenParty,
  own: readonly CollectionRow[],
): Promise<Seeing[]> {
  const made = await grantBooksBy(reader, giver.id)
  if (made.length === 0) return []
  const ids = made.map(({ collectionId }) => collectionId)
  const copies = await placementsOf(reader, [row.id], ids)
  const among = new Set(copies.map(({ collectionId }) => collectionId))
  const slots = grouped(made, ({ slot }) => slot)
  const grants = (await grantsBy(reader, giver.id)).filter(
    (grant) =>
      (grant.kind !== 'person' || grant.partyId === row.id) &&
      slots.get(slotOf(grant))?.some(({ collectionId }) => among.has(collectionId)),
  )
  const receivers = await byId(
    reader,
    grants.map(({ receiverId }) => receiverId),
  )
  const isOfList = grants.some(({ kind }) => kind === 'list')
  const lists = isOfList ? await listSmartLists(reader, giver.id) : []
  return grants.flatMap((grant): Seeing[] => {
    const { kind, receiverId, access, masks } = grant
    const who = receivers.get(receiverId)
    if (!who) return []
    const isMasked = parseMasks(masks).length > 0
    return [{ by: kind, title: titleIn(grant, lists, own), who: shown(who), access, isMasked, isMine: true }]
  })
}

/** What is given is called. */
function titleIn(
  { kind, sourceId, label }: GrantRow,
  lists: readonly SmartListRow[],
  books: readonly CollectionRow[],
): string {
  if (kind === 'list') return lists.find(({ id }) => id === sourceId)?.name ?? ''
  if (kind !== 'book') return label ?? ''
  const book = books.find(({ id }) => id === sourceId)
  return book ? titleOf(book) : ''
}

async function byId(reader: Reader, ids: readonly number[]): Promise<ReadonlyMap<number, PrincipalRow>> {
  const rows = await findPrincipalsByIds(reader, [...new Set(ids)])
  return new Map(rows.map((row) => [row.id, row]))
}

const titleOf = ({ displayname, name }: Pick<CollectionRow, 'displayname' | 'name'>): string =>
  displayname || name

function shown({ name, kind, displayName }: PrincipalRow): Seeing['who'] {
  return { name, kind, displayName: displayName || name }
}
