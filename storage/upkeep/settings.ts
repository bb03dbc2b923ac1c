import type { PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A setting that was changed while the server ran. */
export interface StoredSetting {
  readonly key: string
  /** As JSON. */
  readonly value: string
  readonly changedAt: number
  /** Who changed it; null where he is gone. */
  readonly author: string | null
}

const listed = `SELECT s.key, s.value, s.changed_at AS "changedAt", p.name AS author
  FROM server_settings s LEFT JOIN principals p ON p.id = s.author_id`

/** All of them: there are no more than settings that can be changed. */
export function listStoredSettings({ sql }: Reader): Promise<StoredSetting[]> {
  return sql.all<StoredSetting>(`${listed} ORDER BY s.key`)
}

export function findStoredSetting({ sql }: Reader, key: string): Promise<StoredSetting | undefined> {
  return sql.first<StoredSetting>(`${listed} WHERE s.key = $1`, [key])
}

/** @param value  as JSON */
export async function storeSetting(
  { sql, now }: Writer,
  setting: { readonly key: string; readonly value: string; readonly authorId: PrincipalId },
): Promise<void> {
  await sql.run(
    `INSERT INTO server_settings (key, value, changed_at, author_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at,
       author_id = excluded.author_id`,
    [setting.key, setting.value, now, setting.authorId],
  )
}

export async function dropSetting({ sql }: Writer, key: string): Promise<void> {
  await sql.run('DELETE FROM server_settings WHERE key = $1', [key])
}

/** That somebody has changed a setting. */
export interface SettingChange {
  readonly id: number
  readonly key: string
  /** As JSON; null for the default. */
  readonly before: string | null
  readonly after: string | null
  readonly at: number
  /** How the account was called, which may be gone. */
  readonly author: string
}

export interface NewSettingChange extends Pick<SettingChange, 'key' | 'before' | 'after' | 'author'> {
  readonly authorId: PrincipalId
  readonly requestId: string | undefined
}

/** Writes down who has changed what. @param most  so many are kept, the oldest go first */
export async function noteSettingChange(tx: Writer, change: NewSettingChange, most: number): Promise<void> {
  const { key, before, after, author, authorId, requestId } = change
  await tx.sql.run(
    `INSERT INTO setting_changes (key, before, after, at, author_id, author, request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [key, before, after, tx.now, authorId, author, requestId],
  )
  await tx.sql.run(
    `DELETE FROM setting_changes WHERE id <= coalesce(
       (SELECT id FROM setting_changes ORDER BY id DESC LIMIT 1 OFFSET $1), 0)`,
    [most],
  )
}

/** Who has changed what, the last first. @param options.before  the id of the last one seen */
export function listSettingChanges(
  { sql }: Reader,
  options: { readonly before?: number | undefined; readonly limit: number },
): Promise<SettingChange[]> {
  return sql.all<SettingChange>(
    `SELECT ${columns} FROM setting_changes c WHERE c.id < $1 ORDER BY c.id DESC LIMIT $2`,
    [options.before ?? Number.MAX_SAFE_INTEGER, options.limit],
  )
}

const columns = selectList<SettingChange>('c', ['id', 'key', 'before', 'after', 'at', 'author'])
