import { Refusal } from '../../../../protocol/dav/preconditions.ts'
import { holdBatch } from '../../../../storage/batches/batches.ts'
import { otherItems } from '../../../../storage/batches/items.ts'
import {
  type FactRevisionRow,
  factRevisionsFrom,
  factRevisionsOfRequest,
  listDeviceFacts,
  listRequestFacts,
} from '../../../../storage/history/fact-revisions.ts'
import { collectionsDeletedBy } from '../../../../storage/history/object-revisions.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { attempt } from '../../../../storage/transactions/savepoint.ts'
import type { Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { reachOf } from '../../people/reach.ts'
import { restoreFromTrash } from '../../trash/restore.ts'
import { factKinds } from '../fact-kinds.ts'
import { checkChange, restoreOf } from '../party-history.ts'
import { shownFacts, statesOf } from '../shown-facts.ts'
import type { UndoSource } from './selection.ts'
import type { DoneItem, UndoRun } from './undo.ts'

/** Collections of the caller's own that the device deleted come back with all that they held. They stay when that is undone. */
export async function bringBackCollections({
  services,
  batch,
  source,
  runner,
  session,
  note,
}: UndoRun): Promise<void> {
  const { principal } = session
  if (!('device' in source)) return
  const { device } = source
  const deleted = await services.store.read((reader) => collectionsDeletedBy(reader, principal.id, device))
  for (const { id, name, kind } of deleted) {
    await services.store.write(async (tx) => {
      if (!(await holdBatch(tx, { id: batch.id, runner }))) return
      const outcome = await restoreFromTrash(tx, principal, `c${id}`, services)
      const told = outcome.kind === 'restored' ? ({ outcome: 'created', note: '' } as const) : undefined
      const failed = { outcome: 'skipped', note: 'reason' in outcome ? outcome.reason : '' } as const
      await note(tx, [{ place: name, name, component: kind, collectionId: id, ...(told ?? failed) }])
    })
  }
}

/** Facts beside cards of one kind and key, with the changes that are undone, the newest first. */
export interface FactToUndo {
  readonly place: string
  readonly name: string
  readonly meant: readonly FactRevisionRow[]
}

/** How facts are named among the items of an undo. */
const factComponent = 'FACT'
const placePrefix = 'party '

/** The facts that were changed; of somebody else's device, and of one collection, none. */
export async function factsToUndo(reader: Reader, source: UndoSource, most: number): Promise<FactToUndo[]> {
  const rows = await changesOf(reader, source, most)
  const byFact = grouped(rows, ({ partyId, kind, key }) => JSON.stringify([partyId, kind, key]))
  return [...byFact.values()].flatMap((meant) => {
    const [first] = meant
    if (!first) return []
    return [{ place: `${placePrefix}${first.partyId}`, name: `${first.kind} ${first.key}`, meant }]
  })
}

function changesOf(reader: Reader, source: UndoSource, most: number): Promise<FactRevisionRow[]> {
  if ('batch' in source) return factsOfBatch(reader, source)
  return 'request' in source
    ? listRequestFacts(reader, source.request, most)
    : factsOfDevice(reader, source, most)
}

function factsOfDevice(
  reader: Reader,
  { device }: Extract<UndoSource, { device: unknown }>,
  limit: number,
): Promise<FactRevisionRow[]> {
  const { deviceId, from, to, ownerId, collectionId } = device
  if (ownerId !== undefined || collectionId !== undefined) return Promise.resolve([])
  return listDeviceFacts(reader, deviceId, { from, to, limit })
}

async function factsOfBatch(
  reader: Reader,
  { batch, key }: Extract<UndoSource, { batch: unknown }>,
): Promise<FactRevisionRow[]> {
  const items = (await otherItems(reader, batch)).filter(({ component }) => component === factComponent)
  const parties = items.map(({ place }) => Number(place.slice(placePrefix.length)))
  return parties.length === 0 ? [] : factRevisionsOfRequest(reader, [...new Set(parties)], key)
}

/** Makes facts as they were, one by one, where nobody else has changed them since. */
export async function undoFacts(run: UndoRun): Promise<void> {
  const { services, batch, source, runner, session, note } = run
  const { store, settings } = services
  const facts = await store.read(async (reader) => {
    const done = (await otherItems(reader, batch.id)).map(({ place, name }) => `${place} ${name}`)
    const known = new Set(done)
    const open = await factsToUndo(reader, source, settings.limits.undoneObjects)
    return open.filter(({ place, name }) => !known.has(`${place} ${name}`))
  })
  for (const fact of facts) {
    if (run.signal.aborted) return
    await store.write(async (tx) => {
      if (!(await holdBatch(tx, { id: batch.id, runner }))) return
      await note(tx, [await undoFact(tx, fact, { session, services, requestId: batch.key })])
    })
  }
}

/** Makes a fact as it was, where nobody else has changed it since. */
export async function undoFact(
  tx: Writer,
  fact: FactToUndo,
  by: {
    readonly session: Session
    readonly services: Pick<Services, 'settings' | 'newId' | 'now'>
    readonly requestId: string
  },
): Promise<DoneItem> {
  const { place, name } = fact
  const told = (outcome: DoneItem['outcome'], text = ''): DoneItem => ({
    place,
    name,
    component: factComponent,
    outcome,
    note: text,
  })
  const { session, services, requestId } = by
  const origin = { kind: 'restore', authorId: session.principal.id, requestId } as const
  const [newest, oldest] = [fact.meant[0], fact.meant.at(-1)]
  const kind = factKinds.find((one) => one.kind === newest?.kind)
  if (!newest || !oldest || !kind) return told('skipped', 'It cannot be undone.')
  const asking = { session, reach: await reachOf(tx, session) }
  if (!(await shownFacts(tx, asking, [newest])).has(newest.id)) return told('unchanged')
  const later = await factRevisionsFrom(tx, oldest)
  if (later.at(-1)?.afterJson === oldest.beforeJson) return told('unchanged')
  if (later.some((one) => isForeign(one, fact.meant, requestId)))
    return told('skipped', 'Somebody else has changed it since.')
  try {
    await attempt(tx, async (part) => {
      await checkChange(part, session, newest.partyId)
      const { before } = statesOf(oldest)
      await kind.restore(part, { ...restoreOf(newest, session, origin), before }, services)
    })
    return told('updated')
  } catch (error) {
    if (error instanceof Refusal) return told('skipped', error.message)
    throw error
  }
}

/** What follows from what this undo does to cards, or from what it undoes, is nobody else's change. */
function isForeign(
  { id, requestId, origin }: FactRevisionRow,
  meant: readonly FactRevisionRow[],
  undo: string,
): boolean {
  if (meant.some((one) => one.id === id) || requestId === undo) return false
  return !(origin === 'rule' && meant.some((one) => one.requestId === requestId))
}
