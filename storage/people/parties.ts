import { type Dialect, inList } from '../database.ts'
import { WriteConflictError } from '../errors.ts'
import type { CollectionId, ObjectId, PartyId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A person or an organisation: what is known beside the cards is counted by `version`. */
export interface PartyRow {
  readonly id: PartyId
  /** Who looks after it. */
  readonly ownerId: PrincipalId | null
  /** Of one that was merged into another: that one. */
  readonly mergedInto: PartyId | null
  readonly version: number
  readonly createdAt: number
  readonly changedAt: number
}

/** A card of somebody. */
export interface PlacementRow {
  readonly objectId: ObjectId
  readonly partyId: PartyId
  readonly collectionId: CollectionId
  readonly uidKey: string | null
  readonly kind: 'person' | 'org'
  readonly name: string
  readonly sortKey: string
  /** When it went to the trash; null for one that lives. */
  readonly removedAt: number | null
}

const partyFields = ['id', 'ownerId', 'mergedInto', 'version', 'createdAt', 'changedAt'] as const
/** All fields of a row. */
export const placementFields = [
  ...(['objectId', 'partyId', 'collectionId', 'uidKey', 'kind', 'name', 'sortKey', 'removedAt'] as const),
] as const
const partyColumns = selectList<PartyRow>('y', partyFields)
/** What is selected of `placements p`. */
export const placementColumns = selectList<PlacementRow>('p', placementFields)

/** People by their ids, merged ones as the rows they were. */
export async function findParties(
  { sql }: Reader,
  ids: readonly PartyId[],
): Promise<ReadonlyMap<PartyId, PartyRow>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.all<PartyRow>(
    `SELECT ${partyColumns} FROM parties y WHERE ${inList(sql.dialect, 'y.id', '$1', 'bigint')}`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Copies of others' cards, as if they were cards of those whom they describe. */
export const copies = `(SELECT m.member_id AS object_id, m.source_id, s.party_id, m.collection_id, m.uid AS uid_key, s.kind, s.name, s.sort_key,
    s.removed_at FROM virtual_members m JOIN placements s ON s.object_id = m.source_id WHERE m.member_id IS NOT NULL)`

/**
 * The living cards of these people in these books, those that came first before the others, and copies of others' cards
 * behind them.
 */
export async function placementsOf(
  { sql }: Reader,
  ids: readonly PartyId[],
  books: readonly CollectionId[],
): Promise<PlacementRow[]> {
  const wanted = `${inList(sql.dialect, 'p.party_id', '$1', 'bigint')} AND p.removed_at IS NULL AND ${inBooks(sql.dialect, 2)}`
  const rows = await sql.all<PlacementRow & { isCopy?: number }>(
    `SELECT ${placementColumns}, 0 AS "isCopy" FROM placements p WHERE ${wanted}
     UNION ALL SELECT ${placementColumns}, 1 AS "isCopy" FROM ${copies} p WHERE ${wanted}
     ORDER BY "partyId", "isCopy", "objectId"`,
    [ids, books],
  )
  for (const row of rows) delete row.isCopy
  return rows
}

/** Every card of these people, wherever it is, those in the trash too. */
export function allPlacementsOf({ sql }: Reader, ids: readonly PartyId[]): Promise<PlacementRow[]> {
  return sql.all<PlacementRow>(
    `SELECT ${placementColumns} FROM placements p
     WHERE ${inList(sql.dialect, 'p.party_id', '$1', 'bigint')} ORDER BY p.party_id, p.object_id`,
    [ids],
  )
}

/** Whom these cards describe, those in the trash too. */
export async function placementsByObject(
  { sql }: Reader,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, PlacementRow>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.all<PlacementRow>(
    `SELECT ${placementColumns} FROM placements p WHERE ${inList(sql.dialect, 'p.object_id', '$1', 'bigint')}`,
    [ids],
  )
  return new Map(rows.map((row) => [row.objectId, row]))
}

/** Which people of a list are wanted. */
export interface PartyPage {
  readonly books: readonly CollectionId[]
  /** Those of them that hold copies of others' cards. */
  readonly given?: ReadonlySet<CollectionId> | undefined
  readonly kind?: 'person' | 'org' | undefined
  /** Who looks after them. */
  readonly ownerId?: PrincipalId | undefined
  readonly role?: string | undefined
  /** One of the CATEGORIES of a card in these books. */
  readonly label?: string | undefined
  /** The last of the page before. */
  readonly after?: Pick<PlacementRow, 'sortKey' | 'objectId'> | undefined
  readonly limit: number
}

/**
 * People by their names, each once: by the first of his cards in these books.
 * Every book is read in the order of its index, so that a page costs as much in a large one as in a small one.
 */
export async function listParties({ sql }: Reader, page: PartyPage): Promise<PlacementRow[]> {
  const { books, given, kind, ownerId, role, label, after, limit } = page
  const rows: PlacementRow[] = []
  for (const book of books) {
    const params: unknown[] = [book, books, limit]
    const conditions = ['p.collection_id = $1', 'p.removed_at IS NULL']
    if (kind) conditions.push(`p.kind = $${params.push(kind)}`)
    if (ownerId !== undefined)
      conditions.push(exists('parties x', `x.id = p.party_id AND x.owner_id = $${params.push(ownerId)}`))
    if (role)
      conditions.push(exists('party_roles x', `x.party_id = p.party_id AND x.role = $${params.push(role)}`))
    if (label && given?.has(book))
      conditions.push(
        exists('card_labels l', `l.object_id = p.source_id AND l.label = $${params.push(label)}`),
      )
    else if (label) {
      const ofCard = 'placements x JOIN card_labels l ON l.object_id = x.object_id'
      const inTheseBooks = inList(sql.dialect, 'x.collection_id', '$2', 'bigint')
      conditions.push(
        exists(ofCard, `x.party_id = p.party_id AND ${inTheseBooks} AND l.label = $${params.push(label)}`),
      )
    }
    if (after) {
      const key = `$${params.push(after.sortKey)}`
      conditions.push(`(p.sort_key, p.object_id) > (${key}, $${params.push(after.objectId)})`)
    }
    const isOther = `q.party_id = p.party_id AND q.removed_at IS NULL
      AND ${inList(sql.dialect, 'q.collection_id', '$2', 'bigint')}`
    const before = 'q.object_id < p.object_id'
    // A copy stands behind all cards.
    const first = given?.has(book)
      ? `NOT ${exists('placements q', isOther)} AND NOT ${exists(`${copies} q`, `${isOther} AND ${before}`)}`
      : `NOT ${exists('placements q', `${isOther} AND ${before}`)}`
    rows.push(
      ...(await sql.all<PlacementRow>(
        `SELECT ${placementColumns} FROM ${given?.has(book) ? copies : 'placements'} p
         WHERE ${conditions.join(' AND ')} AND ${first} ORDER BY p.sort_key, p.object_id LIMIT $3`,
        params,
      )),
    )
  }
  return rows.sort(bySortKey).slice(0, limit)
}

/**
 * Counts a change of what is known of somebody beside his cards, and has looked at what depends on it.
 * @param version  as it was read; undefined where it does not matter
 * @throws WriteConflictError when it has changed since
 */
export async function changeParty(
  tx: Writer,
  id: PartyId,
  patch: { readonly version?: number | undefined; readonly ownerId?: PrincipalId | null | undefined } = {},
): Promise<void> {
  tx.touchedParties.add(id)
  // Nobody has seen the version of one whom this write has made.
  if (tx.madeParties.has(id) && patch.ownerId === undefined && patch.version === undefined) return
  const params: unknown[] = [id, tx.now]
  const sets = ['version = version + 1', 'changed_at = $2']
  if (patch.ownerId !== undefined) sets.push(`owner_id = $${params.push(patch.ownerId)}`)
  const expected = patch.version === undefined ? '' : ` AND version = $${params.push(patch.version)}`
  const changed = await tx.sql.run(`UPDATE parties SET ${sets.join(', ')} WHERE id = $1${expected}`, params)
  if (changed === 0) throw new WriteConflictError('What is known of somebody has changed.')
}

/** Those whom somebody looked after are looked after by another, or by nobody. @returns who they are */
export async function passOwner(tx: Writer, from: PrincipalId, to: PrincipalId | null): Promise<PartyId[]> {
  const rows = await tx.sql.all<{ id: PartyId }>(
    `UPDATE parties SET owner_id = $2, version = version + 1, changed_at = $3 WHERE owner_id = $1 RETURNING id`,
    [from, to, tx.now],
  )
  for (const { id } of rows) tx.touchedParties.add(id)
  return rows.map(({ id }) => id)
}

/** Has somebody look after those people again whom another looks after still, or nobody. @returns whom */
export async function passOwnerBack(
  tx: Writer,
  people: readonly PartyId[],
  { from, to }: { readonly from: PrincipalId | null; readonly to: PrincipalId },
): Promise<PartyId[]> {
  const rows = await tx.sql.all<{ id: PartyId }>(
    `UPDATE parties SET owner_id = $2, version = version + 1, changed_at = $3
     WHERE coalesce(owner_id, 0) = $1 AND ${inList(tx.sql.dialect, 'id', '$4', 'bigint')} RETURNING id`,
    [from ?? 0, to, tx.now, people],
  )
  for (const { id } of rows) tx.touchedParties.add(id)
  return rows.map(({ id }) => id)
}

function exists(from: string, where: string): string {
  return `EXISTS (SELECT 1 FROM ${from} WHERE ${where})`
}

function inBooks(dialect: Dialect, at: number): string {
  return inList(dialect, 'p.collection_id', `$${at}`, 'bigint')
}

/** Names as databases compare them, by code points, which is the order of the octets; of one name the card that came first. */
export function bySortKey(
  one: Pick<PlacementRow, 'sortKey' | 'objectId'>,
  other: Pick<PlacementRow, 'sortKey' | 'objectId'>,
): number {
  const order = Buffer.compare(Buffer.from(one.sortKey), Buffer.from(other.sortKey))
  return order === 0 ? one.objectId - other.objectId : order
}
