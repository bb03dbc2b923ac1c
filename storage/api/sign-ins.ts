import type { DeviceId, PrincipalId, SignInId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** By what somebody signs in: on the web page, or a program with the password of the account or of a device. */
export type SignInWay = 'browser' | 'password' | 'device'

/** That somebody signed in to an account, or was refused; the same of one day is one row. */
export interface SignInRow {
  readonly id: SignInId
  readonly principalId: PrincipalId
  readonly way: SignInWay
  readonly deviceId: DeviceId | null
  readonly address: string
  /** The program, as it says. */
  readonly agent: string
  readonly outcome: 'accepted' | 'refused'
  /** How often that was noted. */
  readonly count: number
  /** When first, and last. */
  readonly at: number
  readonly lastAt: number
}

/** With what people read of it. */
export interface ListedSignIn extends SignInRow {
  readonly account: string
  readonly device: string | null
}

export type NewSignIn = Pick<SignInRow, 'principalId' | 'way' | 'deviceId' | 'address' | 'agent' | 'outcome'>

const columns = selectList<SignInRow>('s', [
  ...([
    'id',
    'principalId',
    'way',
    'deviceId',
    'address',
    'agent',
    'outcome',
    'count',
    'at',
    'lastAt',
  ] as const),
])

/**
 * Notes that somebody signed in, or was refused.
 * @param key  the same for what is the same, of one account
 * @param most  of one account and outcome; the oldest go, so that whoever guesses does not push out those who signed in
 */
export async function noteSignIn(
  { sql, now }: Writer,
  signIn: NewSignIn,
  { key, most }: { readonly key: string; readonly most: number },
): Promise<void> {
  const { principalId, way, deviceId, address, agent, outcome } = signIn
  const row = await sql.first<{ count: number }>(
    `INSERT INTO sign_ins (principal_id, key, way, device_id, address, agent, outcome, count, at, last_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $8)
     ON CONFLICT (principal_id, key) DO UPDATE SET count = sign_ins.count + 1, last_at = excluded.last_at
     RETURNING count`,
    [principalId, key, way, deviceId, address, agent, outcome, now],
  )
  if (row?.count !== 1) return
  await sql.run(
    `DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE principal_id = $1 AND outcome = $2
       ORDER BY last_at DESC, id DESC LIMIT 1000 OFFSET $3)`,
    [principalId, outcome, most],
  )
}

/** Where a page of them goes on. */
export interface SignInPlace {
  readonly lastAt: number
  readonly id: SignInId
}

/** Of one account, or of all, the latest first. */
export function listSignIns(
  { sql }: Reader,
  {
    principalId,
    outcome,
    after,
    limit,
  }: {
    readonly principalId?: PrincipalId | undefined
    readonly outcome?: SignInRow['outcome'] | undefined
    readonly after?: SignInPlace | undefined
    readonly limit: number
  },
): Promise<ListedSignIn[]> {
  const params: unknown[] = []
  const conditions = ['1 = 1']
  if (principalId !== undefined) conditions.push(`s.principal_id = $${params.push(principalId)}`)
  if (outcome !== undefined) conditions.push(`s.outcome = $${params.push(outcome)}`)
  if (after !== undefined) {
    const [at, id] = [`$${params.push(after.lastAt)}`, `$${params.push(after.id)}`]
    conditions.push(`(s.last_at < ${at} OR (s.last_at = ${at} AND s.id < ${id}))`)
  }
  return sql.all<ListedSignIn>(
    `SELECT ${columns}, p.name AS account, a.label AS device FROM sign_ins s
     JOIN principals p ON p.id = s.principal_id AND p.removed_at IS NULL LEFT JOIN app_passwords a ON a.id = s.device_id
     WHERE ${conditions.join(' AND ')} ORDER BY s.last_at DESC, s.id DESC LIMIT $${params.push(limit)}`,
    params,
  )
}

/** @returns how many were older */
export function purgeSignIns({ sql }: Writer, before: number, batch: number): Promise<number> {
  const text =
    'DELETE FROM sign_ins WHERE id IN (SELECT id FROM sign_ins WHERE last_at < $1 ORDER BY last_at LIMIT $2)'
  return sql.run(text, [before, batch])
}
