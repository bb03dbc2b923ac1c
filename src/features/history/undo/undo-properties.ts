import { Refusal } from '../../../../protocol/dav/preconditions.ts'
import { bit } from '../../../../protocol/dav/privileges.ts'
import { holdBatch } from '../../../../storage/batches/batches.ts'
import { otherItems } from '../../../../storage/batches/items.ts'
import {
  addressProperty,
  type CollectionRevisionRow,
  collectionRevisionsFrom,
  collectionRevisionsOfDevice,
  collectionRevisionsOfRequest,
  type NamedProperties,
} from '../../../../storage/history/collection-revisions.ts'
import type { CollectionId, MountId } from '../../../../storage/ids.ts'
import { findMountOn } from '../../../../storage/mounts.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { attempt } from '../../../../storage/transactions/savepoint.ts'
import { applyProperties, mayApply, type Named, openOf } from '../collections/named.ts'
import { propertiesOf } from '../collections/properties.ts'
import { rowsToUndo, type UndoAsker, type UndoSource } from './selection.ts'
import type { DoneItem, UndoRun } from './undo.ts'
import { placeOf, type Undoing, type Undone } from './undo-object.ts'

/** The properties of one collection that were changed, or of what one sharee has of it; the first change first. */
export interface PropertiesToUndo {
  readonly collectionId: CollectionId
  readonly mountId: MountId | null
  readonly meant: readonly CollectionRevisionRow[]
}

/** The collections that were called, painted or placed otherwise, what was done last first. */
export async function propertiesToUndo(
  reader: Reader,
  source: UndoSource,
  asker: UndoAsker,
): Promise<PropertiesToUndo[]> {
  const read = { ofDevice: collectionRevisionsOfDevice, ofRequest: collectionRevisionsOfRequest }
  const rows = await rowsToUndo(reader, source, asker, read)
  const each = grouped(rows, ({ collectionId, mountId }) => `${collectionId} ${mountId ?? ''}`)
  const found = [...each.values()].flatMap((meant) => {
    const [first, last] = [meant[0], meant.at(-1)]
    return first && last
      ? [{ collectionId: first.collectionId, mountId: first.mountId, meant, last: last.id }]
      : []
  })
  // An address that was passed on is free again in that order.
  return found.sort((one, other) => other.last - one.last)
}

