import { busyText } from '../../../protocol/ical/busy.ts'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import type { MountRow } from '../../../storage/mounts.ts'
import { findObjectsByNames, type MemberRow, type ObjectRow, readBodies } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { lastStates, type PastState } from '../../../storage/views/past-states.ts'
import { databaseSecret } from '../../../storage/views/secret.ts'
import { bodyText, etagOf } from '../bodies.ts'
import { fullRows } from '../full-rows.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { readObjectTexts } from '../texts.ts'
import { type BlockNames, blockNames } from './block-names.ts'
import type { Seen, View } from './view.ts'

/** A calendar as blocks of time, and nothing else of what is in it: not even when it was written. */
export async function busyView(reader: Reader, mount: MountRow): Promise<View> {
  const blocks: Blocks = { mount, names: blockNames(await databaseSecret(reader), mount.feedId) }
  return {
    kind: 'busy',
    locate: (inside, names) => locate(inside, blocks, names),
    see: (inside, rows) => see(inside, blocks, rows),
    seenSince: (inside, members, change) => seenSince(inside, blocks, members, change),
    nameOf: blocks.names.nameOf,
  }
}

interface Blocks {
  readonly mount: MountRow
  readonly names: BlockNames
}

async function locate(
  reader: Reader,
  blocks: Blocks,
  names: readonly string[],
): Promise<ReadonlyMap<string, ObjectRow>> {
  const { mount } = blocks
  const stored = names.flatMap((name) => blocks.names.storedName(name) ?? [])
  const rows = await findObjectsByNames(reader, mount.collectionId, stored)
  const located = new Map<string, ObjectRow>()
  for (const part of inParts(rows)) {
    const shown = new Set((await see(reader, blocks, part)).map(({ row }) => row.id))
    for (const row of part) if (shown.has(row.id)) located.set(blocks.names.nameOf(row.name), row)
  }
  return located
}

/** What can take time at all. */
const components = new Set(['VEVENT', 'VFREEBUSY'])

async function see(reader: Reader, blocks: Blocks, rows: readonly MemberRow[]): Promise<readonly Seen[]> {
  const { mount, names } = blocks
  const possible = rows.filter(({ component }) => components.has(component))
  const full = await fullRows(reader, mount.collectionId, possible)
  const texts = await readObjectTexts(reader, full)
  const pause = createPause()
  const seen: Seen[] = []
  for (const row of full) {
    const text = blockText(texts.get(row.id), blocks, row.name)
    if (text !== undefined) seen.push({ row: blockRow(row, text, mount, names), text })
    const turn = pause()
    if (turn) await turn
  }
  return seen
}

/** The times at which a block was made and changed are those of the mount: its own would tell of what is not seen. */
function blockRow(row: ObjectRow, text: string, { createdAt }: MountRow, names: BlockNames): ObjectRow {
  const body = Buffer.from(text)
  return {
    ...row,
    name: names.nameOf(row.name),
    uid: names.uidOf(row.name),
    etag: etagOf(body),
    size: body.byteLength,
    mediaType: null,
    version: null,
    scheduleTag: null,
    createdAt,
    modifiedAt: createdAt,
  }
}

/** For one object, to find out which of its overrides change the time. */
const overrideSteps = 10_000

function blockText(stored: string | undefined, { names }: Blocks, name: string): string | undefined {
  if (stored === undefined) return undefined
  try {
    return busyText(readCalendar(stored), names.uidOf(name), { steps: overrideSteps })
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined
    throw error
  }
}

/** Of an object that has changed more often there is news in any case. */
const mostStates = 8

async function seenSince(
  reader: Reader,
  blocks: Blocks,
  members: readonly Pick<MemberRow, 'id' | 'name'>[],
  change: number,
): Promise<ReadonlyMap<number, string | undefined>> {
  const histories = await lastStates(
    reader,
    members.map(({ id }) => id),
    mostStates,
  )
  const states = members.flatMap(({ id, name }) =>
    statesSince(histories.get(id) ?? [], blocks.mount, name, change),
  )
  const looks = await looksOf(reader, blocks, states)
  return new Map([...looks].flatMap(([id, [look, ...others]]) => (others.length > 0 ? [] : [[id, look]])))
}

/** All states since a change number, the one at that number included; none where that is not known. */
function statesSince(
  history: readonly PastState[],
  { collectionId }: MountRow,
  name: string,
  change: number,
): PastState[] {
  const [newest] = history
  const past = newest?.kind === 'deleted' ? history.slice(1) : history
  const states: PastState[] = []
  for (const state of past) {
    const isHere = state.collectionId === collectionId && state.name === name && state.kind !== 'deleted'
    if (!isHere || state.bodyId === null) return []
    states.push(state)
    if (state.change <= change) return states
  }
  return []
}

/** How objects looked, by their ids, each look once: an entity tag, or undefined. Those with octets that are gone are left out. */
async function looksOf(
  reader: Reader,
  blocks: Blocks,
  states: readonly PastState[],
): Promise<Map<number, readonly (string | undefined)[]>> {
  const looks = new Map<number, readonly (string | undefined)[]>()
  const lost = new Set<number>()
  const pause = createPause()
  for (const part of inParts(states)) {
    const bodies = await readBodies(
      reader,
      part.flatMap(({ bodyId }) => bodyId ?? []),
    )
    for (const { objectId, bodyId, name } of part) {
      const body = bodyId === null ? undefined : bodies.get(bodyId)
      const text = body && blockText(bodyText(body), blocks, name)
      const look = text === undefined ? undefined : etagOf(Buffer.from(text))
      if (!body) lost.add(objectId)
      looks.set(objectId, [...new Set([...(looks.get(objectId) ?? []), look])])
      const turn = pause()
      if (turn) await turn
    }
  }
  for (const id of lost) looks.delete(id)
  return looks
}
