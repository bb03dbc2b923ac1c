import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { objectsOfBatch } from '../../../../storage/batches/items.ts'
import {
  allRevisions,
  type DeviceSpan,
  objectsOfDevice,
  objectsOfRequest,
  type RequestSpan,
} from '../../../../storage/history/object-revisions.ts'
import type { BatchId, ObjectId, PrincipalId } from '../../../../storage/ids.ts'
import { findObjectsByIds } from '../../../../storage/objects.ts'
import type { RevisionRow } from '../../../../storage/revisions.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Reader } from '../../../../storage/store.ts'
import { byServer } from './plan.ts'
import type { ObjectPast } from './undo-object.ts'

/** What is undone: what a device did between two moments, what one request did, or what an undo did. */
export type UndoSource =
  | { readonly device: DeviceSpan }
  | { readonly request: RequestSpan }
  | { readonly batch: BatchId /** The request id of all that it wrote. */; readonly key: string }

/**
 * The objects that it was done to, what was done last first.
 * @throws refusal 422 where there are too many
 */
export async function objectsToUndo(reader: Reader, source: UndoSource, most: number): Promise<ObjectId[]> {
  if ('batch' in source) return objectsOfBatch(reader, source.batch)
  if ('request' in source) {
    const found = await objectsOfRequest(reader, source.request, most + 1)
    if (found.length > most) throw refuseStatus(422, `That is more than ${most} objects at once.`)
    return found.map(({ id }) => id)
  }
  const objects = await objectsOfDevice(reader, source.device, most + 1)
  if (objects.length > most)
    throw refuseStatus(422, `That is more than ${most} objects at once: choose a shorter time.`)
  return objects
}

/** Who undoes, and how much of it at most. */
export interface UndoAsker {
  readonly author: PrincipalId
  readonly most: number
}

/** What a history of its own knows of it, the oldest first. */
export function rowsToUndo<Row>(
  reader: Reader,
  source: UndoSource,
  { author: authorId, most }: UndoAsker,
  read: {
    readonly ofDevice: (reader: Reader, span: DeviceSpan, most: number) => Promise<Row[]>
    readonly ofRequest: (reader: Reader, span: RequestSpan, most: number) => Promise<Row[]>
  },
): Promise<Row[]> {
  if ('device' in source) return read.ofDevice(reader, source.device, most)
  const span = 'request' in source ? source.request : { request: source.key, authorId }
  return read.ofRequest(reader, span, most)
}

/** Whether a state is what is to be undone. */
export function isMeantBy(source: UndoSource): (revision: RevisionRow) => boolean {
  if ('batch' in source) return ({ requestId, origin }) => requestId === source.key && !byServer({ origin })
  if ('request' in source) {
    const { request, authorId } = source.request
    return (revision) =>
      revision.requestId === request && revision.authorId === authorId && !byServer(revision)
  }
  const { deviceId, from, to, ownerId, collectionId } = source.device
  return (revision) =>
    revision.deviceId === deviceId &&
    revision.at >= from &&
    revision.at <= to &&
    !byServer(revision) &&
    (ownerId === undefined || revision.principalId === ownerId) &&
    (collectionId === undefined || revision.collectionId === collectionId)
}

/** These objects with all that they were, in the order they are given. */
export async function pastsOf(reader: Reader, ids: readonly ObjectId[]): Promise<ObjectPast[]> {
  const revisions = grouped(await allRevisions(reader, ids), ({ objectId }) => objectId)
  const rows = new Map((await findObjectsByIds(reader, ids)).map((row) => [row.id, row]))
  return ids.map((id) => ({ id, revisions: revisions.get(id) ?? [], now: rows.get(id) }))
}
