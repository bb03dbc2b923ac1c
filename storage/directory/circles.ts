import { inList } from '../database.ts'
import type { PrincipalId } from '../ids.ts'
import { isPublished, type PrincipalRow, principalFields } from '../principals.ts'
import { selectList } from '../select.ts'
import type { Reader } from '../store.ts'

const columns = selectList<PrincipalRow>('p', principalFields)

/** Those of these segments, in no order. */
export function findPrincipalsBySegments(
  { sql }: Reader,
  segments: readonly string[],
): Promise<PrincipalRow[]> {
  const condition = inList(sql.dialect, 'p.segment', '$1', 'text')
  return sql.all<PrincipalRow>(
    `SELECT ${columns} FROM principals p WHERE ${condition} AND p.removed_at IS NULL`,
    [[...segments]],
  )
}

export interface DirectoryPage {
  /** The id after which the page begins. */
  readonly after: PrincipalId
  readonly limit: number
}

/** A page of all principals, by id. */
export function pageOfPrincipals(reader: Reader, { after, limit }: DirectoryPage): Promise<PrincipalRow[]> {
  return reader.sql.all<PrincipalRow>(
    `SELECT ${columns} FROM principals p WHERE p.id > $1 AND ${isPublished} ORDER BY p.id LIMIT $2`,
    [after, limit],
  )
}

/** With whom somebody has to do: by delegation alone, or by being in the same groups too. */
export type Circle = 'delegation' | 'groups'

/** The groups that hold the caller ($1), and those to whom or by whom something is delegated. */
const around = `holding(id) AS (
    SELECT CAST($1 AS bigint) UNION
    SELECT g.group_id FROM group_members g JOIN holding h ON h.id = g.member_id),
  partners(id) AS (
    SELECT CAST($1 AS bigint)
    UNION SELECT x.owner_id FROM proxies x JOIN holding h ON h.id = x.proxy_id
    UNION SELECT x.proxy_id FROM proxies x WHERE x.owner_id = CAST($1 AS bigint))`

/** A page of those in somebody's circle, himself among them, by id. */
export function pageOfCircle(
  reader: Reader,
  caller: PrincipalId,
  circle: Circle,
  { after, limit }: DirectoryPage,
): Promise<PrincipalRow[]> {
  const seen =
    circle === 'groups' ? 'SELECT id FROM reached UNION SELECT id FROM partners' : 'SELECT id FROM partners'
  return reader.sql.all<PrincipalRow>(
    `WITH RECURSIVE ${around},
       reached(id) AS (
         SELECT id FROM holding UNION
         SELECT g.member_id FROM group_members g JOIN reached r ON r.id = g.group_id)
     SELECT ${columns} FROM principals p WHERE p.id IN (${seen}) AND p.id > $2 AND p.removed_at IS NULL ORDER BY p.id LIMIT $3`,
    [caller, after, limit],
  )
}

/** Those of these ids that are in somebody's circle. It is looked for upwards: groups have many members, people few groups. */
export async function amongCircle(
  reader: Reader,
  caller: PrincipalId,
  circle: Circle,
  ids: readonly PrincipalId[],
): Promise<ReadonlySet<PrincipalId>> {
  const asked = inList(reader.sql.dialect, 'p.id', '$2', 'bigint')
  const inGroups = 'UNION SELECT origin FROM upwards WHERE id IN (SELECT id FROM holding)'
  const rows = await reader.sql.all<{ id: PrincipalId }>(
    `WITH RECURSIVE ${around},
       asked(id) AS (SELECT p.id FROM principals p WHERE ${asked}),
       upwards(origin, id) AS (
         SELECT id, id FROM asked UNION
         SELECT u.origin, g.group_id FROM group_members g JOIN upwards u ON u.id = g.member_id)
     SELECT id FROM asked WHERE id IN (SELECT id FROM partners ${circle === 'groups' ? inGroups : ''})`,
    [caller, [...ids]],
  )
  return new Set(rows.map(({ id }) => id))
}
