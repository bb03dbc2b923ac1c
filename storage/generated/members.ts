import { inList } from '../database.ts'
import type { CollectionId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** From which member of what it follows a member of a generated collection is made; both by their names. */
export interface GeneratedMember {
  readonly name: string
  readonly sourceName: string
}

const fields = 'name, source_name AS "sourceName"'

/** What has been made from members of these names. */
export function membersMadeFrom(
  { sql }: Reader,
  id: CollectionId,
  sourceNames: readonly string[],
): Promise<GeneratedMember[]> {
  const condition = inList(sql.dialect, 'source_name', '$2', 'text')
  return sql.all<GeneratedMember>(
    `SELECT ${fields} FROM generated_members WHERE collection_id = $1 AND ${condition} ORDER BY name`,
    [id, [...sourceNames]],
  )
}

/** What has been made from members that are there no more, some of it. */
export function membersLeftOver(
  { sql }: Reader,
  id: CollectionId,
  sourceId: CollectionId,
  limit: number,
): Promise<GeneratedMember[]> {
  return sql.all<GeneratedMember>(
    `SELECT ${fields} FROM generated_members g WHERE g.collection_id = $1 AND NOT EXISTS
       (SELECT 1 FROM objects o WHERE o.collection_id = $2 AND o.name = g.source_name) LIMIT $3`,
    [id, sourceId, limit],
  )
}

/** Remembers what a member is made from. */
export async function saveMember(
  tx: Writer,
  id: CollectionId,
  { name, sourceName }: GeneratedMember,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO generated_members (collection_id, name, source_name) VALUES ($1, $2, $3)
     ON CONFLICT (collection_id, name) DO UPDATE SET source_name = excluded.source_name`,
    [id, name, sourceName],
  )
}

export async function forgetMember(tx: Writer, id: CollectionId, name: string): Promise<void> {
  await tx.sql.run('DELETE FROM generated_members WHERE collection_id = $1 AND name = $2', [id, name])
}
