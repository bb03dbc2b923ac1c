import { type AppPasswordRow, appPasswordFields } from '../credentials.ts'
import type { DeviceId } from '../ids.ts'
import { type PrincipalRow, principalFields } from '../principals.ts'
import { rowTaker, selectList } from '../select.ts'
import type { Writer } from '../store.ts'

/** A link by which a device fetches its password, once: one of each device, the last that was made. */
export interface NewSetupLink {
  readonly deviceId: DeviceId
  readonly secretHash: string
  /** The password, which only the secret of the link opens. */
  readonly sealed: string
  readonly expiresAt: number
}

export async function putSetupLink(tx: Writer, link: NewSetupLink): Promise<void> {
  await tx.sql.run(
    `INSERT INTO setup_links (device_id, secret_hash, sealed, expires_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (device_id) DO UPDATE SET secret_hash = excluded.secret_hash, sealed = excluded.sealed,
       expires_at = excluded.expires_at`,
    [link.deviceId, link.secretHash, link.sealed, link.expiresAt],
  )
}

/** What a link led to. */
export interface TakenSetupLink {
  readonly sealed: string
  readonly device: AppPasswordRow
  readonly account: PrincipalRow
}

const takeDevice = rowTaker<AppPasswordRow>(appPasswordFields, 'a_')
const takeAccount = rowTaker<PrincipalRow>(principalFields, 'p_')

/** Uses a link up. @returns undefined where there is none, its time is over, or its device is revoked */
export async function takeSetupLink(tx: Writer, secretHash: string): Promise<TakenSetupLink | undefined> {
  const link = await tx.sql.first<{ deviceId: DeviceId; sealed: string }>(
    `DELETE FROM setup_links WHERE secret_hash = $1 AND expires_at > $2
     RETURNING device_id AS "deviceId", sealed`,
    [secretHash, tx.now],
  )
  if (!link) return undefined
  const row = await tx.sql.first<Record<string, unknown>>(
    `SELECT ${selectList<AppPasswordRow>('a', appPasswordFields, 'a_')},
       ${selectList<PrincipalRow>('p', principalFields, 'p_')}
     FROM app_passwords a JOIN principals p ON p.id = a.principal_id
     WHERE a.id = $1 AND a.revoked_at IS NULL AND p.locked_at IS NULL
       AND p.removed_at IS NULL`,
    [link.deviceId],
  )
  return row && { sealed: link.sealed, device: takeDevice(row), account: takeAccount(row) }
}

/** @returns how many were over */
export function purgeSetupLinks(tx: Writer, now: number): Promise<number> {
  return tx.sql.run('DELETE FROM setup_links WHERE expires_at <= $1', [now])
}
