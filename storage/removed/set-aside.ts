import { belongingsOf } from '../groups.ts'
import type { CollectionId, PrincipalId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'

/** What ties principals to others: rows that are nowhere while one of them is removed. */
export type TieKind = 'member' | 'proxy' | 'share' | 'ace' | 'grant'

type Row = Readonly<Record<string, string | number | null>>

interface Tie {
  readonly kind: TieKind
  readonly table: string
  readonly columns: readonly string[]
  /** Which rows are of a principal ($1). */
  readonly of: string
  /** Who is at its ends, one that is nobody for what is gone. */
  readonly ends: (reader: Reader, row: Row) => Promise<readonly (PrincipalId | undefined)[]>
}

const own = (table: string): string => `SELECT id FROM ${table} WHERE principal_id = $1`

const ties: readonly Tie[] = [
  {
    kind: 'member',
    table: 'group_members',
    columns: ['group_id', 'member_id'],
    of: 'group_id = $1 OR member_id = $1',
    ends: async (_reader, row) => [idIn(row, 'group_id'), idIn(row, 'member_id')],
  },
  {
    kind: 'proxy',
    table: 'proxies',
    columns: ['owner_id', 'proxy_id', 'mode'],
    of: 'owner_id = $1 OR proxy_id = $1',
    ends: async (_reader, row) => [idIn(row, 'owner_id'), idIn(row, 'proxy_id')],
  },
  {
    kind: 'share',
    table: 'shares',
    columns: ['collection_id', 'principal_id', 'access', 'summary', 'created_at', 'changed_at'],
    of: `principal_id = $1 OR collection_id IN (${own('collections')})`,
    ends: async (reader, row) => [
      idIn(row, 'principal_id'),
      await ownerOf(reader, 'collections', idIn(row, 'collection_id')),
    ],
  },
  {
    kind: 'ace',
    table: 'aces',
    columns: ['target_kind', 'target_id', 'position', 'subject', 'principal_id', 'is_grant', 'privileges'],
    of: `principal_id = $1 OR (target_kind = 'principal' AND target_id = $1)
      OR (target_kind = 'home' AND target_id IN (${own('homes')}))
      OR (target_kind = 'collection' AND target_id IN (${own('collections')}))
      OR (target_kind = 'node' AND target_id IN (${own('nodes')}))`,
    ends: async (reader, row) => [
      await ownerOf(reader, `${row.target_kind}s`, idIn(row, 'target_id')),
      ...(row.principal_id === null ? [] : [idIn(row, 'principal_id')]),
    ],
  },
  {
    kind: 'grant',
    table: 'grants',
    columns: [
      ...['id', 'giver_id', 'receiver_id', 'kind', 'party_id', 'source_id', 'label', 'former_labels'],
      ...['access', 'masks', 'name', 'version', 'created_at', 'changed_at'],
    ],
    of: 'giver_id = $1 OR receiver_id = $1',
    ends: async (reader, row) => [
      idIn(row, 'giver_id'),
      idIn(row, 'receiver_id'),
      ...((await isGiven(reader, row)) ? [] : [undefined]),
    ],
  },
]

/** Takes all away that ties somebody to others, and remembers it for when he is there again. */
export async function setAside(tx: Writer, id: PrincipalId): Promise<void> {
  for (const { kind, table, columns, of } of ties) {
    const rows = await tx.sql.all<Row>(
      `SELECT ${columns.join(', ')} FROM ${table} WHERE ${of} ORDER BY ${columns.slice(0, 3).join(', ')}`,
      [id],
    )
    for (const row of rows) {
      await remember(tx, id, kind, row)
      touch(tx, row)
    }
    if (rows.length > 0) await tx.sql.run(`DELETE FROM ${table} WHERE ${of}`, [id])
  }
}

async function remember({ sql }: Writer, id: PrincipalId, kind: TieKind, row: Row): Promise<void> {
  await sql.run('INSERT INTO set_aside (principal_id, kind, kept) VALUES ($1, $2, $3)', [
    ...[id, kind, JSON.stringify(row)],
  ])
}

/** What is tied again. */
export interface TiedAgain {
  /** What is shared with others, or with him. */
  readonly collections: readonly CollectionId[]
  /** Who gives people to others, or to him. */
  readonly givers: readonly PrincipalId[]
}

/**
 * Ties somebody who is there again to the others as he was. What is gone by now stays away; what another one who is removed is an end
 * of is remembered for his return.
 */
export async function tieAgain(tx: Writer, id: PrincipalId): Promise<TiedAgain> {
  const rows = await tx.sql.all<{ kind: TieKind; kept: string }>(
    'SELECT kind, kept FROM set_aside WHERE principal_id = $1 ORDER BY id',
    [id],
  )
  await tx.sql.run('DELETE FROM set_aside WHERE principal_id = $1', [id])
  const [collections, givers] = [new Set<CollectionId>(), new Set<PrincipalId>()]
  for (const { kind, kept } of rows) {
    const row = JSON.parse(kept) as Row
    if (!(await tieOne(tx, kind, row))) continue
    if (kind === 'share') collections.add(Number(row.collection_id))
    if (kind === 'grant') givers.add(idIn(row, 'giver_id'))
  }
  return { collections: [...collections], givers: [...givers] }
}

/** @returns whether it is there again */
async function tieOne(tx: Writer, kind: TieKind, row: Row): Promise<boolean> {
  const tie = ties.find((one) => one.kind === kind)
  if (!tie) throw new Error(`Nothing is known of ${kind}.`)
  for (const end of await tie.ends(tx, row)) {
    const found = end === undefined ? undefined : await standing(tx, end)
    if (!found || end === undefined) return false
    if (found.removedAt === null) continue
    await remember(tx, end, kind, row)
    return false
  }
  if (kind === 'member' && (await isCircle(tx, row))) return false
  const placed = kind === 'ace' ? { ...row, position: await nextPosition(tx, row) } : row
  const values = tie.columns.map((column) => placed[column] ?? null)
  touch(tx, row)
  const places = values.map((_, at) => `$${at + 1}`).join(', ')
  const text = `INSERT INTO ${tie.table} (${tie.columns.join(', ')}) VALUES (${places}) ON CONFLICT DO NOTHING`
  return (await tx.sql.run(text, values)) > 0
}

/** What lies in a folder is found by others than before. */
function touch(tx: Writer, row: Row): void {
  if (row.target_kind === 'node') tx.touchedNodes.add(Number(row.target_id))
}

const idIn = (row: Row, column: string): PrincipalId => Number(row[column])

function standing({ sql }: Reader, id: PrincipalId): Promise<{ removedAt: number | null } | undefined> {
  return sql.first('SELECT removed_at AS "removedAt" FROM principals WHERE id = $1', [id])
}

async function ownerOf({ sql }: Reader, table: string, id: number): Promise<PrincipalId | undefined> {
  if (table === 'principals') return id
  const text = `SELECT principal_id AS id FROM ${table} WHERE id = $1`
  return (await sql.first<{ id: PrincipalId }>(text, [id]))?.id
}

/** Whether what a grant is of is there. */
async function isGiven({ sql }: Reader, { kind, party_id: party, source_id: source }: Row): Promise<boolean> {
  const exists = async (from: string, id: unknown) =>
    id === null || (await sql.first(`SELECT 1 AS there FROM ${from}`, [id])) !== undefined
  if (!(await exists('parties WHERE id = $1', party ?? null))) return false
  const from = kind === 'list' ? 'smart_lists' : 'collections'
  return exists(`${from} WHERE id = $1 AND deleted_at IS NULL`, source ?? null)
}

/** Groups that were put into each other meanwhile do not go in a circle. */
async function isCircle(reader: Reader, row: Row): Promise<boolean> {
  const { principals } = await belongingsOf(reader, idIn(row, 'group_id'))
  return principals.has(idIn(row, 'member_id'))
}

/** Its own place, or behind what has that by now. */
async function nextPosition({ sql }: Reader, row: Row): Promise<number> {
  const taken = await sql.first<{ last: number | null; same: number }>(
    `SELECT max(position) AS last, coalesce(max(CASE WHEN position = $3 THEN 1 ELSE 0 END), 0) AS same FROM aces
     WHERE target_kind = $1 AND target_id = $2`,
    [row.target_kind, row.target_id, row.position],
  )
  return taken?.same === 1 ? (taken.last ?? 0) + 1 : Number(row.position)
}
