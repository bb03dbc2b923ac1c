import { inList } from '../database.ts'
import { WriteConflictError } from '../errors.ts'
import type { CadenceId, ObjectId, PartyId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** How often somebody wants to be in touch with a person. */
export interface CadenceRow {
  readonly id: CadenceId
  readonly partyId: PartyId
  /** Who wants to be. */
  readonly principalId: PrincipalId
  readonly everyDays: number
  /** Since when it counts, where there was no contact since. */
  readonly beganAt: number
  /** The to-do that reminds him, and when it was made; null while there is none. */
  readonly taskId: ObjectId | null
  readonly taskAt: number | null
  readonly version: number
}

const columns = selectList<CadenceRow>('k', [
  'id',
  'partyId',
  'principalId',
  'everyDays',
  'beganAt',
  'taskId',
  'taskAt',
  'version',
])

export function findCadence(
  { sql }: Reader,
  partyId: PartyId,
  principalId: PrincipalId,
): Promise<CadenceRow | undefined> {
  return sql.first<CadenceRow>(
    `SELECT ${columns} FROM cadences k WHERE k.party_id = $1 AND k.principal_id = $2`,
    [partyId, principalId],
  )
}

/** Everybody's, in the order they were made. @param page.after  the id of the last one seen */
export function listCadences(
  { sql }: Reader,
  page: {
    readonly principalId?: PrincipalId | undefined
    readonly after: CadenceId
    readonly limit: number
  },
): Promise<CadenceRow[]> {
  const params: unknown[] = [page.after, page.limit]
  const ofOne = page.principalId === undefined ? '' : `AND k.principal_id = $${params.push(page.principalId)}`
  return sql.all<CadenceRow>(
    `SELECT ${columns} FROM cadences k WHERE k.id > $1 ${ofOne} ORDER BY k.id LIMIT $2`,
    params,
  )
}

/** Those that these to-dos remind of. */
export function cadencesOfTasks({ sql }: Reader, tasks: readonly ObjectId[]): Promise<CadenceRow[]> {
  return sql.all<CadenceRow>(
    `SELECT ${columns} FROM cadences k WHERE ${inList(sql.dialect, 'k.task_id', '$1', 'bigint')}`,
    [tasks],
  )
}

/** Begins one, or changes how often; what it has counted goes on. */
export async function putCadence(
  tx: Writer,
  { partyId, principalId, everyDays }: Pick<CadenceRow, 'partyId' | 'principalId' | 'everyDays'>,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO cadences (party_id, principal_id, every_days, began_at, version) VALUES ($1, $2, $3, $4, 1)
     ON CONFLICT (party_id, principal_id) DO UPDATE SET every_days = excluded.every_days,
       version = cadences.version + 1`,
    [partyId, principalId, everyDays, tx.now],
  )
}

/** @throws WriteConflictError when it has changed since it was read */
export async function changeCadence(tx: Writer, cadence: CadenceRow): Promise<void> {
  const changed = await tx.sql.run(
    `UPDATE cadences SET began_at = $3, task_id = $4, task_at = $5, version = version + 1
     WHERE id = $1 AND version = $2`,
    [cadence.id, cadence.version, cadence.beganAt, cadence.taskId, cadence.taskAt],
  )
  if (changed === 0) throw new WriteConflictError('The cadence has changed.')
}

export async function removeCadence(tx: Writer, id: CadenceId): Promise<void> {
  await tx.sql.run('DELETE FROM cadences WHERE id = $1', [id])
}

/** When somebody was last called, visited or touched, as far as one may know of it. */
export async function lastContact(
  { sql }: Reader,
  { partyId, principalId }: Pick<CadenceRow, 'partyId' | 'principalId'>,
): Promise<number | undefined> {
  const row = await sql.first<{ at: number | null }>(
    `SELECT max(a.at) AS at FROM activity_parties p JOIN activities a ON a.id = p.activity_id
     WHERE p.party_id = $1 AND a.kind IN ('call', 'visit', 'touch')
       AND (a.visibility = 'public' OR a.author_id = $2)`,
    [partyId, principalId],
  )
  return row?.at ?? undefined
}
