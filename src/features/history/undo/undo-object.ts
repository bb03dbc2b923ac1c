import type { Settings } from '../../../../config/defaults.ts'
import { Refusal } from '../../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeSet } from '../../../../protocol/dav/privileges.ts'
import { toldChange } from '../../../../protocol/text/changes/words.ts'
import { type CollectionRow, findCollectionById, isServerOnly } from '../../../../storage/collections.ts'
import type { CollectionId, ObjectId } from '../../../../storage/ids.ts'
import { findObject, findObjectById, findObjectByUid, type ObjectRow } from '../../../../storage/objects.ts'
import type { Origin } from '../../../../storage/origin.ts'
import type { RevisionRow } from '../../../../storage/revisions.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import { deleteListed, type Folding, moveListed } from '../../lists/lists.ts'
import { prepareCopy, prepareObject } from '../../objects.ts'
import { checkQuota } from '../../quota.ts'
import { collectionPlace, readLists, rightsAt } from '../../rights/rights.ts'
import { checkComponent, storeObject } from '../../store-object.ts'
import { bringBackDeleted } from '../../trash/restore.ts'
import { ledBack } from './led-back.ts'
import type { Place, Plan } from './plan.ts'

/** Who undoes, and what is known while he does. */
export interface Undoing {
  readonly session: Session
  readonly settings: Settings
  readonly now: () => number
  readonly origin: Origin
  /** Where many are undone in one write: whoever opened it finishes it. */
  readonly folding?: Folding | undefined
  /** Collections that were looked at, with what he may do there. */
  readonly places: Map<CollectionId, Guarded | undefined>
}

interface Guarded {
  readonly row: CollectionRow
  readonly rights: PrivilegeSet
}

/** An object with all that it was, the oldest state first. */
export interface ObjectPast {
  readonly id: ObjectId
  readonly revisions: readonly RevisionRow[]
  readonly now: ObjectRow | undefined
}

/** What became of one object. */
export interface Undone {
  readonly outcome: 'created' | 'updated' | 'removed' | 'unchanged' | 'skipped'
  /** Why it stays as it is, or what of it does. */
  readonly note: string
  /** Whether something else stands in the way, which may go yet. */
  readonly isBlocked?: boolean
}

const unchanged: Undone = { outcome: 'unchanged', note: '' }
const skipped = (note: string): Undone => ({ outcome: 'skipped', note })
const blocked = (note: string): Undone => ({ outcome: 'skipped', note, isBlocked: true })

/** Why somebody may not do what undoing needs; undefined where he may. Nothing is written. */
export async function judgeUndo(
  reader: Reader,
  undoing: Undoing,
  past: ObjectPast,
  plan: Plan,
): Promise<Undone | undefined> {
  if (plan.kind === 'nothing') return unchanged
  const last = past.revisions.at(-1)
  const here = last && (await placeOf(reader, undoing, last.collectionId))
  // What the server makes from something else follows that.
  if (here && isServerOnly(here.row)) return unchanged
  // Whoever may no longer read it is told nothing of what became of it.
  if (!(await isReadable(reader, undoing, past))) return skipped(mayNot)
  if (plan.kind === 'keep') return skipped(plan.reason)
  if (!here) return skipped('Its collection is in the trash.')
  const may = (needed: PrivilegeSet): boolean => (here.rights & needed) === needed
  if (plan.kind === 'remove') return may(bit.unbind) ? undefined : skipped(mayNot)
  const { deletion, runs, place } = plan
  const needed = [deletion && bit.bind, runs.length > 0 && bit['write-content'], place && bit.unbind]
  if (!needed.every((one) => !one || may(one))) return skipped(mayNot)
  return undefined
}

const mayNot = 'You may no longer write there.'

/** Undoes what was done to one object as planned. @throws nothing that is refused: that is told */
export async function undoObject(
  tx: Writer,
  undoing: Undoing,
  past: ObjectPast,
  plan: Plan,
): Promise<Undone> {
  const judged = await judgeUndo(tx, undoing, past, plan)
  if (judged) return judged
  try {
    if (plan.kind === 'remove') return await remove(tx, undoing, past)
    return plan.kind === 'lead back' ? await leadBack(tx, undoing, past, plan) : unchanged
  } catch (error) {
    if (error instanceof Refusal) return skipped(error.message)
    throw error
  }
}

async function remove(tx: Writer, undoing: Undoing, { now }: ObjectPast): Promise<Undone> {
  const here = now && (await placeOf(tx, undoing, now.collectionId))
  if (!now || !here) return unchanged
  await deleteListed(tx, here.row, now, undoing.origin, undoing.settings)
  return { outcome: 'removed', note: '' }
}

