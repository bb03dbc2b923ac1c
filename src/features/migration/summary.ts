import {
  countMigrationItems,
  type MigrationItem,
  type Verdict,
} from '../../../storage/migration-sources/items.ts'
import type { MigrationSourceRow } from '../../../storage/migration-sources/sources.ts'
import type { Reader } from '../../../storage/store.ts'

/** How many objects of the other server came to what. */
export interface MigrationSummary {
  /** All that is there, as far as it was seen. */
  readonly found: number
  /** Those that are here. */
  readonly copied: number
  readonly identical: number
  /** The same lines, folded, ordered or written otherwise. */
  readonly rewritten: number
  readonly differing: number
  /** Changed or gone on either side since they were copied. */
  readonly changed: number
  readonly conflict: number
  readonly refused: number
  /** Deleted there, and so here. */
  readonly removed: number
}

export async function summarize(
  reader: Reader,
  { id }: Pick<MigrationSourceRow, 'id'>,
): Promise<MigrationSummary> {
  const rows = await countMigrationItems(reader, id)
  const sum = (take: (outcome: MigrationItem['outcome'], verdict: Verdict | null) => boolean): number =>
    rows.reduce((total, { outcome, verdict, count }) => total + (take(outcome, verdict) ? count : 0), 0)
  const judged = (...wanted: Verdict[]): number =>
    sum((outcome, verdict) => outcome === 'copied' && verdict !== null && wanted.includes(verdict))
  return {
    found: sum((outcome) => outcome !== 'removed'),
    copied: sum((outcome) => outcome === 'copied'),
    identical: judged('identical'),
    rewritten: judged('rewritten'),
    differing: judged('differing'),
    changed: judged('changed', 'edited', 'gone'),
    conflict: sum((outcome) => outcome === 'conflict'),
    refused: sum((outcome) => outcome === 'refused'),
    removed: sum((outcome) => outcome === 'removed'),
  }
}
