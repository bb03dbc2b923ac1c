import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { CardDetails } from '../../../protocol/vcard/edit/details.ts'
import { readDetails } from '../../../protocol/vcard/edit/read-details.ts'
import { addFactEvent } from '../../../storage/events.ts'
import {
  dropCustomValue,
  findCustomValue,
  listCustomValues,
  putCustomValue,
} from '../../../storage/fields/custom-values.ts'
import type { PartyId } from '../../../storage/ids.ts'
import { findObjectById } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { changeParty } from '../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { readableNodes } from '../documents/readable-nodes.ts'
import { recordFact } from '../history/history.ts'
import type { Asking } from '../people/asking.ts'
import { findParty, type SeenParty } from '../people/parties.ts'
import { patchCards } from '../people/patch-cards.ts'
import { booksOf, type Reach, writablePlacements } from '../people/reach.ts'
import { masksIn, seenTexts } from '../people/seen-texts.ts'
import { isOnCard, setOnCard, valueOnCard } from './card-values.ts'
import type { Field } from './field.ts'
import { fieldsFor } from './fields.ts'
import { isRecord, keepValue, readValue } from './values.ts'

/** The values of somebody by the keys of their fields, those on his card and those beside it; without what the caller may not see. */
export async function valuesOf(
  reader: Reader,
  { session, reach }: Asking,
  party: SeenParty,
): Promise<Record<string, unknown>> {
  const fields = (await fieldsFor(reader, reach)).filter((field) => isFor(field, party))
  const kept = new Map(
    (await listCustomValues(reader, [party.row.id])).map((row) => [row.fieldId, row.value]),
  )
  const details = fields.some(isOnCard) ? await detailsOf(reader, reach, party) : undefined
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    const value = isOnCard(field)
      ? details && valueOnCard(field, details)
      : await shown(reader, session, field, kept.get(field.row.id))
    if (value !== undefined) values[field.row.key] = value
  }
  return values
}

/** What is written, and by whom. */
export interface Setting extends Asking {
  readonly origin: Origin
  readonly settings: Settings
}

/**
 * Sets values of somebody: those with a form on cards on all of his cards that the caller may write, the others beside
 * them, where no client hears of it (law 5).
 * @param given  by the keys of the fields; null takes a value away
 * @throws refusal 403 where he may write none of the cards; 422 for what a field does not take
 */
export async function setValues(
  tx: Writer,
  party: SeenParty,
  given: Readonly<Record<string, unknown>>,
  setting: Setting,
): Promise<void> {
  const { reach, origin, settings } = setting
  const writable = writablePlacements(reach, party.placements)
  if (writable.length === 0) throw refuseStatus(403, 'You may read this, not change it.')
  const fields = (await fieldsFor(tx, reach)).filter((field) => isFor(field, party))
  const wanted = await readAll(tx, setting, fields, given)
  const onCard = wanted.flatMap(({ field, value }) => (isOnCard(field) ? [{ field, value }] : []))
  for (const { field, value } of wanted)
    if (!isOnCard(field)) await setBeside(tx, party.row.id, field, value, origin)
  if (onCard.length === 0) return
  const set = (text: string): string =>
    onCard.reduce((done, { field, value }) => setOnCard(field, readDetails(done), done, value, tx.now), text)
  await patchCards(tx, writable, set, { origin, settings, books: booksOf(reach), masks: masksIn(reach) })
}

interface Wanted {
  readonly field: Field
  readonly value: unknown
}

async function readAll(
  tx: Writer,
  { session, reach }: Asking,
  fields: readonly Field[],
  given: Readonly<Record<string, unknown>>,
): Promise<Wanted[]> {
  const byKey = new Map(fields.map((field) => [field.row.key, field]))
  const wanted: Wanted[] = []
  for (const [key, value] of Object.entries(given)) {
    const field = byKey.get(key)
    if (!field) throw refuseStatus(422, `There is no field "${key}" here.`)
    if (value === null) wanted.push({ field, value })
    else {
      if (field.row.retiredAt !== null) throw refuseStatus(422, `The field "${field.row.label}" is retired.`)
      wanted.push({ field, value: await resolved(tx, { session, reach }, field, readValue(field, value)) })
    }
  }
  return wanted
}

/** Whom or what an id means, among what the caller sees. */
async function resolved(
  reader: Reader,
  { session, reach }: Asking,
  field: Field,
  value: unknown,
): Promise<unknown> {
  if (!isRecord(value) || typeof value.id !== 'number') return value
  if (field.type === 'person') {
    const person = await findParty(reader, reach, value.id)
    if (!person) throw refuseStatus(422, `"${field.row.label}": there is nobody with this id.`)
    return { name: person.placements[0].name }
  }
  const node = (await readableNodes(reader, session, [value.id])).get(value.id)
  if (node?.kind !== 'file') throw refuseStatus(422, `"${field.row.label}": there is no such file.`)
  return { id: node.id }
}

/** Sets a value beside cards, and writes it down in the history. @param value  as `readValue` gives it; null takes it away */
export async function setBeside(
  tx: Writer,
  partyId: PartyId,
  field: Field,
  value: unknown,
  origin: Origin,
): Promise<void> {
  const before = await findCustomValue(tx, field.row.id, partyId)
  const after = value === null ? undefined : keepValue(field, value)
  if (before?.value === after?.value) return
  if (after) await putCustomValue(tx, { fieldId: field.row.id, partyId, ...after })
  else await dropCustomValue(tx, field.row.id, partyId)
  await changeParty(tx, partyId)
  const state = (json: string | undefined) =>
    json === undefined ? undefined : { field: field.row.id, value: JSON.parse(json) as unknown }
  await recordFact(
    tx,
    {
      partyId,
      kind: 'field',
      key: field.row.id,
      before: state(before?.value),
      after: state(after?.value),
    },
    origin,
  )
  await addFactEvent(tx, { kind: 'field-changed', parties: [partyId] }, origin)
}

/** The fields of a book are those of whoever has a card in it. */
function isFor({ row }: Field, { placements }: SeenParty): boolean {
  return row.collectionId === null || placements.some(({ collectionId }) => collectionId === row.collectionId)
}

async function detailsOf(
  reader: Reader,
  reach: Reach,
  { placements }: SeenParty,
): Promise<CardDetails | undefined> {
  const row = await findObjectById(reader, placements[0].objectId)
  const text = row && (await seenTexts(reader, reach, [row], { withMedia: false })).get(row.id)
  return text === undefined ? undefined : readDetails(text)
}

/** A file that the caller does not read is none; one that he reads has its name. */
async function shown(
  reader: Reader,
  session: Session,
  field: Field,
  kept: string | undefined,
): Promise<unknown> {
  const value: unknown = kept === undefined ? undefined : JSON.parse(kept)
  if (field.type !== 'file' || !isRecord(value) || typeof value.id !== 'number') return value
  const node = (await readableNodes(reader, session, [value.id])).get(value.id)
  return node && { id: node.id, name: node.name }
}
