import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { fold } from '../../../protocol/text/fold.ts'
import {
  addCustomField,
  changeCustomField,
  hasCustomField,
  listCustomFields,
  removeCustomField,
} from '../../../storage/fields/custom-fields.ts'
import { countCustomValues, countLabelledIn, countValuesIn } from '../../../storage/fields/custom-values.ts'
import type { CollectionId, CustomFieldId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Reach, Reached } from '../people/reach.ts'
import { capabilitiesOf, mustMay } from '../team/team-roles.ts'
import { type Field, fieldOf } from './field.ts'
import { deriveValues } from './follow-values.ts'
import { type GoneField, recordField, stateOfField } from './record.ts'
import type { FieldOptions, FieldType } from './schema.ts'

/** Fields that there may be, and labels that one had. */
const mostFields = 1_000
const mostFormerLabels = 20

/** The fields that there are for somebody: those of the place, and those of the books he reads. */
export async function fieldsFor(reader: Reader, { bookIds }: Pick<Reach, 'bookIds'>): Promise<Field[]> {
  return (await listCustomFields(reader, bookIds)).flatMap((row) => fieldOf(row) ?? [])
}

export interface NewFieldWish {
  readonly label: string
  readonly type: FieldType
  readonly key?: string | undefined
  readonly book?: CollectionId | undefined
  readonly options: FieldOptions
  readonly position?: number | undefined
}

/** @throws refusal 403, 404 for a book that the caller does not read, 422 */
export async function defineField(
  tx: Writer,
  session: Session,
  reach: Reach,
  wish: NewFieldWish,
  origin: Origin,
): Promise<Field> {
  const collectionId = wish.book ?? null
  await mustDefine(tx, session, reach, collectionId)
  checkOptions(wish.type, wish.options)
  const all = await fieldsFor(tx, reach)
  if (all.length >= mostFields) throw refuseStatus(422, `There may be ${mostFields} fields at most.`)
  checkLabel(all, wish.label, collectionId)
  const key = wish.key ?? (await freeKey(tx, wish.label))
  if (await hasCustomField(tx, key)) throw refuseStatus(422, `There is a field "${key}" already.`)
  const last = all.at(-1)?.row.position ?? -1
  const { label, type, position = last + 1 } = wish
  const options = JSON.stringify(wish.options)
  const id = await addCustomField(tx, { collectionId, key, label, type, options, position })
  const made = await mustFind(tx, reach, id)
  await recordField(tx, made, { before: undefined, after: stateOfField(made) }, origin)
  return made
}

/** What is to be changed of a field; what is undefined stays. */
export interface FieldPatch {
  readonly label?: string | undefined
  readonly options?: FieldOptions | undefined
  readonly position?: number | undefined
  readonly isRetired?: boolean | undefined
}

/**
 * Cards keep the label they have: a field is found under those it had, and what is written has the new one.
 * @throws refusal 403, 422
 */
export async function editField(
  tx: Writer,
  session: Session,
  reach: Reach,
  field: Field,
  patch: FieldPatch,
  origin: Origin,
): Promise<Field> {
  const { row } = field
  await mustDefine(tx, session, reach, row.collectionId)
  const { label = row.label, options = field.options, position = row.position } = patch
  checkOptions(field.type, options)
  checkChoices(field.options, options)
  const others = (await fieldsFor(tx, reach)).filter((other) => other.row.id !== row.id)
  if (label !== row.label) checkLabel(others, label, row.collectionId)
  const former = field.labels.filter((known) => fold(known) !== fold(label)).slice(0, mostFormerLabels)
  const isRetired = patch.isRetired ?? row.retiredAt !== null
  await changeCustomField(tx, {
    ...row,
    label,
    formerLabels: JSON.stringify(former),
    options: JSON.stringify(options),
    position,
    retiredAt: isRetired ? (row.retiredAt ?? tx.now) : null,
  })
  if (renamesAnswers(field.options, options)) await deriveValues(tx, { id: row.id, after: 0 })
  const edited = await mustFind(tx, reach, row.id)
  await recordField(tx, edited, { before: stateOfField(field), after: stateOfField(edited) }, origin)
  return edited
}

/** @throws refusal 403, and 422 while anybody has a value of it beside his card */
export async function dropField(
  tx: Writer,
  session: Session,
  reach: Reach,
  field: Field,
  origin: Origin,
): Promise<void> {
  const { row } = field
  await mustDefine(tx, session, reach, row.collectionId)
  const count = await countCustomValues(tx, row.id)
  if (count > 0) {
    const message = `${count} people have a value of "${row.label}": retire the field, and they keep it.`
    throw refuseStatus(422, message)
  }
  await removeCustomField(tx, row.id)
  await recordField(tx, field, { before: stateOfField(field), after: undefined }, origin)
}

/** A field that was removed is there again, under its id. @throws refusal 403, 404, 422 */
export async function bringBackField(
  tx: Writer,
  session: Session,
  reach: Reach,
  { id, formerLabels, isRetired, ...field }: GoneField,
  origin: Origin,
): Promise<void> {
  await mustDefine(tx, session, reach, field.collectionId)
  const all = await fieldsFor(tx, reach)
  if (all.length >= mostFields) throw refuseStatus(422, `There may be ${mostFields} fields at most.`)
  checkLabel(all, field.label, field.collectionId)
  if (await hasCustomField(tx, field.key)) throw refuseStatus(422, `There is a field "${field.key}" already.`)
  await addCustomField(tx, { ...field, options: JSON.stringify(field.options), id })
  const { row } = await mustFind(tx, reach, id)
  const former = JSON.stringify(formerLabels)
  await changeCustomField(tx, { ...row, formerLabels: former, retiredAt: isRetired ? tx.now : null })
  const back = await mustFind(tx, reach, id)
  await recordField(tx, back, { before: undefined, after: stateOfField(back) }, origin)
}

