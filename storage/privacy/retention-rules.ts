import { WriteConflictError } from '../errors.ts'
import type { CollectionId, PrincipalId, RetentionRuleId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** How long something is kept. */
export interface RetentionRuleRow {
  readonly id: RetentionRuleId
  /** People whom nobody has touched; notes and calls; consents that are over. */
  readonly kind: 'untouched' | 'activities' | 'consents'
  readonly days: number
  /** What becomes of it afterwards: it is listed, or it goes. */
  readonly action: 'suggest' | 'apply'
  /** Of people with this role alone. */
  readonly role: string | null
  /** Of people in this book alone. */
  readonly bookId: CollectionId | null
  /** Who stands for it: it takes away what he may. Null where his account is gone: it does nothing. */
  readonly authorId: PrincipalId | null
  readonly version: number
  readonly changedAt: number
}

export type RetentionRule = Omit<RetentionRuleRow, 'id' | 'version' | 'changedAt'>

/** What was done for a rule at one time; nothing of it says whom it was about. */
export interface RetentionLogRow extends Pick<RetentionRuleRow, 'kind' | 'days' | 'action'> {
  readonly id: number
  readonly ruleId: RetentionRuleId
  readonly at: number
  /** How much was old enough. */
  readonly found: number
  /** How much of it went. */
  readonly done: number
}

const columns = selectList<RetentionRuleRow>('r', [
  ...(['id', 'kind', 'days', 'action', 'role', 'bookId', 'authorId', 'version', 'changedAt'] as const),
])
const logColumns = selectList<RetentionLogRow>('l', [
  ...(['id', 'ruleId', 'kind', 'days', 'action', 'at', 'found', 'done'] as const),
])

export function listRetentionRules({ sql }: Reader): Promise<RetentionRuleRow[]> {
  return sql.all<RetentionRuleRow>(`SELECT ${columns} FROM retention_rules r ORDER BY r.id`)
}

export function findRetentionRule(
  { sql }: Reader,
  id: RetentionRuleId,
): Promise<RetentionRuleRow | undefined> {
  return sql.first<RetentionRuleRow>(`SELECT ${columns} FROM retention_rules r WHERE r.id = $1`, [id])
}

export async function addRetentionRule(tx: Writer, rule: RetentionRule): Promise<RetentionRuleId> {
  const { kind, days, action, role, bookId, authorId } = rule
  const row = await tx.sql.first<{ id: RetentionRuleId }>(
    `INSERT INTO retention_rules (kind, days, action, role, book_id, author_id, version, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, 1, $7) RETURNING id`,
    [kind, days, action, role, bookId, authorId, tx.now],
  )
  if (!row) throw new Error('The rule was not made.')
  return row.id
}

/** @throws WriteConflictError when it has changed since it was read */
export async function changeRetentionRule(tx: Writer, rule: RetentionRuleRow): Promise<void> {
  const { id, version, days, action, role, bookId, authorId } = rule
  const changed = await tx.sql.run(
    `UPDATE retention_rules SET days = $3, action = $4, role = $5, book_id = $6, author_id = $7,
       version = version + 1, changed_at = $8 WHERE id = $1 AND version = $2`,
    [id, version, days, action, role, bookId, authorId, tx.now],
  )
  if (changed === 0) throw new WriteConflictError('The rule has changed.')
}

export async function removeRetentionRule({ sql }: Writer, id: RetentionRuleId): Promise<void> {
  await sql.run('DELETE FROM retention_rules WHERE id = $1', [id])
}

/** The last first. @param page.before  the id of the last one seen */
export function listRetentionLog(
  { sql }: Reader,
  page: { readonly before: number; readonly limit: number },
): Promise<RetentionLogRow[]> {
  return sql.all<RetentionLogRow>(
    `SELECT ${logColumns} FROM retention_log l WHERE l.id < $1 ORDER BY l.id DESC LIMIT $2`,
    [page.before, page.limit],
  )
}

const mostLogged = 10_000

/** Writes down what was done; what is furthest back goes where there is too much. */
export async function addRetentionLog(
  tx: Writer,
  rule: RetentionRuleRow,
  { found, done }: Pick<RetentionLogRow, 'found' | 'done'>,
): Promise<void> {
  const { id, kind, days, action } = rule
  await tx.sql.run(
    `INSERT INTO retention_log (rule_id, kind, days, action, at, found, done) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [id, kind, days, action, tx.now, found, done],
  )
  await tx.sql.run('DELETE FROM retention_log WHERE id <= (SELECT max(id) FROM retention_log) - $1', [
    mostLogged,
  ])
}
