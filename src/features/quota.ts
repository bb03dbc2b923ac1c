import type { Settings } from '../../config/defaults.ts'
import { refuse } from '../../protocol/dav/preconditions.ts'
import type { PrincipalId } from '../../storage/ids.ts'
import { findQuota, type QuotaRow } from '../../storage/quotas.ts'
import type { Reader } from '../../storage/store.ts'

/** How much an account keeps, and how much more it may, in octets. */
export interface Quota {
  readonly used: number
  readonly available: number
}

export function quotaOf(row: QuotaRow | undefined, settings: Settings): Quota {
  const used = row?.usedBytes ?? 0
  return { used, available: Math.max(limitOf(row, settings) - used, 0) }
}

/**
 * Whether an account may keep so many octets more; what makes room is never refused.
 * @param bytes  how much longer what is stored becomes
 * @returns the account's limit, for the write path to keep
 * @throws quota-not-exceeded
 * @see RFC 4331 §6
 */
export async function checkQuota(
  reader: Reader,
  id: PrincipalId,
  bytes: number,
  settings: Settings,
): Promise<number | undefined> {
  if (bytes <= 0) return undefined
  const row = await findQuota(reader, id)
  const limit = limitOf(row, settings)
  if (row.usedBytes + bytes <= limit) return limit
  throw refuse('quota-not-exceeded', {
    message: `The account may keep ${limit} octets and keeps ${row.usedBytes}.`,
  })
}

/** Octets that an account may keep. */
export function limitOf(row: QuotaRow | undefined, settings: Settings): number {
  return row?.limitBytes ?? settings.limits.quotaBytes
}
