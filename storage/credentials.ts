import type { DeviceId, PrincipalId } from './ids.ts'
import { selectList } from './select.ts'
import type { Reader, Writer } from './store.ts'

/** An app password, named for the one device that has it. */
export interface AppPasswordRow {
  readonly id: DeviceId
  readonly principalId: PrincipalId
  readonly label: string
  /** SHA-256 in hexadecimal: the secret is random and needs no slow hash. */
  readonly secretHash: string
  readonly scope: 'read' | 'write'
  /** What kind of client it is for; 'auto' until its first use settles that. */
  readonly clientKind: string | null
  /** What kind its client seems to be. */
  readonly suggestedKind: string | null
  /** Whether what it cannot hold is kept when it writes: 1 or 0; null as is usual for its kind. */
  readonly merge: number | null
  readonly createdAt: number
  readonly lastUsedAt: number | null
  /** Where it was used from last, and by which program, as that says. */
  readonly lastAddress: string | null
  readonly lastAgent: string | null
  readonly revokedAt: number | null
}

export const appPasswordFields: readonly (keyof AppPasswordRow & string)[] = [
  'id',
  'principalId',
  'label',
  'secretHash',
  'scope',
  'clientKind',
  'suggestedKind',
  'merge',
  'createdAt',
  'lastUsedAt',
  'lastAddress',
  'lastAgent',
  'revokedAt',
]
const columns = selectList<AppPasswordRow>('a', appPasswordFields)

export interface NewAppPassword {
  readonly principalId: PrincipalId
  readonly label: string
  readonly secretHash: string
  readonly scope: 'read' | 'write'
  readonly clientKind?: string | undefined
  readonly merge?: boolean | undefined
}

export async function addAppPassword(tx: Writer, password: NewAppPassword): Promise<DeviceId> {
  const row = await tx.sql.first<{ id: DeviceId }>(
    `INSERT INTO app_passwords (principal_id, label, secret_hash, scope, client_kind, created_at, merge)
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id`,
    [
      password.principalId,
      password.label,
      password.secretHash,
      password.scope,
      password.clientKind,
      tx.now,
      asNumber(password.merge),
    ],
  )
  if (row === undefined) throw new Error('The app password was not added.')
  return row.id
}

/** An app password that has not been revoked. */
export function findAppPassword(
  reader: Reader,
  principalId: PrincipalId,
  secretHash: string,
): Promise<AppPasswordRow | undefined> {
  return reader.sql.first<AppPasswordRow>(
    `SELECT ${columns} FROM app_passwords a
     WHERE a.secret_hash = $2 AND a.principal_id = $1 AND a.revoked_at IS NULL`,
    [principalId, secretHash],
  )
}

/** All of an account, revoked ones too, in the order they were made. */
export function listAppPasswords(reader: Reader, principalId: PrincipalId): Promise<AppPasswordRow[]> {
  return reader.sql.all<AppPasswordRow>(
    `SELECT ${columns} FROM app_passwords a WHERE a.principal_id = $1 ORDER BY a.id`,
    [principalId],
  )
}

/**
 * Revokes an app password; the account's stamp makes it immediate in every process.
 * @returns false when there is none of that id, or it had been revoked
 */
export async function revokeAppPassword(
  tx: Writer,
  principalId: PrincipalId,
  id: DeviceId,
): Promise<boolean> {
  const revoked = await tx.sql.run(
    'UPDATE app_passwords SET revoked_at = $3 WHERE id = $2 AND principal_id = $1 AND revoked_at IS NULL',
    [principalId, id, tx.now],
  )
  if (revoked === 0) return false
  await stampPrincipal(tx, principalId)
  return true
}

/**
 * Says what kind of client an app password is for.
 * @returns false when there is none of that id in use
 */
export async function setAppPasswordKind(
  tx: Writer,
  principalId: PrincipalId,
  id: DeviceId,
  kind: string | null,
): Promise<boolean> {
  const changed = await tx.sql.run(
    'UPDATE app_passwords SET client_kind = $3 WHERE id = $2 AND principal_id = $1 AND revoked_at IS NULL',
    [principalId, id, kind],
  )
  if (changed > 0) await stampPrincipal(tx, principalId)
  return changed > 0
}

/**
 * Says whether what a device cannot hold is kept when it writes; undefined for what is usual with its kind.
 * @returns false when there is none of that id in use
 */
export async function setAppPasswordMerge(
  tx: Writer,
  principalId: PrincipalId,
  id: DeviceId,
  merge: boolean | undefined,
): Promise<boolean> {
  const changed = await tx.sql.run(
    'UPDATE app_passwords SET merge = $3 WHERE id = $2 AND principal_id = $1 AND revoked_at IS NULL',
    [principalId, id, asNumber(merge)],
  )
  if (changed > 0) await stampPrincipal(tx, principalId)
  return changed > 0
}

/** Gives a device another name. @returns false when there is none of that id in use */
export async function setAppPasswordLabel(
  { sql }: Writer,
  principalId: PrincipalId,
  id: DeviceId,
  label: string,
): Promise<boolean> {
  const text =
    'UPDATE app_passwords SET label = $3 WHERE id = $2 AND principal_id = $1 AND revoked_at IS NULL'
  return (await sql.run(text, [principalId, id, label])) > 0
}

function asNumber(flag: boolean | undefined): number | null {
  return flag === undefined ? null : Number(flag)
}

/** Remembered passwords of the account are verified anew, in every process. */
async function stampPrincipal(tx: Writer, id: PrincipalId): Promise<void> {
  await tx.sql.run('UPDATE principals SET stamp = stamp + 1 WHERE id = $1', [id])
}

/** How a device was used last. */
export interface DeviceUse {
  readonly at: number
  readonly address: string
  readonly agent: string
  /** What kind it seems to be; undefined where what it sends says nothing. */
  readonly suggested: string | undefined
}

/** Remembers the last use, and what kind the client seems to be. */
export async function touchAppPassword(
  tx: Writer,
  { id, principalId }: Pick<AppPasswordRow, 'id' | 'principalId'>,
  { at, address, agent, suggested }: DeviceUse,
): Promise<void> {
  await tx.sql.run(
    `UPDATE app_passwords SET last_used_at = $2, last_address = $4, last_agent = $5,
       suggested_kind = COALESCE(CAST($3 AS text), suggested_kind) WHERE id = $1`,
    [id, at, suggested ?? null, address, agent],
  )
  if (suggested === undefined) return
  const settled = await tx.sql.run(
    "UPDATE app_passwords SET client_kind = $2 WHERE id = $1 AND client_kind = 'auto'",
    [id, suggested],
  )
  if (settled > 0) await stampPrincipal(tx, principalId)
}
