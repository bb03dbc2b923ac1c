import { foldHeader } from '../../../../protocol/csv/headers/index.ts'
import { fold } from '../../../../protocol/text/fold.ts'
import type { CollectionRow } from '../../../../storage/collections.ts'
import type { CollectionId } from '../../../../storage/ids.ts'
import type { PrincipalRow } from '../../../../storage/principals.ts'
import type { Reader } from '../../../../storage/store.ts'
import { actingFor, type Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import type { Field } from '../../fields/field.ts'
import { fieldsFor } from '../../fields/fields.ts'
import { reachOf } from '../../people/reach.ts'
import type { FieldExport } from './export-values.ts'

/** What is to stand in a field of whoever a card describes. */
export interface FieldValue {
  readonly field: Field
  /** In the form of the field's type. */
  readonly value: unknown
}

/** What our tables call the columns of fields, before their labels. */
export const columnPrefix = 'Field: '

/** The property by which our vCards say what stands in fields beside cards: its value is JSON. */
export const fieldProperty = 'X-FARLEY-FIELD'

/** The fields that cards of a book have, for its owner. @param book  undefined where nothing takes cards */
export async function fieldsOfBook(
  reader: Reader,
  account: PrincipalRow,
  book: CollectionId | undefined,
  settings: Services['settings'],
): Promise<Field[]> {
  return book === undefined ? [] : fieldsIn(reader, actingFor(account, settings), book)
}

async function fieldsIn(reader: Reader, session: Session, book: CollectionId): Promise<Field[]> {
  const fields = await fieldsFor(reader, await reachOf(reader, session))
  return fields.filter(({ row }) => row.collectionId === null || row.collectionId === book)
}

/** The fields that go along when a book is written out: in a table where nothing is said of it, in a .vcf where it is asked for. */
export async function fieldsAlong(
  reader: Reader,
  session: Session,
  { id, kind }: Pick<CollectionRow, 'id' | 'kind'>,
  asked: { readonly format?: string | undefined; readonly fields?: '0' | '1' | undefined },
): Promise<FieldExport | undefined> {
  const isWanted = asked.fields === undefined ? asked.format === 'csv' : asked.fields === '1'
  if (kind !== 'addressbook' || !isWanted) return undefined
  return { fields: await fieldsIn(reader, session, id), session }
}

/** Fields by the names that columns may have: labels, those they had, and keys. */
export interface FieldsByHeader {
  find(header: string): Field | undefined
  byKey(key: string): Field | undefined
  /** As names of columns are compared. */
  readonly names: ReadonlySet<string>
}

export function fieldsByHeader(fields: readonly Field[]): FieldsByHeader {
  const offered = fields.filter(({ row }) => row.retiredAt === null)
  const names = [
    ...offered.map((field) => [field.labels[0], field] as const),
    ...offered.flatMap((field) => field.labels.slice(1).map((label) => [label, field] as const)),
    ...offered.map((field) => [field.row.key, field] as const),
  ]
  const exact = new Map<string, Field>()
  const alike = new Map<string, Field>()
  for (const [name, field] of names) {
    for (const header of [name, columnPrefix + name]) {
      if (!exact.has(fold(header))) exact.set(fold(header), field)
      if (!alike.has(foldHeader(header))) alike.set(foldHeader(header), field)
    }
  }
  return {
    byKey: (key) => offered.find(({ row }) => row.key === key),
    find: (header) => exact.get(fold(header.trim())) ?? alike.get(foldHeader(header)),
    names: new Set(alike.keys()),
  }
}
