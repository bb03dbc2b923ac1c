import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { stopBatch } from '../../../../storage/batches/batches.ts'
import type { BatchId } from '../../../../storage/ids.ts'
import type { MigrationSourceRow } from '../../../../storage/migration-sources/sources.ts'
import type { PrincipalRow } from '../../../../storage/principals.ts'
import { reachable } from '../../../outbound/networks.ts'
import type { Services } from '../../../services.ts'
import { type Asked, startMigration } from './background.ts'
import { forgetPaused, pausedOf, wishOfBatch } from './paused.ts'

/**
 * Goes on with a migration as it was asked for: with the password that is given, or that is remembered.
 * @throws refusal 409 where it is neither; MigrationError
 */
export async function goOn(
  services: Services,
  account: PrincipalRow,
  source: MigrationSourceRow,
  password: string | undefined,
): Promise<void> {
  const paused = pausedOf(services, account)
  const known = paused?.batch === source.batchId ? paused.asked : undefined
  const asked = known ?? (await askedBefore(services, source))
  const given = password ?? known?.password
  if (given === undefined) throw refuseStatus(409, 'The password there is not remembered: give it once more.')
  await startMigration(services, account, { ...asked, password: given })
}

/** What was asked for, as it is remembered for good: all but the password. */
async function askedBefore(
  { store, settings }: Services,
  { url, userName, batchId }: MigrationSourceRow,
): Promise<Omit<Asked, 'password'>> {
  const wish = await store.read((reader) => wishOfBatch(reader, batchId))
  const { into, only, choices, follow, withDeletions = false } = wish
  return {
    ...{ url: new URL(url), user: userName, into, only, choices, withDeletions },
    followMs: follow ? settings.migration.followMs : undefined,
    mayReach: reachable(settings.migration.privateNetworks),
  }
}

/** Forgets that a migration is to go on. Nothing happens to another. */
export async function giveUpPaused(services: Services, account: PrincipalRow, id: BatchId): Promise<void> {
  const { isPaused } = await services.store.read((reader) => wishOfBatch(reader, id))
  if (pausedOf(services, account)?.batch === id) forgetPaused(services, account)
  if (isPaused) await services.store.write((tx) => stopBatch(tx, id))
}
