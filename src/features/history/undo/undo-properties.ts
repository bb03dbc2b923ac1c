import { bit } from '../../../../protocol/dav/privileges.ts'
import { holdBatch } from '../../../../storage/batches/batches.ts'
import { otherItems } from '../../../../storage/batches/items.ts'
import { patchCollection } from '../../../../storage/collection-writes.ts'
import { isServerOnly } from '../../../../storage/collections.ts'
import {
  type CollectionRevisionRow,
  collectionRevisionsFrom,
  collectionRevisionsOfDevice,
  collectionRevisionsOfRequest,
  type KeptProperties,
  keptProperties,
} from '../../../../storage/history/collection-revisions.ts'
import type { CollectionId } from '../../../../storage/ids.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { openOf, propertiesOf } from '../collections/properties.ts'
import { rowsToUndo, type UndoAsker, type UndoSource } from './selection.ts'
import type { DoneItem, UndoRun } from './undo.ts'
import { placeOf, type Undoing, type Undone } from './undo-object.ts'

/** The properties of one collection that were changed, the first change first. */
export interface PropertiesToUndo {
  readonly collectionId: CollectionId
  readonly meant: readonly CollectionRevisionRow[]
}

/** The collections that were called or painted otherwise. */
export async function propertiesToUndo(
  reader: Reader,
  source: UndoSource,
  asker: UndoAsker,
): Promise<PropertiesToUndo[]> {
  const read = { ofDevice: collectionRevisionsOfDevice, ofRequest: collectionRevisionsOfRequest }
  const rows = await rowsToUndo(reader, source, asker, read)
  return [...grouped(rows, ({ collectionId }) => collectionId)].map(([collectionId, meant]) => ({
    collectionId,
    meant,
  }))
}

/** Makes them as they were, where nobody else has changed the same since. */
export async function undoProperties(run: UndoRun): Promise<void> {
  const { services, batch, source, runner, session, note } = run
  const { store, settings, now } = services
  const asked = { author: batch.principalId, most: settings.limits.undoneObjects }
  const open = await store.read(async (reader) => {
    const done = (await otherItems(reader, batch.id)).filter(({ component }) => component === 'PROPERTIES')
    const known = new Set(done.map(({ collectionId }) => collectionId))
    const all = await propertiesToUndo(reader, source, asked)
    return all.filter(({ collectionId }) => !known.has(collectionId))
  })
  const origin = { kind: 'restore', authorId: session.principal.id, requestId: batch.key } as const
  for (const one of open) {
    if (run.signal.aborted) return
    await store.write(async (tx) => {
      if (!(await holdBatch(tx, { id: batch.id, runner }))) return
      await note(tx, [await undoneProperties(tx, { session, settings, now, origin, places: new Map() }, one)])
    })
  }
}

/** One collection as it was, as an item of the undo. */
export async function undoneProperties(
  tx: Writer,
  undoing: Undoing,
  one: PropertiesToUndo,
): Promise<DoneItem> {
  undoing.places.delete(one.collectionId)
  const judged = await judgeProperties(tx, undoing, one)
  const { row, patch } = judged
  if (row && Object.keys(patch).length > 0) await patchCollection(tx, row, patch, undoing.origin)
  const { outcome, note } = judged.undone
  const name = judged.name
  return { outcome, note, place: name, name, component: 'PROPERTIES', collectionId: one.collectionId }
}

/** What would become of it. */
export async function judgeProperties(
  reader: Reader,
  undoing: Undoing,
  { collectionId, meant }: PropertiesToUndo,
) {
  const here = await placeOf(reader, undoing, collectionId)
  const nothing = (undone: Undone, name = '') => ({
    undone,
    name,
    row: undefined,
    patch: {} as KeptProperties,
  })
  if (!here || isServerOnly(here.row) || (here.rights & bit.read) === 0)
    return nothing({ outcome: 'unchanged', note: '' })
  const name = here.row.displayname || here.row.name
  if ((here.rights & bit['write-properties']) === 0)
    return nothing({ outcome: 'skipped', note: 'You may no longer write there.' }, name)
  const { wanted, left } = await wantedOf(reader, undoing, collectionId, meant)
  const patch = openOf(here.row, wanted)
  const note =
    left.length === 0 ? '' : `Left as it is, since somebody else has changed it: ${left.join(', ')}.`
  const isChanged = Object.keys(patch).length > 0
  const outcome = isChanged ? 'updated' : note === '' ? 'unchanged' : 'skipped'
  return { undone: { outcome, note } as Undone, name, row: here.row, patch }
}

/** The state before, but for what somebody else has changed since. */
async function wantedOf(
  reader: Reader,
  { origin }: Undoing,
  collectionId: CollectionId,
  meant: readonly CollectionRevisionRow[],
): Promise<{ readonly wanted: KeptProperties; readonly left: readonly string[] }> {
  const ids = new Set(meant.map(({ id }) => id))
  const all = await collectionRevisionsFrom(reader, [collectionId], meant[0]?.id ?? 0)
  const wanted: [string, unknown][] = []
  const left: string[] = []
  for (const name of keptProperties) {
    const touching = all.filter((row) => name in propertiesOf(row).after)
    const last = touching.findLastIndex(({ id }) => ids.has(id))
    if (last < 0) continue
    if (touching.slice(last + 1).some(({ requestId }) => requestId !== origin.requestId)) {
      left.push(words[name])
      continue
    }
    // Back through what it did, as far as nobody else comes between.
    let first = last
    while (first > 0 && ids.has(touching[first - 1]?.id ?? 0)) first -= 1
    const revision = touching[first]
    if (revision) wanted.push([name, propertiesOf(revision).before[name] ?? null])
  }
  return { wanted: Object.fromEntries(wanted) as KeptProperties, left }
}

const words = {
  displayname: 'name',
  description: 'description',
  color: 'colour',
  sortOrder: 'order',
  timezone: 'time zone',
  timezoneId: 'time zone',
  transparent: 'free or busy',
} as const
