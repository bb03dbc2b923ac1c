import { readCalendar } from '../../../protocol/ical/calendar.ts'
import {
  mayBePersonal,
  type PersonalLayer,
  withoutAlarmLines,
  withPersonalParts,
} from '../../../protocol/ical/personal.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import type { MountRow } from '../../../storage/mounts.ts'
import { findObjectsByNames, type MemberRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { findLayers } from '../../../storage/views/layers.ts'
import { fullRows } from '../full-rows.ts'
import { readObjectTexts } from '../texts.ts'
import { layeredEtag, readLayer } from './layer.ts'
import type { Seen, View, Wanted } from './view.ts'

/**
 * A calendar with alarms of the sharee's own: those of the others are not there, and what is his lies in a layer beside the stored
 * object. The entity tag says which object and which layer; the size is that of what he sees.
 */
export function personalView(mount: MountRow): View {
  return {
    kind: 'personal',
    locate: async (reader, names) => {
      const found = await findObjectsByNames(reader, mount.collectionId, names)
      return new Map(found.map((row) => [row.name, row]))
    },
    see: (reader, rows, wanted) => see(reader, mount, rows, wanted),
    seenSince: async () => new Map(),
    nameOf: (stored) => stored,
  }
}

async function see(
  reader: Reader,
  mount: MountRow,
  rows: readonly MemberRow[],
  { row: isFull = false, size = false, text = false }: Wanted,
): Promise<readonly Seen[]> {
  const layers = await findLayers(
    reader,
    mount,
    rows.map(({ id }) => id),
  )
  const seen = <Row extends MemberRow>(row: Row): Row => ({
    ...row,
    etag: layeredEtag(row.etag, layers.get(row.id)),
    // What is seen is written anew, in UTF-8.
    mediaType: null,
  })
  if (!isFull && !size && !text) return rows.map((row) => ({ row: seen(row), text: undefined }))
  const full = await fullRows(reader, mount.collectionId, rows)
  if (!size && !text) return full.map((row) => ({ row: seen(row), text: undefined }))
  const texts = await readObjectTexts(reader, full)
  return full.flatMap((row) => {
    const stored = texts.get(row.id)
    if (stored === undefined) return []
    const own = personalText(stored, readLayer(layers.get(row.id)))
    return [{ row: { ...seen(row), size: Buffer.byteLength(own) }, text: own }]
  })
}

/** A stored text as the sharee sees it; of one that cannot be read only what is certainly somebody's alarm is taken away. */
export function personalText(stored: string, layer: PersonalLayer): string {
  if (layer.size === 0 && !mayBePersonal(stored)) return stored
  try {
    return withPersonalParts(readCalendar(stored), layer)
  } catch (error) {
    if (error instanceof InvalidObjectError) return withoutAlarmLines(stored)
    throw error
  }
}
