import { Refusal } from '../../../../protocol/dav/preconditions.ts'
import { holdBatch } from '../../../../storage/batches/batches.ts'
import { otherItems } from '../../../../storage/batches/items.ts'
import {
  type ThingRevisionRow,
  thingRevisionsFrom,
  thingRevisionsOfDevice,
  thingRevisionsOfRequest,
} from '../../../../storage/history/thing-revisions.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { attempt } from '../../../../storage/transactions/savepoint.ts'
import { mustBeAllowed } from '../../../api/scopes.ts'
import { mustBeInPerson, type Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { settleThing } from '../things/history.ts'
import { thingKindOf, thingStatesOf } from '../things/kinds.ts'
import type { ThingState } from '../things/record.ts'
import { rowsToUndo, type UndoAsker, type UndoSource } from './selection.ts'
import type { DoneItem, UndoRun } from './undo.ts'

/** How labels, lists, fields, what is shared, roles and masks are named among the items of an undo. */
const thingComponent = 'THING'

/** One of them, with the changes that are undone, the oldest first. */
export interface ThingToUndo {
  readonly place: string
  readonly name: string
  readonly meant: readonly ThingRevisionRow[]
}

/** Those that were changed. */
export async function thingsToUndo(
  reader: Reader,
  source: UndoSource,
  asker: UndoAsker,
): Promise<ThingToUndo[]> {
  const read = { ofDevice: thingRevisionsOfDevice, ofRequest: thingRevisionsOfRequest }
  const rows = await rowsToUndo(reader, source, asker, read)
  const things = grouped(rows, ({ kind, key, ownerId }) => JSON.stringify([kind, key, ownerId]))
  // What was shared of a list comes after the list.
  return [...things.values()].map((meant) => ({
    place: `${meant[0]?.kind}`,
    name: titleOf(meant) || `${meant[0]?.key}`,
    meant,
  }))
}

/** A job has no device and no token: what neither of them may change is in no undo that they begin. @throws refusal 403 */
export async function mustBeAbleTo(
  reader: Reader,
  session: Session,
  source: UndoSource,
  { settings }: Pick<Services, 'settings'>,
): Promise<void> {
  const asked = { author: session.principal.id, most: settings.limits.undoneObjects }
  const things = await thingsToUndo(reader, source, asked)
  const kinds = things.flatMap(({ meant }) => (meant[0] ? [thingKindOf(meant[0].kind)] : []))
  if (kinds.some(({ isInPerson }) => isInPerson)) mustBeInPerson(session)
  for (const area of kinds.flatMap(({ areas = [] }) => areas)) mustBeAllowed(session, area)
}

function titleOf(meant: readonly ThingRevisionRow[]): string {
  const named = meant.flatMap((row) => {
    const { before, after } = thingStatesOf(row)
    return [before, after]
      .map((state) => state?.name ?? state?.label)
      .filter((text) => typeof text === 'string')
  })
  return named.at(-1) ?? ''
}

interface Undoer {
  readonly session: Session
  readonly services: Pick<Services, 'settings' | 'newId' | 'now'>
  /** The request id of all that is written. */
  readonly requestId: string
}

/** Makes them as they were, each in a write of its own. */
export async function undoThings(run: UndoRun): Promise<void> {
  const { services, batch, source, runner, session, note } = run
  const { store, settings } = services
  const asked = { author: batch.principalId, most: settings.limits.undoneObjects }
  const open = await store.read(async (reader) => {
    const done = (await otherItems(reader, batch.id)).filter(({ component }) => component === thingComponent)
    const known = new Set(done.map(({ place, name }) => `${place} ${name}`))
    return (await thingsToUndo(reader, source, asked)).filter(
      ({ place, name }) => !known.has(`${place} ${name}`),
    )
  })
  for (const one of open) {
    if (run.signal.aborted) return
    await store.write(async (tx) => {
      if (!(await holdBatch(tx, { id: batch.id, runner }))) return
      await note(tx, await undoThingsAtOnce(tx, [one], { session, services, requestId: batch.key }))
    })
  }
}

/** The same in the write that is given: what was done last first. */
export async function undoThingsAtOnce(
  tx: Writer,
  things: readonly ThingToUndo[],
  by: Undoer,
): Promise<DoneItem[]> {
  const items: DoneItem[] = []
  for (const one of things.toReversed()) {
    const { place, name } = one
    items.push({ place, name, component: thingComponent, ...(await undoThing(tx, one, by)) })
  }
  return items
}

async function undoThing(
  tx: Writer,
  { meant }: ThingToUndo,
  { session, services, requestId }: Undoer,
): Promise<Pick<DoneItem, 'outcome' | 'note'>> {
  const [first] = meant
  if (!first) return unchanged
  const kind = thingKindOf(first.kind)
  const isThere = await kind.isThere(tx, session, first)
  const { wanted, isLeft } = await wantedOf(tx, meant, requestId)
  const last = wanted ?? thingStatesOf(first).after ?? {}
  if (!isThere && !(await kind.isShown(tx, session, first, last))) return unchanged
  if (isLeft && (wanted === undefined || Object.keys(wanted).length === 0)) return left
  if (!isThere && wanted === undefined) return unchanged
  const origin = { kind: 'restore', authorId: session.principal.id, requestId } as const
  const restore = { ...services, session, key: first.key, origin, isUndo: true }
  try {
    await attempt(tx, (part) => settleThing(part, kind, restore, { before: wanted, isThere }))
    const outcome = wanted === undefined ? 'removed' : isThere ? 'updated' : 'created'
    return { outcome, note: isLeft ? left.note : '' }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'skipped', note: error.message }
    throw error
  }
}

const unchanged = { outcome: 'unchanged', note: '' } as const
const left = { outcome: 'skipped', note: 'Somebody else has changed it since.' } as const

/** What it was before, but for what somebody else has changed since; undefined where it was not there. */
async function wantedOf(
  reader: Reader,
  meant: readonly ThingRevisionRow[],
  undo: string,
): Promise<{ readonly wanted: ThingState | undefined; readonly isLeft: boolean }> {
  const [first] = meant
  if (!first) return { wanted: undefined, isLeft: false }
  const ids = new Set(meant.map(({ id }) => id))
  const all = await thingRevisionsFrom(reader, first, first.id)
  const isForeign = ({ id, requestId }: ThingRevisionRow): boolean => !ids.has(id) && requestId !== undo
  const { before } = thingStatesOf(first)
  const wanted = new Map<string, unknown>()
  for (const row of meant)
    for (const [name, value] of Object.entries(thingStatesOf(row).before ?? {}))
      if (!wanted.has(name)) wanted.set(name, value)
  // One that came or went as a whole is all as it was, or as it is.
  if (meant.some((row) => row.beforeJson === null || row.afterJson === null)) {
    if (all.some(isForeign)) return { wanted: {}, isLeft: true }
    return { wanted: before && Object.fromEntries(wanted), isLeft: false }
  }
  const touched = new Set(all.filter(isForeign).flatMap((row) => Object.keys(thingStatesOf(row).after ?? {})))
  const open = [...wanted].filter(([name]) => !touched.has(name))
  return { wanted: Object.fromEntries(open), isLeft: open.length < wanted.size }
}
