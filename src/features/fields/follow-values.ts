import type { CustomFieldRow } from '../../../storage/fields/custom-fields.ts'
import { customFieldsById } from '../../../storage/fields/custom-fields.ts'
import { putCustomValue } from '../../../storage/fields/custom-values.ts'
import {
  cardsOf,
  dropValues,
  hasValues,
  markStale,
  nextValues,
  type PlacedValueRow,
  peopleWithValues,
  placedValues,
  type StaleField,
  staleFields,
} from '../../../storage/fields/value-places.ts'
import type { CustomFieldId, ObjectId } from '../../../storage/ids.ts'
import { indexDocument } from '../../../storage/search/documents.ts'
import { scopeOf } from '../../../storage/search/scopes.ts'
import { grouped } from '../../../storage/select.ts'
import type { Store, Writer } from '../../../storage/store.ts'
import type { Follower } from '../people/follower.ts'
import { searchText } from '../search/document.ts'
import type { FieldText } from '../search/fields.ts'
import { fieldOf } from './field.ts'
import { keepValue, plainValue } from './values.ts'

/** Has people found by what stands in fields beside their cards, wherever they have a card. */
export const followValues: Follower = async (tx, { cards, parties }) => {
  if (cards.length + parties.size === 0 || !(await hasValues(tx))) return
  const ids = new Set(cards.map(({ objectId }) => objectId))
  if (parties.size > 0) for (const id of await cardsOf(tx, [...parties])) ids.add(id)
  if (ids.size > 0) await indexValues(tx, [...ids])
}

/** The same for all values there are. */
export async function reindexValues(store: Store): Promise<void> {
  for await (const parties of peopleWithValues(store))
    await store.write(async (tx) => indexValues(tx, await cardsOf(tx, parties)))
}

/** The same for some cards. */
export async function indexValues(tx: Writer, cards: readonly ObjectId[]): Promise<void> {
  const placed = grouped(await placedValues(tx, cards), ({ objectId }) => objectId)
  const fields = await customFieldsById(tx, [...placed.values()].flat())
  await dropValues(
    tx,
    cards.filter((id) => !placed.has(id)),
  )
  for (const [objectId, rows] of placed) await indexCard(tx, objectId, rows, fields)
}

/** Words that say nothing of whoever they are about, and files, which have names of their own. */
const unsaid: ReadonlySet<string> = new Set(['yes-no', 'file'])

async function indexCard(
  tx: Writer,
  objectId: ObjectId,
  rows: readonly PlacedValueRow[],
  fields: ReadonlyMap<CustomFieldId, CustomFieldRow>,
): Promise<void> {
  const [first] = rows
  const texts = rows.flatMap((row): FieldText[] => {
    const known = fields.get(row.fieldId)
    const field = known && fieldOf(known)
    if (!field || unsaid.has(field.type)) return []
    return [{ field: 'value', text: plainValue(field, JSON.parse(row.value)) }]
  })
  if (!first || texts.length === 0) return dropValues(tx, [objectId])
  const { partyId, principalId, name } = first
  const place = { scope: scopeOf.parties(principalId), partyId }
  await indexDocument(tx, { source: 'value', sourceId: objectId }, place, searchText('value', name, texts))
}

/** Values of a field that one write derives anew, at most. */
const staleBatch = 500

/** Derives the values of a field anew, as many as one write does; the others are derived by a job. */
export async function deriveValues(tx: Writer, stale: StaleField): Promise<void> {
  const row = (await customFieldsById(tx, [{ fieldId: stale.id }])).get(stale.id)
  const field = row && fieldOf(row)
  const values = field ? await nextValues(tx, stale, staleBatch) : []
  for (const { partyId, value } of values)
    if (field)
      await putCustomValue(tx, { fieldId: stale.id, partyId, ...keepValue(field, JSON.parse(value)) })
  const parties = values.map(({ partyId }) => partyId)
  if (parties.length > 0) await indexValues(tx, await cardsOf(tx, parties))
  await markStale(tx, stale.id, values.length < staleBatch ? undefined : parties.at(-1))
}

/** The same for all that are left, a batch in a write. @returns how many writes it took */
export async function deriveStaleValues(store: Store, signal: AbortSignal): Promise<number> {
  let writes = 0
  for (;;) {
    const [stale] = await store.read(staleFields)
    if (!stale || signal.aborted) return writes
    await store.write((tx) => deriveValues(tx, stale))
    writes += 1
  }
}
