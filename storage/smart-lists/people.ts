import type { CollectionId, PartyId } from '../ids.ts'
import { copies, type PlacementRow, placementColumns } from '../people/parties.ts'
import type { Reader } from '../store.ts'
import { conditionOf, isAmong, put, type Writing, writing } from './conditions.ts'
import { isOfAll, type KeyedOrder, keysOf } from './keys.ts'
import type { Filled } from './members.ts'

/** Who is asked for. */
export interface People extends Filled {
  /** Those of the books that hold copies of cards of others. */
  readonly given: ReadonlySet<CollectionId>
  /** Others of that kind; nobody who is in them is asked for, since it would tell what is hidden of him. */
  readonly veiled: readonly CollectionId[]
}

/**
 * Where somebody stands: whether he has nothing that they are sorted by, and comes behind all others by his name; the key;
 * his id, or that of his card where it is his name.
 */
export type Place = readonly [isLate: 0 | 1, key: string | number, id: number]

export interface SortedPage {
  readonly order: 'name' | KeyedOrder
  readonly isDescending: boolean
  readonly after?: Place | undefined
  /** What their names begin with, or come behind. */
  readonly from?: string | undefined
  readonly limit: number
}

export interface SortedPerson extends PlacementRow {
  readonly place: Place
}

/** People of a page, each once; those who have nothing that they are sorted by come last. */
export async function sortedPeople(
  reader: Reader,
  people: People,
  page: SortedPage,
): Promise<SortedPerson[]> {
  const { order, after, limit } = page
  if (order === 'name') return byName(reader, people, page)
  const first = after?.[0] === 1 ? [] : await byKey(reader, people, { ...page, order })
  if (first.length === limit || isOfAll(order)) return first
  const behind = after?.[0] === 1 ? after : undefined
  const rest = { order, isDescending: false, after: behind, limit: limit - first.length }
  return [...first, ...(await byName(reader, people, rest))]
}

export async function countPeople({ sql }: Reader, people: People): Promise<number> {
  let count = 0
  for (const part of partsOf(people)) {
    const on = writing(sql.dialect, people.sight)
    const text = `SELECT count(*) AS count FROM ${part.from} p WHERE ${isWanted(on, people, part)}`
    count += (await sql.first<{ count: number }>(text, on.params))?.count ?? 0
  }
  return count
}

/** How many of them stand before somebody by their names; undefined where he is not among them. */
export async function positionByName(
  { sql }: Reader,
  people: People,
  { partyId, isDescending }: { readonly partyId: PartyId; readonly isDescending: boolean },
): Promise<number | undefined> {
  const parts = partsOf(people)
  let own: { readonly key: string; readonly id: number } | undefined
  for (const part of parts) {
    const on = writing(sql.dialect, people.sight)
    own ??= await sql.first<{ key: string; id: number }>(
      `SELECT p.sort_key AS key, p.object_id AS id FROM ${part.from} p
       WHERE p.party_id = ${put(on, partyId)} AND ${isWanted(on, people, part)}`,
      on.params,
    )
  }
  if (!own) return undefined
  const place = [0, own.key, own.id] as const
  let before = 0
  for (const part of parts) {
    const on = writing(sql.dialect, people.sight)
    const isBefore = isBehind(on, ['p.sort_key', 'p.object_id'], place, !isDescending)
    const text = `SELECT count(*) AS count FROM ${part.from} p WHERE ${isBefore} AND ${isWanted(on, people, part)}`
    before += (await sql.first<{ count: number }>(text, on.params))?.count ?? 0
  }
  return before
}

/** With which letters their names begin, as they are sorted, and how many do; the empty one has those without a name. */
export async function lettersOfPeople(
  { sql }: Reader,
  people: People,
): Promise<{ readonly letter: string; readonly count: number }[]> {
  const letters = new Map<string, number>()
  for (const part of partsOf(people)) {
    const on = writing(sql.dialect, people.sight)
    const rows = await sql.all<{ letter: string; count: number }>(
      `SELECT substr(p.sort_key, 1, 1) AS letter, count(*) AS count FROM ${part.from} p
       WHERE ${isWanted(on, people, part)} GROUP BY substr(p.sort_key, 1, 1)`,
      on.params,
    )
    for (const { letter, count } of rows) letters.set(letter, (letters.get(letter) ?? 0) + count)
  }
  return [...letters]
    .map(([letter, count]) => ({ letter, count }))
    .sort((one, other) => compared(one.letter, other.letter))
}