/** Undefined for one of a book that the caller does not read. */
export async function findField(reader: Reader, reach: Reach, id: CustomFieldId): Promise<Field | undefined> {
  return (await fieldsFor(reader, reach)).find(({ row }) => row.id === id)
}

/** Which of these fields somebody may change. */
export async function editableFields(
  reader: Reader,
  session: Session,
  { books }: Pick<Reach, 'books'>,
  fields: readonly Field[],
): Promise<ReadonlySet<CustomFieldId>> {
  const mayAll = (await capabilitiesOf(reader, session)).has('define-fields')
  const own = new Set(books.filter(isGovernor).map(({ row }) => row.id))
  const mine = fields.filter(({ row }) => mayAll || (row.collectionId !== null && own.has(row.collectionId)))
  return new Set(mine.map(({ row }) => row.id))
}

/**
 * How many people have a value of each field; no entry where nobody has. What stands on cards is counted in books that the
 * caller sees unmasked; whoever has it under a former label and the present one counts for both.
 */
export async function peopleByField(
  reader: Reader,
  reach: Reach,
): Promise<ReadonlyMap<CustomFieldId, number>> {
  const counts = new Map(await countValuesIn(reader, reach.bookIds))
  const onCards = (await fieldsFor(reader, reach)).filter(({ list }) => list !== undefined)
  const bare = reach.books.filter(({ masks }) => masks.length === 0).map(({ row }) => row.id)
  for (const scope of new Set(onCards.map(({ row }) => row.collectionId))) {
    const books = bare.filter((id) => scope === null || id === scope)
    const fields = onCards.filter(({ row }) => row.collectionId === scope)
    const labelled = await countLabelledIn(reader, books, [...new Set(fields.flatMap(foldedLabels))])
    for (const field of fields) {
      const mine = new Set(foldedLabels(field))
      const found = labelled.filter(({ list, label }) => list === field.list && mine.has(label))
      const people = found.reduce((sum, { count }) => sum + count, 0)
      if (people > 0) counts.set(field.row.id, people)
    }
  }
  return counts
}

function foldedLabels({ labels }: Field): string[] {
  return labels.map(fold)
}

async function mustFind(reader: Reader, reach: Reach, id: CustomFieldId): Promise<Field> {
  const field = await findField(reader, reach, id)
  if (!field) throw new Error('The field was not made.')
  return field
}

/** The fields of a book are those of whoever may say who may do what in it; all others take a right of their own. */
async function mustDefine(
  reader: Reader,
  session: Session,
  { books }: Reach,
  collectionId: CollectionId | null,
): Promise<void> {
  if (collectionId === null) return mustMay(reader, session, 'define-fields')
  const book = books.find(({ row }) => row.id === collectionId)
  if (!book) throw refuseStatus(404, 'There is no such address book.')
  if (!isGovernor(book)) return mustMay(reader, session, 'define-fields')
}

function isGovernor({ access }: Reached): boolean {
  return (access & bit['write-acl']) !== 0
}

/** Two fields of one card could not be told apart. */
function checkLabel(all: readonly Field[], label: string, collectionId: CollectionId | null): void {
  const meets = ({ row }: Field): boolean =>
    row.collectionId === null || collectionId === null || row.collectionId === collectionId
  const other = all.find((field) => meets(field) && field.labels.some((known) => fold(known) === fold(label)))
  if (other) throw refuseStatus(422, `The field "${other.row.label}" is, or was, called "${label}" already.`)
}

function checkOptions(type: FieldType, { choices, currency, decimals }: FieldOptions): void {
  const isChoice = type === 'choice' || type === 'multi-choice'
  if (isChoice !== (choices !== undefined && choices.length > 0))
    throw refuseStatus(422, isChoice ? 'Give the answers that can be chosen.' : 'Only a choice has answers.')
  if (currency !== undefined && type !== 'money') throw refuseStatus(422, 'Only money has a currency.')
  if (decimals !== undefined && type !== 'number' && type !== 'money')
    throw refuseStatus(422, 'Only a number has digits after the point.')
}

/** An answer that somebody may have given stays known; it can be retired. */
function checkChoices(before: FieldOptions, after: FieldOptions): void {
  const kept = new Set((after.choices ?? []).map(({ key }) => key))
  const gone = (before.choices ?? []).find(({ key }) => !kept.has(key))
  if (gone) throw refuseStatus(422, `The answer "${gone.label}" may have been given: retire it instead.`)
}

/** People are found, and sorted, by the names of their answers. */
function renamesAnswers(before: FieldOptions, after: FieldOptions): boolean {
  const labels = new Map((before.choices ?? []).map(({ key, label }) => [key, label]))
  return (after.choices ?? []).some(({ key, label }) => (labels.get(key) ?? label) !== label)
}

/** Made of the label: `Kunde seit` is `kunde-seit`. */
async function freeKey(reader: Reader, label: string): Promise<string> {
  const letters = fold(label)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  const base = letters.slice(0, 50) || 'field'
  for (let number = 1; number <= mostFields; number += 1) {
    const key = number === 1 ? base : `${base}-${number}`
    if (!(await hasCustomField(reader, key))) return key
  }
  throw refuseStatus(422, 'Give the field a key of its own.')
}
