import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import type { Change } from '../../../protocol/text/changes/between.ts'
import { pageRevisions } from '../../../storage/history/object-revisions.ts'
import type { ObjectId, RevisionId } from '../../../storage/ids.ts'
import { findObjectById, type ObjectRow, readBody } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { RevisionRow } from '../../../storage/revisions.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { bodyText } from '../bodies.ts'
import { type PreparedObject, prepareCopy, prepareObject } from '../objects.ts'
import { storeObject } from '../store-object.ts'
import { bringBackDeleted } from '../trash/restore.ts'
import { mustFindState } from './object-history.ts'
import { mustFindObject, notThere, type ReadableObject, seenEtag } from './readable.ts'
import { shownText } from './shown.ts'
import { textIn } from './shown-state.ts'
import { mergeStates } from './states.ts'

/** One thing that is to be as it was: a difference between then and now, as `showState` tells it. */
export interface WantedField {
  /** A property, or a component with all that is in it: `VCARD/TEL`, `VCALENDAR/VEVENT 20260112T090000Z`. */
  readonly path: string
  /** Which of several, where it is named: the line as it was, and as it is; null for none. */
  readonly was?: string | null | undefined
  readonly is?: string | null | undefined
}

export interface RestoreWanted {
  readonly id: ObjectId
  readonly revisionId: RevisionId
  /** Undefined for the whole object. */
  readonly fields?: readonly WantedField[] | undefined
  readonly origin: Origin
  /** Judges the entity tag of what is there now; undefined where nothing is. @throws refusal 412 */
  readonly check: (etag: string | undefined) => void
}

export interface Restored {
  readonly kind: 'restored' | 'updated' | 'unchanged'
  readonly etag: string
}

/**
 * Makes an object, or some fields of it, as it was: an ordinary change, which syncs out and stands in the history itself. One
 * that is in the trash comes back under its name and UID. What its reader may not see stays as it is.
 * @throws refusal 404; 403 where he may not write; 409 where it cannot be, with the reason; 412
 */
export async function restoreState(
  tx: Writer,
  session: Session,
  wanted: RestoreWanted,
  services: Pick<Services, 'settings' | 'now'>,
): Promise<Restored> {
  const object = await mustFindObject(tx, session, wanted.id)
  const then = await mustFindState(tx, object, wanted.revisionId)
  if (then.bodyId === null) throw refuseStatus(409, 'Its octets are no longer kept.')
  if ((object.rights & (object.now ? bit['write-content'] : bit.bind)) === 0)
    throw refuseStatus(403, 'You may not write there.')
  wanted.check(await seenEtag(tx, object, object.now))
  const existing = object.now ?? (await broughtBack(tx, object, wanted.origin, services))
  const kept = await storeState(tx, { object, existing, then, wanted }, services)
  return kept.kind === 'unchanged' && !object.now ? { ...kept, kind: 'restored' } : kept
}

/** @throws refusal 409 */
async function broughtBack(
  tx: Writer,
  { id, places }: ReadableObject,
  origin: Origin,
  services: Pick<Services, 'settings' | 'now'>,
): Promise<ObjectRow> {
  const [last] = await pageRevisions(tx, id, places, { limit: 1 })
  if (last?.kind !== 'deleted') throw notThere()
  const outcome = await bringBackDeleted(tx, last, origin, services)
  if (outcome.kind === 'refused') throw refuseStatus(409, outcome.reason)
  const row = await findObjectById(tx, id)
  if (!row) throw new Error('What was brought back is not there.')
  return row
}

interface Storing {
  readonly object: ReadableObject
  readonly existing: ObjectRow
  readonly then: RevisionRow
  readonly wanted: RestoreWanted
}

async function storeState(
  tx: Writer,
  storing: Storing,
  services: Pick<Services, 'settings' | 'now'>,
): Promise<Restored> {
  const { object, existing, wanted } = storing
  const { collection } = object
  if (!collection) throw refuseStatus(409, 'Its collection is in the trash: restore that first.')
  const prepared = await stateToStore(tx, storing, services)
  const request = { collection, name: existing.name, object: prepared, existing, origin: wanted.origin }
  const { kind, ...outcome } = await storeObject(
    tx,
    { ...request, hrefOf: (name) => name },
    services.settings,
  )
  const row = object.sights.size > 0 ? await findObjectById(tx, existing.id) : undefined
  const etag = (await seenEtag(tx, object, row)) ?? outcome.etag
  return { kind: kind === 'unchanged' ? 'unchanged' : 'updated', etag }
}

async function stateToStore(
  tx: Writer,
  { object, existing, then, wanted }: Storing,
  { settings, now }: Pick<Services, 'settings' | 'now'>,
): Promise<PreparedObject> {
  const kind = object.collection?.kind ?? 'addressbook'
  const [past, present] = [await bodyOf(tx, then.bodyId), await bodyOf(tx, existing.bodyId)]
  const sights = [object.sights.get(then.collectionId), object.sights.get(existing.collectionId)] as const
  if (!wanted.fields && !sights[0] && !sights[1])
    return prepareCopy(kind, { ...existing, body: past, etag: then.etag }, settings, now())
  const stored = bodyText(present)
  const found = new Set<WantedField>()
  const states = {
    now: stored,
    base: shownText(sights[1], stored),
    target: shownText(sights[0], bodyText(past)),
  }
  const merged = mergeStates(states, settings, chooser(wanted.fields, found))
  if (merged.kind === 'too long') throw refuseStatus(409, 'It is too long to restore a part of it.')
  if (found.size < (wanted.fields?.length ?? 0))
    throw refuseStatus(409, 'It is not different there now: look at the state again.')
  if (merged.text === stored) return prepareCopy(kind, { ...existing, body: present }, settings, now())
  return prepareObject(kind, Buffer.from(merged.text), settings, now())
}

async function bodyOf(tx: Writer, id: RevisionRow['bodyId']): Promise<Buffer> {
  const body = id === null ? undefined : await readBody(tx, id)
  if (!body) throw refuseStatus(409, 'Its octets are no longer kept.')
  return body
}

/** Whether a change is one of those wanted; notes which of them were found. */
function chooser(
  fields: readonly WantedField[] | undefined,
  found: Set<WantedField>,
): ((change: Change) => boolean) | undefined {
  if (!fields) return undefined
  return (change) => {
    const chosen = fields.filter((field) => isMeant(field, change))
    for (const field of chosen) found.add(field)
    return chosen.length > 0
  }
}

function isMeant({ path, was, is }: WantedField, change: Change): boolean {
  if (change.path !== path && !change.path.startsWith(`${path}/`)) return false
  if (is !== undefined && is !== textIn(change, 'one')) return false
  return was === undefined || was === textIn(change, 'other')
}