async function leadBack(
  tx: Writer,
  undoing: Undoing,
  past: ObjectPast,
  { deletion, runs, place }: Extract<Plan, { kind: 'lead back' }>,
): Promise<Undone> {
  if (deletion) {
    const outcome = await bringBackDeleted(tx, deletion, undoing.origin, undoing)
    if (outcome.kind === 'refused') return blocked(outcome.reason)
  }
  const existing = deletion ? await findObjectById(tx, past.id) : past.now
  if (!existing) return unchanged
  const notes: string[] = []
  const changed = runs.length > 0 ? await storeText(tx, undoing, existing, runs, notes) : false
  const here = changed ? ((await findObjectById(tx, past.id)) ?? existing) : existing
  const stays = place && (await moveBack(tx, undoing, here, place))
  if (stays !== undefined) notes.push(stays)
  const hasMoved = place !== undefined && stays === undefined
  const note = notes.join(' ')
  if (deletion) return { outcome: 'created', note }
  if (changed || hasMoved) return { outcome: 'updated', note }
  return stays === undefined ? { outcome: note === '' ? 'unchanged' : 'skipped', note } : blocked(note)
}

/** @returns whether the text is another */
async function storeText(
  tx: Writer,
  undoing: Undoing,
  existing: ObjectRow,
  runs: Extract<Plan, { kind: 'lead back' }>['runs'],
  notes: string[],
): Promise<boolean> {
  const { settings, now, origin, folding } = undoing
  const here = await placeOf(tx, undoing, existing.collectionId)
  const led = await ledBack(tx, existing, runs, settings)
  if (led.kind === 'not') notes.push(led.reason)
  if (!here || led.kind === 'not') return false
  if (led.clashes.length > 0) notes.push(clashNote(led.clashes))
  const { row } = here
  const prepared = led.isAsBefore
    ? prepareCopy(row.kind, { ...existing, body: led.body, etag: led.etag }, settings, now())
    : prepareObject(row.kind, led.body, settings, now())
  // Its CATEGORIES are meant as they were: group cards that have been changed with them follow, or are undone after them.
  const ofLists = { lists: 'both', folding } as const
  const request = { ...ofLists, collection: row, name: existing.name, object: prepared, existing, origin }
  const { kind } = await storeObject(tx, { ...request, hrefOf: (name) => name }, settings)
  return kind !== 'unchanged'
}

/** What of an object stays as others have made it. */
export function clashNote(clashes: readonly { readonly path: string }[]): string {
  const what = clashes.map(({ path }) => toldChange({ path, one: undefined, other: undefined })?.what ?? path)
  return `Left as it is, since somebody else has changed it: ${[...new Set(what)].join(', ')}.`
}

/** @returns why it stays where it is; undefined when it is back */
async function moveBack(
  tx: Writer,
  undoing: Undoing,
  object: ObjectRow,
  { collectionId, name }: Place,
): Promise<string | undefined> {
  const { origin, settings, folding } = undoing
  const [from, to] = [
    await placeOf(tx, undoing, object.collectionId),
    await placeOf(tx, undoing, collectionId),
  ]
  if (!from || !to) return 'The collection where it was is gone.'
  if (isServerOnly(to.row)) return 'The server alone writes where it was.'
  if ((to.rights & bit.bind) === 0) return mayNot
  if (await findObject(tx, collectionId, name)) return `There is another object "${name}" where it was.`
  if (from.row.id !== to.row.id) {
    const twin = object.uid === null ? undefined : await findObjectByUid(tx, collectionId, object.uid)
    if (twin) return `Its UID lives where it was, as "${twin.name}".`
    checkComponent(to.row, object.component)
    if (from.row.principalId !== to.row.principalId)
      await checkQuota(tx, to.row.principalId, object.size, settings)
  }
  await moveListed(tx, from.row, object, to.row, name, origin, settings, folding)
  return undefined
}

/** Whether somebody may still read where an object is, or was at last: where that is in the trash, its owner alone. */
export async function isReadable(
  reader: Reader,
  undoing: Undoing,
  { revisions }: Pick<ObjectPast, 'revisions'>,
): Promise<boolean> {
  const last = revisions.at(-1)
  if (!last) return true
  const here = await placeOf(reader, undoing, last.collectionId)
  return here ? (here.rights & bit.read) !== 0 : last.principalId === undoing.session.principal.id
}

/** A collection and what may be done there; undefined where it is gone. */
export async function placeOf(
  reader: Reader,
  { places, session }: Undoing,
  id: CollectionId,
): Promise<Guarded | undefined> {
  if (places.has(id)) return places.get(id)
  const row = await findCollectionById(reader, id)
  const guarded = row && collectionPlace(row)
  const found = guarded && {
    row,
    rights: await rightsAt(reader, session, guarded, await readLists(reader, guarded.path)),
  }
  places.set(id, found)
  return found
}
