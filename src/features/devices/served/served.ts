import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import type { AppPasswordRow } from '../../../../storage/credentials.ts'
import { type DeviceWindow, findWindow } from '../../../../storage/held/device-windows.ts'
import { type ListedHeldEdit, listHeldEdits } from '../../../../storage/held/held-edits.ts'
import { type DevicePosition, positionIn } from '../../../../storage/held/merge-bases.ts'
import { findInCollections, lastByDevice, servedState, timesOf } from '../../../../storage/held/served.ts'
import type { ObjectId, PrincipalId } from '../../../../storage/ids.ts'
import { findObjectById, type ObjectRow } from '../../../../storage/objects.ts'
import type { RevisionRow } from '../../../../storage/revisions.ts'
import type { Reader } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import { type Reach, type Reached, reachOf } from '../../people/reach.ts'

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

/** Why a device has not all of it. */
export type ServedReason =
  /** It has never signed in. */
  | 'unused'
  /** The calendar is another's, and not in the home where devices look. */
  | 'not-in-home'
  /** It looks into the home, and leaves that calendar or book aside. */
  | 'not-chosen'
  /** It has not been heard of since. */
  | 'silent'
  /** It was heard of since, and did not ask for that calendar or book. */
  | 'skipped'

/** Something that a device may have, and where it is. */
export interface Place {
  readonly object: ObjectRow
  readonly reached: Reached
}

/** Why something is, or is not, on a device. */
export interface Served {
  readonly state: ServedState
  readonly why: ServedReason | null
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

/** The use of a device is noted so much later at most. */
const usedLateMs = 600_000

/** @throws refusal 404 where there is no such event or card for whoever asks */
export async function placeOf(reader: Reader, session: Session, objectId: ObjectId): Promise<Place> {
  const object = await findObjectById(reader, objectId)
  return mustReach(await reachOf(reader, session), object)
}

/**
 * What an account has under a number, a UID or a file name, for whoever helps it.
 * @throws refusal 404 where that is nothing
 */
export async function placeByText(reader: Reader, session: Session, text: string): Promise<Place> {
  const reach = await reachOf(reader, session)
  const ids = collectionsOf(reach).map(({ row }) => row.id)
  return mustReach(reach, await findInCollections(reader, ids, text))
}

function collectionsOf({ books, virtual, calendars }: Reach): readonly Reached[] {
  return [...books, ...virtual, ...calendars]
}

function mustReach(reach: Reach, object: ObjectRow | undefined): Place {
  const reached = collectionsOf(reach).find(({ row }) => row.id === object?.collectionId)
  if (!object || !reached) throw refuseStatus(404, 'There is nothing at this address.')
  return { object, reached }
}

/** What devices of one account have of something, in their order. */
export async function servedTo(
  reader: Reader,
  principalId: PrincipalId,
  place: Place,
  devices: readonly AppPasswordRow[],
): Promise<Served[]> {
  const { collectionId, name } = place.object
  const held = (await listHeldEdits(reader, principalId)).filter(
    (edit) => edit.collectionId === collectionId && edit.name === name,
  )
  const served: Served[] = []
  for (const device of devices) {
    const refused = held.filter(({ deviceId }) => deviceId === device.id)
    served.push({ ...(await servedToOne(reader, principalId, place, device)), refused })
  }
  return served
}

async function servedToOne(
  reader: Reader,
  principalId: PrincipalId,
  { object, reached }: Place,
  device: AppPasswordRow,
): Promise<Omit<Served, 'refused'>> {
  const { id: objectId, collectionId, change } = object
  const position = await positionIn(reader, device.id, collectionId)
  const window = await findWindow(reader, device.id, collectionId)
  const known = Math.max(position?.change ?? -1, window?.change ?? -1)
  const has = await servedState(reader, { objectId, collectionId, change: known })
  const wrote = await lastByDevice(reader, objectId, device.id)
  const isOutside = position === undefined && (await isBeyond(reader, objectId, window))
  const isOwn = wrote !== undefined && wrote.change === change
  const state = stateOf({ isAsked: known >= 0, isOutside, isCurrent: isOwn || change <= known, has })
  const isInHome = reached.mount !== undefined || reached.row.principalId === principalId
  return { state, why: reasonOf(state, { device, isInHome, object }), position, window, has, wrote }
}

function reasonOf(
  state: ServedState,
  seen: { readonly device: AppPasswordRow; readonly isInHome: boolean; readonly object: ObjectRow },
): ServedReason | null {
  const { lastUsedAt } = seen.device
  if (state === 'never-asked') {
    if (lastUsedAt === null) return 'unused'
    return seen.isInHome ? 'not-chosen' : 'not-in-home'
  }
  if (state !== 'older' && state !== 'not-yet') return null
  return (lastUsedAt ?? 0) > seen.object.modifiedAt + usedLateMs ? 'skipped' : 'silent'
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
