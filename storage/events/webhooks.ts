import type { PrincipalId, WebhookId } from '../ids.ts'
import { columnOf, selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import { dropTarget, type OutboxTarget } from './outbox.ts'
import type { Position } from './position.ts'

/** An address that is told what happens. */
export interface WebhookRow {
  readonly id: WebhookId
  readonly principalId: PrincipalId
  readonly url: string
  readonly description: string
  /** Lists as JSON; null for all. */
  readonly kinds: string | null
  readonly collections: string | null
  readonly parties: string | null
  readonly secret: string
  /** The secret of before, which signs too until its time is over. */
  readonly oldSecret: string | null
  readonly oldUntil: number | null
  readonly isActive: number
  /** When the server has switched it off by itself, and why. */
  readonly disabledAt: number | null
  readonly disabledReason: string | null
  /** Since when nothing has arrived; null since something did. */
  readonly failingSince: number | null
  /** How far the log of events was read for it. */
  readonly cursorXact: number
  readonly cursorId: number
  readonly version: number
  readonly createdAt: number
  readonly changedAt: number
}

const fields: readonly (keyof WebhookRow & string)[] = [
  ...(['id', 'principalId', 'url', 'description', 'kinds', 'collections', 'parties', 'secret'] as const),
  ...(['oldSecret', 'oldUntil', 'isActive', 'disabledAt', 'disabledReason', 'failingSince'] as const),
  ...(['cursorXact', 'cursorId', 'version', 'createdAt', 'changedAt'] as const),
]
const columns = selectList<WebhookRow>('webhooks', fields)

/** What goes to a webhook in the outbox. */
export const webhookKind = 'webhook'

export function targetOf({ id }: Pick<WebhookRow, 'id'>): OutboxTarget {
  return { kind: webhookKind, target: String(id) }
}

export type NewWebhook = Pick<
  WebhookRow,
  'principalId' | 'url' | 'description' | 'kinds' | 'collections' | 'parties' | 'secret' | 'isActive'
>

/** @param from  it is told what happens after */
export async function addWebhook(tx: Writer, webhook: NewWebhook, from: Position): Promise<WebhookRow> {
  const { principalId, url, description, kinds, collections, parties, secret, isActive } = webhook
  const row = await tx.sql.first<WebhookRow>(
    `INSERT INTO webhooks (principal_id, url, description, kinds, collections, parties, secret, is_active,
       cursor_xact, cursor_id, version, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11) RETURNING ${columns}`,
    [
      ...[principalId, url, description, kinds, collections, parties, secret, isActive],
      ...[from.xact, from.id, tx.now],
    ],
  )
  if (row === undefined) throw new Error('The webhook was not made.')
  return row
}

/** Those of an account, as they were made. */
export function listWebhooks(reader: Reader, principalId: PrincipalId): Promise<WebhookRow[]> {
  return reader.sql.all<WebhookRow>(`SELECT ${columns} FROM webhooks WHERE principal_id = $1 ORDER BY id`, [
    principalId,
  ])
}

/** Those that are told what happens. */
export function activeWebhooks(reader: Reader): Promise<WebhookRow[]> {
  return reader.sql.all<WebhookRow>(`SELECT ${columns} FROM webhooks WHERE is_active = 1 ORDER BY id`)
}

export function findWebhook(reader: Reader, id: WebhookId): Promise<WebhookRow | undefined> {
  return reader.sql.first<WebhookRow>(`SELECT ${columns} FROM webhooks WHERE id = $1`, [id])
}

export type WebhookPatch = Partial<
  Omit<WebhookRow, 'id' | 'principalId' | 'version' | 'createdAt' | 'changedAt'>
>

/** Changes one; what its owner sees of it gets another version. */
export async function patchWebhook(tx: Writer, id: WebhookId, patch: WebhookPatch): Promise<void> {
  const entries = Object.entries(patch)
  const assignments = entries.map(([field], at) => `${columnOf(field)} = $${at + 3}`)
  await tx.sql.run(
    `UPDATE webhooks SET ${[...assignments, 'version = version + 1', 'changed_at = $2'].join(', ')} WHERE id = $1`,
    [id, tx.now, ...entries.map(([, value]) => value)],
  )
}

/** @returns false where somebody else has read on for it, or it has been switched off */
export async function moveCursor(tx: Writer, webhook: WebhookRow, to: Position): Promise<boolean> {
  const { id, cursorXact, cursorId } = webhook
  const moved = await tx.sql.run(
    `UPDATE webhooks SET cursor_xact = $4, cursor_id = $5
     WHERE id = $1 AND cursor_xact = $2 AND cursor_id = $3 AND is_active = 1`,
    [id, cursorXact, cursorId, to.xact, to.id],
  )
  return moved > 0
}

/** Since when nothing arrives; nothing is written where that is known. */
export async function setFailing(tx: Writer, id: WebhookId, since: number | null): Promise<void> {
  const condition = since === null ? 'failing_since IS NOT NULL' : 'failing_since IS NULL'
  await tx.sql.run(`UPDATE webhooks SET failing_since = $2 WHERE id = $1 AND ${condition}`, [id, since])
}

/** With all that goes, or went, to it. */
export async function removeWebhook(tx: Writer, webhook: Pick<WebhookRow, 'id'>): Promise<void> {
  await dropTarget(tx, targetOf(webhook))
  await tx.sql.run('DELETE FROM webhooks WHERE id = $1', [webhook.id])
}
