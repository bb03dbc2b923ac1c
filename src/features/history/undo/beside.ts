import { setTimeout as wait } from 'node:timers/promises'
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
import type { PrincipalId } from '../../../../storage/ids.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { attempt } from '../../../../storage/transactions/savepoint.ts'
import type { Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { type Asking, mustSee, mustWrite } from '../../people/asking.ts'
import { reachOf } from '../../people/reach.ts'
import { restoreFromTrash } from '../../trash/restore.ts'
import { factKinds } from '../fact-kinds.ts'
import { restoreOf } from '../party-history.ts'
import { shownFacts, statesOf } from '../shown-facts.ts'
import type { UndoSource } from './selection.ts'
import type { DoneItem, UndoRun } from './undo.ts'

/** Collections of the caller's own that the device deleted come back with all that they held, and stay when that is undone. */
export async function bringBackCollections({
  services,
  batch,
  source,
  runner,
  session,
  note,
}: UndoRun): Promise<void> {
  const { principal } = session
  const deleted = await services.store.read((reader) => goneCollections(reader, principal.id, source))
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

/** Those that a device deleted, or that an undo took away since a device had made them. */
async function goneCollections(reader: Reader, principalId: PrincipalId, source: UndoSource) {
  if ('device' in source) return collectionsDeletedBy(reader, principalId, source.device)
  if (!('batch' in source)) return []
  const items = await otherItems(reader, source.batch)
  return items.flatMap(({ outcome, component, collectionId, name }) =>
    String(outcome) === 'removed' &&
    collectionId !== null &&
    (component === 'calendar' || component === 'addressbook')
      ? [{ id: collectionId, name: name ?? '', kind: component }]
      : [],
  )
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

/** Facts of one write: its writer waits for all of them. */
const pageFacts = 25
/** So that writes of clients come between the pages. */
const pauseMs = 5

/** Makes facts as they were, where nobody else has changed them since: some in one write, in their order. */
export async function undoFacts(run: UndoRun): Promise<void> {
  const { services, batch, source, runner, session, note } = run
  const { store, settings } = services
  const facts = await store.read(async (reader) => {
    const done = (await otherItems(reader, batch.id)).map(({ place, name }) => `${place} ${name}`)
    const known = new Set(done)
    const open = await factsToUndo(reader, source, settings.limits.undoneObjects)
    return open.filter(({ place, name }) => !known.has(`${place} ${name}`))
  })
  for (let at = 0; at < facts.length && !run.signal.aborted; at += pageFacts) {
    const page = facts.slice(at, at + pageFacts)
    await store.write(async (tx) => {
      if (!(await holdBatch(tx, { id: batch.id, runner }))) return
      await note(tx, await undoFactsAtOnce(tx, page, { session, services, requestId: batch.key }))
    })
    await wait(pauseMs)
  }
}

/** Who undoes, and with what. */
interface Undoer {
  readonly session: Session
  readonly services: Pick<Services, 'settings' | 'newId' | 'now'>
  /** The request id of all that is written. */
  readonly requestId: string
}

/** Makes facts as they were, each by itself, where nobody else has changed it since. What somebody reaches no fact changes. */
export async function undoFactsAtOnce(
  tx: Writer,
  facts: readonly FactToUndo[],
  by: Undoer,
): Promise<DoneItem[]> {
  if (facts.length === 0) return []
  const asking = { session: by.session, reach: await reachOf(tx, by.session) }
  const newest = facts.flatMap(({ meant }) => meant.slice(0, 1))
  const shown = await shownFacts(tx, asking, newest)
  const items: DoneItem[] = []
  for (const fact of facts) {
    const { place, name } = fact
    items.push({
      place,
      name,
      component: factComponent,
      ...(await undoFact(tx, fact, { ...by, asking, shown })),
    })
  }
  return items
}

async function undoFact(
  tx: Writer,
  { meant }: FactToUndo,
  {
    asking,
    shown,
    services,
    requestId,
  }: Undoer & { readonly asking: Asking; readonly shown: Awaited<ReturnType<typeof shownFacts>> },
): Promise<Pick<DoneItem, 'outcome' | 'note'>> {
  const origin = { kind: 'restore', authorId: asking.session.principal.id, requestId } as const
  const [newest, oldest] = [meant[0], meant.at(-1)]
  const kind = factKinds.find((one) => one.kind === newest?.kind)
  if (!newest || !oldest || !kind) return { outcome: 'skipped', note: 'It cannot be undone.' }
  if (!shown.has(newest.id)) return unchanged
  const later = await factRevisionsFrom(tx, oldest)
  if (later.at(-1)?.afterJson === oldest.beforeJson) return unchanged
  if (later.some((one) => isForeign(one, meant, requestId)))
    return { outcome: 'skipped', note: 'Somebody else has changed it since.' }
  try {
    await attempt(tx, async (part) => {
      await (kind.isOwn ? mustSee : mustWrite)(part, asking, newest.partyId)
      const { before } = statesOf(oldest)
      await kind.restore(part, { ...restoreOf(newest, asking, origin), before }, services)
    })
    return { outcome: 'updated', note: '' }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'skipped', note: error.message }
    throw error
  }
}

const unchanged = { outcome: 'unchanged', note: '' } as const

/** What follows from what this undo does to cards, or from what it undoes, is nobody else's change. */
function isForeign(
  { id, requestId, origin }: FactRevisionRow,
  meant: readonly FactRevisionRow[],
  undo: string,
): boolean {
  if (meant.some((one) => one.id === id) || requestId === undo) return false
  return !(origin === 'rule' && meant.some((one) => one.requestId === requestId))
}
