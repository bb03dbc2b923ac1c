import type { AppPasswordRow } from '../../../storage/credentials.ts'
import { type DeviceWindow, windowsOf } from '../../../storage/held/device-windows.ts'
import { type ListedHeldEdit, listHeldEdits } from '../../../storage/held/held-edits.ts'
import { type DevicePosition, positionsOf } from '../../../storage/held/merge-bases.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Reach, Reached } from '../people/reach.ts'

const mostRefusals = 50

/** A device as it is listed. */
export function shownDevice(row: AppPasswordRow) {
  const { id, label, scope: may, clientKind, suggestedKind, merge, lastAddress, lastAgent } = row
  const kept: 'auto' | 'off' | 'on' = merge === null ? 'auto' : merge === 0 ? 'off' : 'on'
  return {
    ...{ id, label, kind: clientKind, looksLike: suggestedKind, merge: kept, isReadOnly: may === 'read' },
    createdAt: new Date(row.createdAt).toISOString(),
    lastUsedAt: timeOf(row.lastUsedAt),
    ...{ lastAddress, lastAgent },
  } as const
}

/** How far a device has come with what it syncs, and what it wrote in vain. */
export async function syncOf(
  reader: Reader,
  { books, virtual, calendars }: Reach,
  { id: principalId }: Pick<PrincipalRow, 'id'>,
  { id }: Pick<AppPasswordRow, 'id'>,
) {
  const known = new Map([...books, ...virtual, ...calendars].map((reached) => [reached.row.id, reached]))
  const positions = new Map(byCollection(await positionsOf(reader, id)))
  const windows = new Map(byCollection(await windowsOf(reader, id)))
  const collections = [...new Set([...positions.keys(), ...windows.keys()])].flatMap((collectionId) => {
    const reached = known.get(collectionId)
    return reached ? [synced(reached, positions.get(collectionId), windows.get(collectionId))] : []
  })
  const held = (await listHeldEdits(reader, principalId)).filter(({ deviceId }) => deviceId === id)
  return { collections, refusals: held.slice(0, mostRefusals).map(shownRefusal) }
}

export function shownRefusal(edit: ListedHeldEdit) {
  const { id, at, collectionName: collection, name, status, reason } = edit
  return { id, at: new Date(at).toISOString(), collection, name, status, reason }
}

export function timeOf(at: number | null | undefined): string | null {
  return at === null || at === undefined ? null : new Date(at).toISOString()
}

function byCollection<Row extends { readonly collectionId: CollectionId }>(rows: readonly Row[]) {
  return rows.map((row) => [row.collectionId, row] as const)
}

function synced(
  { row, mount }: Reached,
  position: DevicePosition | undefined,
  window: DeviceWindow | undefined,
) {
  const { id, kind, name, displayname, feedChange } = row
  const seen = Math.max(position?.change ?? 0, window?.change ?? 0)
  return {
    ...{ id, kind, title: mount?.displayname ?? displayname ?? name },
    at: new Date(Math.max(position?.at ?? 0, window?.at ?? 0)).toISOString(),
    ...{ behind: Math.max(0, feedChange - seen), position: seen, newest: feedChange },
    ...{ from: timeOf(window?.fromAt), until: timeOf(window?.untilAt) },
  }
}
