import { advanceBatch } from '../../../storage/batches/batches.ts'
import { addItems, type BatchItem } from '../../../storage/batches/items.ts'
import { findCollectionById } from '../../../storage/collections.ts'
import {
  findMigrationItems,
  isErased,
  listMigrationItems,
  type MigrationItemRow,
  saveMigrationItem,
} from '../../../storage/migration-sources/items.ts'
import type { MigrationCollectionRow } from '../../../storage/migration-sources/sources.ts'
import { findObjectById } from '../../../storage/objects.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { hasChangedSince } from '../changed-since.ts'
import { deleteListed } from '../lists/lists.ts'
import type { MigrationEvent } from './events.ts'
import { holdRun, noCounts, type Run } from './run.ts'

type ItemEvent = Extract<MigrationEvent, { kind: 'item' }>

/** What is gone on the other server, of what is known here. */
export interface Gone {
  readonly paths: readonly string[]
  /** So many are known in all. */
  readonly known: number
}

/**
 * What of a collection is gone there.
 * @param listed  all that it holds; without it only `removed` is known to be gone
 */
export async function findGone(
  reader: Reader,
  target: MigrationCollectionRow,
  removed: readonly string[],
  listed: ReadonlySet<string> | undefined,
): Promise<Gone> {
  const told = new Set(removed)
  const paths: string[] = []
  let known = 0
  for (let after = 0; ; ) {
    const page = await listMigrationItems(reader, target.id, { after, limit: pageItems })
    for (const { path, outcome } of page) {
      if (outcome === 'removed' || isErased({ path })) continue
      known += 1
      if (told.has(path) || (listed && !listed.has(path))) paths.push(path)
    }
    after = page.at(-1)?.id ?? after
    if (page.length < pageItems) return { paths, known }
  }
}

/** Whether so much is gone that it looks like an accident: all of it, or a great part. */
export function isMassive({ paths: { length }, known }: Gone, heldDeletions: number): boolean {
  if (known > 1 && length === known) return true
  return length > heldDeletions && length > known / 5
}

/**
 * Follows deletions: what the migration made, and nobody changed here, goes to the trash. The rest stays, and is told.
 */
export async function removeGone(
  run: Run,
  target: MigrationCollectionRow,
  paths: readonly string[],
): Promise<ItemEvent[]> {
  const { store } = run.services
  const events: ItemEvent[] = []
  for (let at = 0; at < paths.length; at += pageWrites) {
    const page = paths.slice(at, at + pageWrites)
    const done = await store.write(async (tx) => {
      await holdRun(tx, run)
      const known = await findMigrationItems(tx, target.id, page)
      const told: ItemEvent[] = []
      for (const item of known.values()) told.push(await removeOne(tx, run, target, item))
      await noteRemoved(tx, run, told)
      return told
    })
    run.reached += done.length
    events.push(...done)
  }
  return events
}

const pageItems = 1_000
const pageWrites = 50

async function removeOne(
  tx: Writer,
  { origin, services }: Run,
  target: MigrationCollectionRow,
  item: MigrationItemRow,
): Promise<ItemEvent> {
  const { href, objectId, etag, made } = item
  const object = objectId === null ? undefined : await findObjectById(tx, objectId)
  const collection = object && (await findCollectionById(tx, object.collectionId))
  const place = object && collection ? `${collection.name}/${object.name}` : ''
  await saveMigrationItem(tx, target.id, { ...item, outcome: 'removed', verdict: null, note: '' })
  const told = (what: ItemEvent['what'], note: string): ItemEvent => ({
    kind: 'item',
    what,
    href,
    place,
    note,
  })
  if (!object || !collection) return told('removed', 'It was not here, or not any more.')
  if (made === 0) return told('conflict', 'It was deleted there. It was here before, and stays.')
  if (await hasChangedSince(tx, object, etag))
    return told('conflict', 'It was deleted there and changed here: ours stays.')
  await deleteListed(tx, collection, object, origin, services.settings)
  return told('removed', 'It was deleted there: ours is in the trash.')
}

async function noteRemoved(tx: Writer, run: Run, told: readonly ItemEvent[]): Promise<void> {
  const items = told.map(
    ({ href, note }, at): BatchItem => ({
      number: run.reached + at + 1,
      place: href,
      outcome: 'skipped',
      note,
    }),
  )
  await addItems(tx, run.batch.id, items)
  const counts = { ...noCounts, skipped: told.length }
  await advanceBatch(tx, run.batch.id, String(run.reached + told.length), counts)
}