/** Every book is read in the order of its index, so that a page costs as much in a large one as in a small one. */
async function byName(
  { sql }: Reader,
  people: People,
  { order, isDescending, after, from, limit }: SortedPage,
): Promise<SortedPerson[]> {
  const isLate = order === 'name' ? 0 : 1
  const rows: SortedPerson[] = []
  for (const book of people.sight.books) {
    const on = writing(sql.dialect, people.sight)
    const part = partOf(people, [book])
    const conditions = [`p.collection_id = ${put(on, book)}`, isWanted(on, people, part)]
    if (order !== 'name')
      conditions.push(`p.party_id NOT IN (SELECT k.party_id FROM (${keysOf(on, order)}) k)`)
    if (after) conditions.push(isBehind(on, ['p.sort_key', 'p.object_id'], after, isDescending))
    if (from !== undefined) conditions.push(begins(on, from, isDescending))
    const direction = isDescending ? 'DESC' : 'ASC'
    const found = await sql.all<PlacementRow>(
      `SELECT ${placementColumns} FROM ${part.from} p WHERE ${conditions.join(' AND ')}
       ORDER BY p.sort_key ${direction}, p.object_id ${direction} LIMIT ${put(on, limit)}`,
      on.params,
    )
    rows.push(...found.map((row) => ({ ...row, place: [isLate, row.sortKey, row.objectId] as const })))
  }
  return sorted(rows, isDescending).slice(0, limit)
}

async function byKey(
  { sql }: Reader,
  people: People,
  { order, isDescending, after, limit }: SortedPage & { readonly order: KeyedOrder },
): Promise<SortedPerson[]> {
  const rows: SortedPerson[] = []
  for (const part of partsOf(people)) {
    const on = writing(sql.dialect, people.sight)
    const conditions = ['p.party_id = k.party_id', isWanted(on, people, part)]
    if (after) conditions.push(isBehind(on, ['k.key', 'k.party_id'], after, isDescending))
    const direction = isDescending ? 'DESC' : 'ASC'
    const found = await sql.all<PlacementRow & { key: string | number }>(
      `SELECT ${placementColumns}, k.key FROM (${keysOf(on, order)}) k CROSS JOIN ${part.from} p
       WHERE ${conditions.join(' AND ')} ORDER BY k.key ${direction}, k.party_id ${direction} LIMIT ${put(on, limit)}`,
      on.params,
    )
    rows.push(...found.map(({ key, ...row }) => ({ ...row, place: [0, key, row.partyId] as const })))
  }
  return sorted(rows, isDescending).slice(0, limit)
}

/** Cards that are looked through together: those in these books, or copies in these. */
interface Part {
  readonly from: string
  readonly books: readonly CollectionId[]
  readonly areCopies: boolean
}

function partsOf(people: People): readonly Part[] {
  const { given, sight } = people
  const own = sight.books.filter((id) => !given.has(id))
  const parts = [own, [...given]].filter((books) => books.length > 0)
  return parts.map((books) => partOf(people, books))
}

/** @param books  all of them with copies, or none */
function partOf({ given }: People, books: readonly CollectionId[]): Part {
  const areCopies = books.some((id) => given.has(id))
  return { from: areCopies ? copies : 'placements', books, areCopies }
}

/** Whoever is wanted is there once, by the first of his cards that are read; a copy stands behind all cards. */
function isWanted(on: Writing, { wanted, sight, given, veiled }: People, { books, areCopies }: Part): string {
  const isOther = 'q.party_id = p.party_id AND q.removed_at IS NULL'
  const isCard = `${isOther} AND ${isAmong(on, 'q.collection_id', sight.books)}`
  const isCopy = (): string => `${isOther} AND ${isAmong(on, 'q.collection_id', [...given])}`
  const isFirst = areCopies
    ? `NOT EXISTS (SELECT 1 FROM placements q WHERE ${isCard})
       AND NOT EXISTS (SELECT 1 FROM ${copies} q WHERE ${isCopy()} AND q.object_id < p.object_id)`
    : `NOT EXISTS (SELECT 1 FROM placements q WHERE ${isCard} AND q.object_id < p.object_id)`
  const isHere = `p.removed_at IS NULL AND ${isAmong(on, 'p.collection_id', books)}`
  return `${isHere} AND ${isFirst} AND ${isOutside(on, veiled)} AND ${conditionOf(on, wanted)}`
}

function isOutside(on: Writing, books: readonly CollectionId[]): string {
  if (books.length === 0) return '1 = 1'
  return `p.party_id NOT IN (SELECT h.party_id FROM ${copies} h WHERE ${isAmong(on, 'h.collection_id', books)})`
}

function isBehind(
  on: Writing,
  columns: readonly [string, string],
  [, key, id]: Place,
  isDescending: boolean,
): string {
  return `(${columns.join(', ')}) ${isDescending ? '<' : '>'} (${put(on, key)}, ${put(on, id)})`
}

/** Whoever begins so is there in both directions: no character comes behind the last one of Unicode. */
function begins(on: Writing, from: string, isDescending: boolean): string {
  return isDescending ? `p.sort_key <= ${put(on, `${from}\u{10ffff}`)}` : `p.sort_key >= ${put(on, from)}`
}

function sorted(rows: SortedPerson[], isDescending: boolean): SortedPerson[] {
  const sign = isDescending ? -1 : 1
  return rows.sort(({ place: one }, { place: other }) => {
    const order = compared(one[1], other[1])
    return sign * (order === 0 ? one[2] - other[2] : order)
  })
}

/** As the databases compare: texts by code points, which is the order of the octets. */
function compared(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)))
}
