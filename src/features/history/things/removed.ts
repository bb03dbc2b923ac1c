import { findMakers } from '../../../../storage/history/object-revisions.ts'
import { removedThings, type ThingKindName } from '../../../../storage/history/thing-revisions.ts'
import type { Reader } from '../../../../storage/store.ts'
import { shownMaker } from '../shown-state.ts'
import type { ThingState } from './record.ts'

/** So many of those that were removed are shown: what is looked for was removed lately. */
const mostRemoved = 20

/**
 * What of one kind was removed lately, the latest first, each name once.
 * @param kind  one that is of nobody alone
 * @param taken  names that others have by now: those do not come back
 */
export async function listRemoved(
  reader: Reader,
  kind: Extract<ThingKindName, 'role' | 'mask'>,
  taken: ReadonlySet<string>,
) {
  const named = new Set(taken)
  const rows = (await removedThings(reader, kind, { limit: mostRemoved })).flatMap((row) => {
    const { name } = JSON.parse(row.beforeJson ?? '{}') as ThingState
    if (typeof name !== 'string' || named.has(name)) return []
    named.add(name)
    return { ...row, name }
  })
  const makers = await findMakers(reader, rows)
  return rows.map((row) => ({
    ...{ id: Number(row.key), name: row.name, revision: row.id },
    ...shownMaker(row, makers),
  }))
}
