import { inList } from '../database.ts'
import type { PrincipalId } from '../ids.ts'
import { isPublished, type PrincipalKind, type PrincipalRow, principalFields } from '../principals.ts'
import { selectList } from '../select.ts'
import type { Reader } from '../store.ts'

/** An account with what somebody who runs the place asks about it. */
export interface AccountOverview extends PrincipalRow {
  readonly usedBytes: number | null
  readonly limitBytes: number | null
  /** Passwords of devices in use, and browsers that are signed in. */
  readonly devices: number
  readonly browsers: number
  /** When a device, a browser or a token of it was used last; null for never. */
  readonly seenAt: number | null
}

const columns = selectList<PrincipalRow>('p', principalFields)
const lastOf = (table: string): string =>
  `coalesce((SELECT max(t.last_used_at) FROM ${table} t WHERE t.principal_id = p.id), 0)`

const overview = `SELECT ${columns}, q.used_bytes AS "usedBytes", q.limit_bytes AS "limitBytes",
    (SELECT count(*) FROM app_passwords a WHERE a.principal_id = p.id AND a.revoked_at IS NULL) AS devices,
    (SELECT count(*) FROM web_sessions w WHERE w.principal_id = p.id) AS browsers,
    ${lastOf('app_passwords')} AS "deviceAt", ${lastOf('web_sessions')} AS "browserAt", ${lastOf('api_tokens')} AS "tokenAt"
  FROM principals p LEFT JOIN quotas q ON q.principal_id = p.id`

type Counted = Omit<AccountOverview, 'seenAt'> & Record<'deviceAt' | 'browserAt' | 'tokenAt', number>

/** Where and what to look for. */
export interface PrincipalSearch {
  readonly kind: PrincipalKind
  /** A part of the name, the shown name or the mail address, folded. */
  readonly text?: string | undefined
  /** The name of the last one seen. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Accounts in the order of their names. */
export async function pageAccounts(reader: Reader, search: PrincipalSearch): Promise<AccountOverview[]> {
  const { where, params } = conditionsOf(search)
  const rows = await reader.sql.all<Counted>(
    `${overview} WHERE ${where} ORDER BY p.name LIMIT $${params.length + 1}`,
    [...params, search.limit],
  )
  return rows.map(counted)
}

/** Groups, rooms or resources in the order of their names. */
export function pagePrincipals({ sql }: Reader, search: PrincipalSearch): Promise<PrincipalRow[]> {
  const { where, params } = conditionsOf(search)
  return sql.all<PrincipalRow>(
    `SELECT ${columns} FROM principals p WHERE ${where} ORDER BY p.name LIMIT $${params.length + 1}`,
    [...params, search.limit],
  )
}

export async function accountOverview(
  { sql }: Reader,
  id: PrincipalId,
): Promise<AccountOverview | undefined> {
  const row = await sql.first<Counted>(`${overview} WHERE p.id = $1`, [id])
  return row && counted(row)
}

/** How many members groups have. */
export async function memberCounts(
  { sql }: Reader,
  groups: readonly PrincipalId[],
): Promise<ReadonlyMap<PrincipalId, number>> {
  const rows = await sql.all<{ id: PrincipalId; count: number }>(
    `SELECT g.group_id AS id, count(*) AS count FROM group_members g
     WHERE ${inList(sql.dialect, 'g.group_id', '$1', 'bigint')} GROUP BY g.group_id`,
    [[...groups]],
  )
  return new Map(rows.map(({ id, count }) => [id, count]))
}

function counted({ deviceAt, browserAt, tokenAt, ...row }: Counted): AccountOverview {
  const at = Math.max(deviceAt, browserAt, tokenAt)
  return { ...row, seenAt: at === 0 ? null : at }
}

function conditionsOf({ kind, text, after }: PrincipalSearch): { where: string; params: unknown[] } {
  const params: unknown[] = [kind]
  const conditions = [isPublished, 'p.kind = $1']
  if (after !== undefined) conditions.push(`p.name > $${params.push(after)}`)
  if (text !== undefined) {
    const pattern = `$${params.push(`%${text.replace(/[\\%_]/g, '\\$&')}%`)}`
    const like = (column: string): string => `lower(${column}) LIKE ${pattern} ESCAPE '\\'`
    conditions.push(`(${like('p.name')} OR ${like('p.display_name')} OR ${like("coalesce(p.email, '')")})`)
  }
  return { where: conditions.join(' AND '), params }
}
