import type { Change } from '../../../protocol/text/changes/between.ts'
import { findMakers, type Makers, pageRevisions } from '../../../storage/history/object-revisions.ts'
import type { BodyId, ObjectId, RevisionId } from '../../../storage/ids.ts'
import { readBody } from '../../../storage/objects.ts'
import { findRevision, type RevisionRow } from '../../../storage/revisions.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { bodyText } from '../bodies.ts'
import { mustFindObject, notThere, type ReadableObject } from './readable.ts'
import { shownText } from './shown.ts'
import { compareStates } from './states.ts'
import { summarize } from './summaries.ts'

/** A state of an object as its history lists it. */
export interface ListedState {
  readonly revision: RevisionRow
  /** How it differs from the one before, in plain words; empty where it does not, or that cannot be told. */
  readonly summary: string
}

export interface ListedStates {
  readonly object: ReadableObject
  /** The newest first; one more than asked for, where there are more. */
  readonly states: readonly ListedState[]
  readonly makers: Makers
}

/** What an object was, page by page. @throws refusal 404 */
export async function listStates(
  reader: Reader,
  session: Session,
  id: ObjectId,
  page: { readonly before?: RevisionId | undefined; readonly limit: number },
  settings: Services['settings'],
): Promise<ListedStates> {
  const object = await mustFindObject(reader, session, id)
  const found = await pageRevisions(reader, object.id, object.places, { ...page, limit: page.limit + 1 })
  const rows = found.filter((row) => row.id >= object.since)
  const steps = rows.map((revision, at) => ({ revision, before: rows[at + 1] }))
  const summaries = await summarize(reader, steps, object.sights, settings)
  return {
    object,
    states: rows.map((row) => ({ revision: shownAt(object, row), summary: summaries.get(row.id) ?? '' })),
    makers: await findMakers(reader, rows),
  }
}

/** A state where whoever asks has the object. */
function shownAt({ shownAs }: ReadableObject, revision: RevisionRow): RevisionRow {
  return shownAs ? { ...revision, ...shownAs } : revision
}

/** A state with all that is known of it. */
export interface ShownState {
  readonly revision: RevisionRow
  /** Whether nothing of it is hidden. */
  readonly isWhole: boolean
  readonly makers: Makers
  /** Undefined where its octets are no longer kept. */
  readonly text: string | undefined
  /** What was sent, where something else was stored. */
  readonly sent: string | undefined
  /** How it differs from the state before; undefined where there is none to compare with. */
  readonly previous: readonly Change[] | undefined
  /** What has changed since; undefined for what is in the trash. */
  readonly now: readonly Change[] | undefined
  /** How what was stored differs from what was sent. */
  readonly stored: readonly Change[] | undefined
}

/** One state of an object. @throws refusal 404 */
export async function showState(
  reader: Reader,
  session: Session,
  place: { readonly id: ObjectId; readonly revisionId: RevisionId },
  settings: Services['settings'],
): Promise<ShownState> {
  const object = await mustFindObject(reader, session, place.id)
  const revision = await mustFindState(reader, object, place.revisionId)
  const textOf = async (bodyId: BodyId | null | undefined, state = revision): Promise<string | undefined> => {
    const body = bodyId == null ? undefined : await readBody(reader, bodyId)
    return body && shownText(object.sights.get(state.collectionId), bodyText(body))
  }
  const [older] = await pageRevisions(reader, object.id, object.places, { before: revision.id, limit: 1 })
  const before = older && older.id >= object.since ? older : undefined
  const text = await textOf(revision.bodyId)
  const sent = await textOf(revision.sentBodyId)
  const compared = async (other: Promise<string | undefined>, isOlder: boolean) => {
    const found = await other
    if (text === undefined || found === undefined) return undefined
    return isOlder ? compareStates(found, text, settings) : compareStates(text, found, settings)
  }
  const nowAt = object.now && { ...revision, collectionId: object.now.collectionId }
  return {
    revision: shownAt(object, revision),
    isWhole: !object.sights.has(revision.collectionId),
    makers: await findMakers(reader, [revision]),
    text,
    sent,
    previous: before && (await compared(textOf(before.bodyId, before), true)),
    now: nowAt && (await compared(textOf(object.now?.bodyId, nowAt), false)),
    stored: sent === undefined ? undefined : await compared(Promise.resolve(sent), true),
  }
}

/** The octets of a state, or those that were sent, as its reader may see them. @throws refusal 404 */
export async function readState(
  reader: Reader,
  session: Session,
  place: { readonly id: ObjectId; readonly revisionId: RevisionId; readonly isSent: boolean },
): Promise<{ readonly revision: RevisionRow; readonly body: Buffer }> {
  const object = await mustFindObject(reader, session, place.id)
  const revision = await mustFindState(reader, object, place.revisionId)
  const bodyId = place.isSent ? revision.sentBodyId : revision.bodyId
  const body = bodyId === null ? undefined : await readBody(reader, bodyId)
  if (!body) throw notThere()
  const sight = object.sights.get(revision.collectionId)
  return { revision, body: sight ? Buffer.from(shownText(sight, bodyText(body))) : body }
}

/** A state that may be read. @throws refusal 404 */
export async function mustFindState(
  reader: Reader,
  object: ReadableObject,
  id: RevisionId,
): Promise<RevisionRow> {
  const revision = await findRevision(reader, id)
  const isIts = revision?.objectId === object.id && object.places.includes(revision.collectionId)
  if (!isIts || revision.id < object.since) throw notThere()
  return revision
}
