import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Settings } from '../../../config/defaults.ts'
import { unlessRefused } from '../../../protocol/dav/preconditions.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { type Card, readCard } from '../../../protocol/vcard/card.ts'
import {
  changeCategories,
  changeMembers,
  type LabelChange,
  newGroupCard,
} from '../../../protocol/vcard/lists.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { hasLivingMember } from '../../../storage/lists/list-queries.ts'
import { findObjectById, type ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import { deleteObject, putObject } from '../../../storage/write-path.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { hasRoom } from '../room.ts'
import { readObjectTexts } from '../texts.ts'

/** A book whose cards are patched by the rule that keeps CATEGORIES and group cards in step, for what somebody has done to others. */
export interface Patched {
  readonly collection: CollectionRow
  /** Of what was done. */
  readonly origin: Origin
}

/** Changes the CATEGORIES of people's cards. */
export async function patchPeople(
  tx: Writer,
  patched: Patched,
  rows: readonly ObjectRow[],
  changeOf: (row: ObjectRow) => LabelChange,
  settings: Settings,
): Promise<void> {
  const pause = createPause()
  for (const part of inParts(rows)) {
    const texts = await readObjectTexts(tx, part)
    for (const row of part) {
      const text = texts.get(row.id)
      if (text === undefined) continue
      await patchCard(tx, patched, row, text, (card) => changeCategories(text, card, changeOf(row)), settings)
      const turn = pause()
      if (turn) await turn
    }
  }
}

/** Keys of members that come and go. */
export interface MemberChange {
  readonly adding: ReadonlySet<string>
  readonly without: ReadonlySet<string>
}

/** Changes who is named by a group card. One that the server made, and nobody has touched, goes with the last of its members. */
export async function patchGroup(
  tx: Writer,
  patched: Patched,
  { id, made }: { readonly id: ObjectRow['id']; readonly made: number },
  { adding, without }: MemberChange,
  settings: Settings,
): Promise<void> {
  const { collection, origin } = patched
  const change = { adding: [...adding], without }
  await patchText(tx, { collection, origin: byRule(origin) }, { id }, settings, (text) =>
    changeMembers(text, readCard(text), change),
  )
  if (made === 1 && without.size > 0) await dropIfEmpty(tx, patched, id)
}

/** Takes away a group card that the server made and that names nobody who lives. */
export async function dropIfEmpty(tx: Writer, patched: Patched, id: ObjectRow['id']): Promise<void> {
  if (!(await hasLivingMember(tx, patched.collection.id, id))) await dropGroup(tx, patched, id)
}

export async function dropGroup(
  tx: Writer,
  { collection, origin }: Patched,
  id: ObjectRow['id'],
): Promise<void> {
  const row = await findObjectById(tx, id)
  if (row) await deleteObject(tx, withLists(collection), row, byRule(origin))
}

/** Makes a group card, where the book has room for one. @param members  their keys */
export async function makeGroup(
  tx: Writer,
  { collection, origin }: Patched,
  name: string,
  members: readonly string[],
  settings: Settings,
): Promise<void> {
  const uid = randomUUID()
  // Others come between, as in `patchText`.
  const text = newGroupCard(uid, name, members)
  await nextTurn()
  const object = prepared(text, settings, tx.now)
  if (!object || !(await hasRoom(tx, collection, settings))) return
  await nextTurn()
  await putObject(tx, {
    ...object,
    collection: withLists(collection),
    name: `${uid}.vcf`,
    size: object.body.byteLength,
    origin: byRule(origin),
    existing: undefined,
  })
}

/**
 * Changes the text of a group card, and nothing that goes by it. A card that cannot be read, or would be too large, is left alone (law 9).
 * @returns whether it is another by now
 */
export async function patchText(
  tx: Writer,
  { collection, origin }: Patched,
  { id }: Pick<ObjectRow, 'id'>,
  settings: Settings,
  change: (text: string) => string,
): Promise<boolean> {
  const existing = await findObjectById(tx, id)
  const text = existing && (await readObjectTexts(tx, [existing])).get(id)
  if (!existing || text === undefined) return false
  // Others come between: a group of very many takes a good part of a second to be read, to be changed, and to be read again.
  await nextTurn()
  const next = changed(text, () => change(text))
  await nextTurn()
  const object = next === text ? undefined : prepared(next, settings, tx.now)
  if (!object) return false
  await nextTurn()
  await putText(tx, { collection, origin }, existing, object)
  return true
}

/** A card that cannot be read, or would be too large, is left alone (law 9). One that was not in plain UTF-8 is, then. */
async function patchCard(
  tx: Writer,
  { collection, origin }: Patched,
  existing: ObjectRow,
  text: string,
  change: (card: Card) => string,
  settings: Settings,
): Promise<void> {
  const next = changed(text, change)
  const object = next === text ? undefined : prepared(next, settings, tx.now)
  if (object) await putText(tx, { collection, origin: byRule(origin) }, existing, object)
}

async function putText(
  tx: Writer,
  { collection, origin }: Patched,
  existing: ObjectRow,
  object: PreparedObject,
): Promise<void> {
  const [name, size] = [existing.name, object.body.byteLength]
  await putObject(tx, { ...object, collection: withLists(collection), name, size, origin, existing })
}

function changed(text: string, change: (card: Card) => string): string {
  try {
    return change(readCard(text))
  } catch (error) {
    if (error instanceof InvalidObjectError) return text
    throw error
  }
}

function prepared(text: string, settings: Settings, now: number): PreparedObject | undefined {
  const body = Buffer.from(text)
  if (body.byteLength > settings.limits.bodyBytes) return undefined
  return unlessRefused(() => prepareObject('addressbook', body, settings, now))
}

/** Whoever patches has seen lists there, maybe in this very write. */
export function withLists(collection: CollectionRow): CollectionRow {
  return { ...collection, listsSince: collection.listsSince ?? 0 }
}

export function byRule(origin: Origin): Origin {
  return { ...origin, kind: 'rule' }
}