/** Makes them as they were, where nobody else has changed the same since. */
export async function undoProperties(run: UndoRun): Promise<void> {
  const { services, batch, source, runner, session, note } = run
  const { store, settings, now } = services
  const asked = { author: batch.principalId, most: settings.limits.undoneObjects }
  const open = await store.read(async (reader) => {
    const done = await otherItems(reader, batch.id)
    const known = new Set(done.map(({ component, collectionId }) => `${component} ${collectionId}`))
    const all = await propertiesToUndo(reader, source, asked)
    return all.filter((one) => !known.has(`${componentOf(one)} ${one.collectionId}`))
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

/** How it is named among the items of an undo. */
const componentOf = ({ mountId }: PropertiesToUndo): string => (mountId === null ? 'PROPERTIES' : 'MOUNT')

/** One collection as it was, as an item of the undo. */
export async function undoneProperties(
  tx: Writer,
  undoing: Undoing,
  one: PropertiesToUndo,
): Promise<DoneItem> {
  const { collectionId } = one
  undoing.places.delete(collectionId)
  const { undone, name, named, open } = await judgeProperties(tx, undoing, one)
  const refused = named && Object.keys(open).length > 0 ? await applied(tx, undoing, named, open) : undefined
  const { outcome, note } = refused ?? undone
  return { outcome, note, place: name, name, component: componentOf(one), collectionId }
}

/** Each is made as it was, even if its address is that of another by now. */
async function applied(
  tx: Writer,
  { origin, settings }: Undoing,
  named: Named,
  open: NamedProperties,
): Promise<Undone | undefined> {
  const { [addressProperty]: address, ...others } = open
  try {
    await attempt(tx, (part) => applyProperties(part, named, others, { origin, settings }))
    if (address === undefined) return undefined
    const moved = { [addressProperty]: address }
    await attempt(tx, (part) => applyProperties(part, named, moved, { origin, settings }))
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'skipped', note: error.message }
    throw error
  }
}

/** What would become of it. */
export async function judgeProperties(
  reader: Reader,
  undoing: Undoing,
  one: PropertiesToUndo,
): Promise<{
  readonly undone: Undone
  readonly name: string
  readonly named?: Named
  readonly open: NamedProperties
}> {
  const { session } = undoing
  const nothing = (undone: Undone, name = '') => ({ undone, name, open: {} })
  const here = await placeOf(reader, undoing, one.collectionId)
  const found = await namedOf(reader, undoing, one)
  if (!here || !found) return nothing({ outcome: 'unchanged', note: '' })
  const { row, mount } = found
  const name = mount?.displayname || row.displayname || row.name
  const { wanted, left } = await wantedOf(reader, undoing, one)
  const open = await openOf(reader, found, wanted)
  if (!(await mayApply(reader, session, found, { open, rights: here.rights })))
    return nothing({ outcome: 'skipped', note: 'You may no longer write there.' }, name)
  const note =
    left.length === 0 ? '' : `Left as it is, since somebody else has changed it: ${left.join(', ')}.`
  const isChanged = Object.keys(open).length > 0
  const outcome = isChanged ? 'updated' : note === '' ? 'unchanged' : 'skipped'
  return { undone: { outcome, note }, name, named: found, open }
}

/** It as it is now; undefined where whoever undoes does not see it. */
async function namedOf(
  reader: Reader,
  undoing: Undoing,
  { collectionId, mountId }: PropertiesToUndo,
): Promise<Named | undefined> {
  const here = await placeOf(reader, undoing, collectionId)
  if (!here) return undefined
  if (mountId === null) {
    const { generated } = here.row
    const isFollowing = generated !== null && generated !== 'birthdays'
    const isTold = !isFollowing && (here.rights & bit.read) !== 0
    return isTold ? { row: here.row, mount: undefined } : undefined
  }
  const mounted = await findMountOn(reader, collectionId, undoing.session.principal.id)
  return mounted?.mount.id === mountId && mounted.mount.state === 'accepted'
    ? { row: here.row, mount: mounted.mount }
    : undefined
}

/** The state before, but for what somebody else has changed since. */
async function wantedOf(
  reader: Reader,
  { origin }: Undoing,
  { collectionId, mountId, meant }: PropertiesToUndo,
): Promise<{ readonly wanted: NamedProperties; readonly left: readonly string[] }> {
  const ids = new Set(meant.map(({ id }) => id))
  const every = await collectionRevisionsFrom(reader, [collectionId], meant[0]?.id ?? 0)
  const all = every.filter((row) => row.mountId === mountId)
  const wanted: [string, string | number | null][] = []
  const left: string[] = []
  for (const name of new Set(meant.flatMap((row) => Object.keys(propertiesOf(row).after)))) {
    const touching = all.filter((row) => name in propertiesOf(row).after)
    const last = touching.findLastIndex(({ id }) => ids.has(id))
    if (last < 0) continue
    if (touching.slice(last + 1).some(({ requestId }) => requestId !== origin.requestId)) {
      left.push(words[name] ?? name)
      continue
    }
    // Back through what it did, as far as nobody else comes between.
    let first = last
    while (first > 0 && ids.has(touching[first - 1]?.id ?? 0)) first -= 1
    const revision = touching[first]
    if (revision) wanted.push([name, propertiesOf(revision).before[name] ?? null])
  }
  return { wanted: Object.fromEntries(wanted), left }
}

const words: Readonly<Record<string, string>> = {
  displayname: 'name',
  description: 'description',
  color: 'colour',
  sortOrder: 'order',
  timezone: 'time zone',
  timezoneId: 'time zone',
  transparent: 'free or busy',
  [addressProperty]: 'address',
}
