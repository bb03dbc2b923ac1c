import type { Settings } from '../../../config/defaults.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { addFactEvent } from '../../../storage/events.ts'
import { addBurst, changedSince, countChanges, growBurst } from '../../../storage/history/bursts.ts'
import { countObjects } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { DeviceChange, Writer } from '../../../storage/store.ts'

/** Once there may be a burst it is looked at every few changes: looking costs as much as there are changes. */
const stepOf = (most: number): number => Math.max(1, Math.floor(most / 4))

/**
 * Notes that one device deletes or rewrites much of a collection at once, in the write that does it, and tells the owner, who
 * undoes it with one request. The changes themselves are taken: a refusal is answered by a phone with the same request again,
 * for ever, and one that is told what is not so (that its card is gone while others still have it) has a collection of its
 * own from then on. Nothing is lost by taking them, since what was deleted is in the trash and what was rewritten in the
 * history; and what is undone goes to every device as a change like all others (design §5).
 * It costs a write of a device one statement; those of people who make something new, none.
 */
export async function watchBursts(tx: Writer, { bursts }: Pick<Settings, 'bursts'>): Promise<void> {
  const { objects: most, percent, windowMs } = bursts
  // In one order, so that two writes do not wait for each other.
  const changes = [...tx.deviceChanges.values()].sort(
    (one, other) => one.deviceId - other.deviceId || one.collectionId - other.collectionId,
  )
  tx.deviceChanges.clear()
  if (most === 0) return
  for (const change of changes) {
    const count = await countChanges(tx, change, { windowMs, most })
    if (count <= most || (await growBurst(tx, change, tx.now - windowMs))) continue
    const before = count - change.deleted - change.changed
    const step = stepOf(most)
    if (before > most && Math.floor(before / step) === Math.floor(count / step)) continue
    await judge(tx, change, { most, percent, since: tx.now - windowMs })
  }
}

/** The same of a device that deletes a whole collection: its members are neither looked at nor counted one by one. */
export async function noteDeletedCollection(
  tx: Writer,
  { id: collectionId, principalId, generated }: CollectionRow,
  { kind, deviceId, authorId }: Origin,
  { bursts }: Pick<Settings, 'bursts'>,
): Promise<void> {
  if (deviceId === undefined || kind !== 'client' || generated !== null || bursts.objects === 0) return
  const deleted = await countObjects(tx, collectionId)
  if (deleted <= bursts.objects) return
  await tellBurst(tx, { deviceId, collectionId, principalId, authorId, deleted, changed: 0 }, tx.now)
}

async function judge(
  tx: Writer,
  change: DeviceChange,
  { most, percent, since }: { readonly most: number; readonly percent: number; readonly since: number },
): Promise<void> {
  const { objects, deleted, firstAt } = await changedSince(tx, change, since)
  if (objects <= most) return
  const before = (await countObjects(tx, change.collectionId)) + deleted
  if (objects * 100 <= before * percent) return
  await tellBurst(tx, { ...change, deleted, changed: objects - deleted }, firstAt)
}

async function tellBurst(tx: Writer, change: DeviceChange, fromAt: number): Promise<void> {
  const { principalId, authorId = null, deviceId, collectionId, deleted, changed } = change
  const id = await addBurst(tx, {
    ...{ principalId, authorId, deviceId, collectionId, deleted, changed, fromAt, untilAt: tx.now },
  })
  const about = { kind: 'burst', id }
  await addFactEvent(tx, { kind: 'burst-noticed', readers: [principalId], about }, { kind: 'rule', deviceId })
}
