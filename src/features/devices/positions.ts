import type { CompFilter } from '../../../protocol/ical/filter-types.ts'
import { type DeviceWindow, findWindow, setWindow } from '../../../storage/held/device-windows.ts'
import { findPosition, setPosition } from '../../../storage/held/merge-bases.ts'
import type { CollectionId, DeviceId } from '../../../storage/ids.ts'
import type { Store } from '../../../storage/store.ts'

/**
 * Remembers how far a device has come with a collection, by the token that it brings: what it was given with that one it has.
 * Programs that write without If-Match are known by nothing else (TBA). Written only where it has moved.
 */
export async function notePosition(
  store: Store,
  deviceId: DeviceId,
  collectionId: CollectionId,
  change: number,
): Promise<void> {
  const known = await store.read((reader) => findPosition(reader, deviceId, collectionId))
  if (known === change) return
  await store.write((tx) => setPosition(tx, deviceId, collectionId, change))
}

const dayMs = 86_400_000

/**
 * Remembers which part of a calendar a device asks for: what is outside of it the device does not have, by its own wish.
 * Written only where that, or the calendar, has moved.
 * @param filter  of a calendar-query; one that looks for something else than a time says nothing
 * @see RFC 4791 §7.8
 */
export async function noteWindow(
  store: Store,
  deviceId: DeviceId,
  collection: { readonly id: CollectionId; readonly feedChange: number },
  filter: CompFilter,
): Promise<void> {
  const asked = windowIn(filter)
  if (!asked) return
  const { id: collectionId, feedChange: change } = collection
  const known = await store.read((reader) => findWindow(reader, deviceId, collectionId))
  if (known?.change === change && isNear(known.fromAt, asked.fromAt) && isNear(known.untilAt, asked.untilAt))
    return
  await store.write((tx) => setWindow(tx, deviceId, { collectionId, change, ...asked }))
}

/** The time that is asked for; undefined for a filter that asks for something else. */
function windowIn({ comps, props }: CompFilter): Pick<DeviceWindow, 'fromAt' | 'untilAt'> | undefined {
  const [comp, ...others] = comps
  if (props.length > 0 || others.length > 0) return undefined
  if (!comp) return { fromAt: null, untilAt: null }
  if (comp.isNotDefined || comp.props.length > 0 || comp.comps.length > 0) return undefined
  return { fromAt: comp.timeRange?.start ?? null, untilAt: comp.timeRange?.end ?? null }
}

/** Clients move their window on with every day. */
function isNear(one: number | null, other: number | null): boolean {
  return one === null || other === null ? one === other : Math.abs(one - other) < dayMs
}
