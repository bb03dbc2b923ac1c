import { inList } from '../database.ts'
import type { CollectionId, PartyId } from '../ids.ts'
import { bySortKey, copies, type PlacementRow } from '../people/parties.ts'
import { selectList } from '../select.ts'
import type { Reader } from '../store.ts'
import { columnsOf } from './fact-rows.ts'
import { type Day, type MembershipRow, membershipTable, type OrgLinkRow, orgLinkTable } from './tables.ts'

/** Where a list of people goes on. */
export type PersonKey = readonly [sortKey: string, objectId: number, membershipId: number]

export interface PeoplePage {
  readonly orgId: PartyId
  readonly books: readonly CollectionId[]
  /** Those of them that hold copies of others' cards. */
  readonly given?: ReadonlySet<CollectionId> | undefined
  readonly when: 'now' | 'past' | 'all'
  readonly today: Day
  readonly after?: PersonKey | undefined
  readonly limit: number
}

/** A membership, and the card that its person is shown by. */
export type PlacedMembership = MembershipRow & Pick<PlacementRow, 'objectId' | 'kind' | 'name' | 'sortKey'>

const cardColumns = selectList<PlacementRow>('p', ['objectId', 'kind', 'name', 'sortKey'])

/** Who works, or worked, for an organisation, by name; a copy of another's card stands for whoever has no other. */
export async function peopleOf(reader: Reader, page: PeoplePage): Promise<PlacedMembership[]> {
  const own = await peopleIn(reader, page, 'placements')
  if (!page.given || page.given.size === 0) return own
  const rows = [...own, ...(await peopleIn(reader, page, copies))]
  const order = (one: PlacedMembership, other: PlacedMembership): number =>
    bySortKey(one, other) || one.id - other.id
  return rows.sort(order).slice(0, page.limit)
}

function peopleIn({ sql }: Reader, page: PeoplePage, places: string): Promise<PlacedMembership[]> {
  const { orgId, books, when, today, after, limit } = page
  const params: unknown[] = [orgId, books, limit]
  const conditions = [
    'f.org_id = $1',
    'p.removed_at IS NULL',
    inList(sql.dialect, 'p.collection_id', '$2', 'bigint'),
  ]
  if (when !== 'all') {
    const day = `$${params.push(today)}`
    conditions.push(when === 'now' ? `(f.until_on IS NULL OR f.until_on > ${day})` : `f.until_on <= ${day}`)
  }
  const hasNone = (among: string, condition: string): string =>
    `NOT EXISTS (SELECT 1 FROM ${among} q WHERE q.party_id = p.party_id${condition} AND q.removed_at IS NULL
       AND ${inList(sql.dialect, 'q.collection_id', '$2', 'bigint')})`
  if (after) {
    const key = after.map((part) => `$${params.push(part)}`)
    conditions.push(`(p.sort_key, p.object_id, f.id) > (${key.join(', ')})`)
  }
  return sql.all<PlacedMembership>(
    `SELECT ${columnsOf(membershipTable)}, ${cardColumns}
     FROM memberships f JOIN ${places} p ON p.party_id = f.party_id
     WHERE ${conditions.join(' AND ')} AND ${hasNone(places, ' AND q.object_id < p.object_id')}
       AND ${places === 'placements' ? '1 = 1' : hasNone('placements', '')}
     ORDER BY p.sort_key, p.object_id, f.id LIMIT $3`,
    params,
  )
}

/** Which way links between organisations are followed. */
export type Direction = 'above' | 'below'

/**
 * The links that hold today, from an organisation over several levels, the nearest first. A circle, which nobody can make
 * on purpose, ends at the last level.
 */
export function orgLinksFrom(
  { sql }: Reader,
  id: PartyId,
  direction: Direction,
  { today, levels, limit }: { readonly today: Day; readonly levels: number; readonly limit: number },
): Promise<(OrgLinkRow & { readonly level: number })[]> {
  const [from, to] = direction === 'above' ? ['party_id', 'parent_id'] : ['parent_id', 'party_id']
  return sql.all(
    `WITH RECURSIVE reached(id, level) AS (
       SELECT CAST($1 AS bigint), 0
       UNION SELECT l.${to}, r.level + 1 FROM org_links l JOIN reached r ON l.${from} = r.id
       WHERE r.level < $2 AND (l.until_on IS NULL OR l.until_on > $3))
     SELECT ${columnsOf(orgLinkTable)}, min(r.level) + 1 AS level FROM org_links f JOIN reached r ON f.${from} = r.id
     WHERE r.level < $2 AND (f.until_on IS NULL OR f.until_on > $3)
     GROUP BY f.id ORDER BY level, f.id LIMIT $4`,
    [id, levels, today, limit],
  )
}
