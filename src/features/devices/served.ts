import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { AppPasswordRow } from '../../../storage/credentials.ts'
import { type DeviceWindow, findWindow } from '../../../storage/held/device-windows.ts'
import { type ListedHeldEdit, listHeldEdits } from '../../../storage/held/held-edits.ts'
import { type DevicePosition, positionIn } from '../../../storage/held/merge-bases.ts'
import { lastByDevice, servedState, timesOf } from '../../../storage/held/served.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import { findObjectById } from '../../../storage/objects.ts'
import type { RevisionRow } from '../../../storage/revisions.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { reachOf } from '../people/reach.ts'

/** What a device has of an event or a card. */
export type ServedState =
  /** It has never asked for that calendar or book. */
  | 'never-asked'
  /** It asks for another time of that calendar only. */
  | 'outside'
  /** It was told of it as it is now. */
  | 'current'
  /** It has what it was before. */
  | 'older'
  /** It has not asked since it came. */
  | 'not-yet'

/** Why something is, or is not, on a device. */
export interface Served {
  readonly state: ServedState
  readonly collectionId: CollectionId
  readonly change: number
  /** When it asked last for that calendar or book, and up to which number it had all then. */
  readonly position: DevicePosition | undefined
  readonly window: DeviceWindow | undefined
  /** What it has, as far as that is known. */
  readonly has: RevisionRow | undefined
  /** What it wrote itself last. */
  readonly wrote: RevisionRow | undefined
  /** What it wrote in vain. */
  readonly refused: readonly ListedHeldEdit[]
}

/** @throws refusal 404 where there is no such event or card for whoever asks */
export async function servedTo(
  reader: Reader,
  session: Session,
  objectId: ObjectId,
  device: AppPasswordRow,
): Promise<Served> {
  const object = await findObjectById(reader, objectId)
  const { books, virtual, calendars } = await reachOf(reader, session)
  const reached = [...books, ...virtual, ...calendars].find(({ row }) => row.id === object?.collectionId)
  if (!object || !reached) throw refuseStatus(404, 'There is nothing at this address.')
  const { collectionId, change } = object
  const position = await positionIn(reader, device.id, collectionId)
  const window = await findWindow(reader, device.id, collectionId)
  const known = Math.max(position?.change ?? -1, window?.change ?? -1)
  const has = await servedState(reader, { objectId, collectionId, change: known })
  const wrote = await lastByDevice(reader, objectId, device.id)
  const held = await listHeldEdits(reader, session.principal.id)
  const refused = held.filter(
    (edit) => edit.deviceId === device.id && edit.collectionId === collectionId && edit.name === object.name,
  )
  const isOutside = position === undefined && (await isBeyond(reader, objectId, window))
  const isOwn = wrote !== undefined && wrote.change === change
  const state = stateOf({ isAsked: known >= 0, isOutside, isCurrent: isOwn || change <= known, has })
  return { state, collectionId, change, position, window, has, wrote, refused }
}

function stateOf(seen: {
  readonly isAsked: boolean
  readonly isOutside: boolean
  readonly isCurrent: boolean
  readonly has: RevisionRow | undefined
}): ServedState {
  if (seen.isOutside) return 'outside'
  if (seen.isCurrent) return 'current'
  if (!seen.isAsked) return 'never-asked'
  return seen.has ? 'older' : 'not-yet'
}

/** Whether an event is over before, or begins after, what a device asks for. */
async function isBeyond(
  reader: Reader,
  objectId: ObjectId,
  window: DeviceWindow | undefined,
): Promise<boolean> {
  const times = window && (await timesOf(reader, objectId))
  if (!window || !times) return false
  const isBefore = window.fromAt !== null && times.latest !== null && times.latest <= window.fromAt
  return isBefore || (window.untilAt !== null && times.earliest !== null && times.earliest >= window.untilAt)
}
