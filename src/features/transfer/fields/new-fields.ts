import type { GivenColumns } from '../../../../protocol/csv/mapping.ts'
import type { CollectionId, CustomFieldId } from '../../../../storage/ids.ts'
import type { Writer } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import { type Field, fieldOf } from '../../fields/field.ts'
import { defineField } from '../../fields/fields.ts'
import { reachOf } from '../../people/reach.ts'
import type { ReadColumns, WantedField } from '../read/given-columns.ts'
import { TransferError } from '../transfer-error.ts'

/** Columns whose fields are there. */
export interface DefinedColumns {
  readonly columns: GivenColumns
  /** Those that were defined for them. */
  readonly made: readonly CustomFieldId[]
}

/**
 * Defines the fields that columns are to have.
 * @param book  where cards go
 * @throws refusal 403 for whoever may define none; 422 for what can be no field, or is there already
 */
export async function defineColumns(
  tx: Writer,
  session: Session,
  { columns, newFields }: ReadColumns,
  book: CollectionId | undefined,
): Promise<DefinedColumns> {
  const targets = new Map<string, string>()
  const made: CustomFieldId[] = []
  for (const { key, label, type, options, isOfBook } of newFields) {
    if (isOfBook && book === undefined) throw new TransferError('There is no address book for these fields.')
    const wish = { label, type, options, ...(isOfBook && { book }) }
    const origin = { kind: 'import', authorId: session.principal.id } as const
    const { row } = await defineField(tx, session, await reachOf(tx, session), wish, origin)
    targets.set(`field:${key}`, `field:${row.key}`)
    made.push(row.id)
  }
  const defined = Object.entries(columns).map(([header, to]) => [header, targets.get(to) ?? to])
  return { columns: Object.fromEntries(defined), made }
}

/** Fields as they would be, for a trial: they have the keys that the columns name. */
export function fieldsToBe(wanted: readonly WantedField[]): Field[] {
  return wanted.flatMap(({ key, label, type, options }, at) => {
    const row = {
      ...{ id: -1 - at, collectionId: null, key, label, formerLabels: '[]', type },
      ...{ options: JSON.stringify(options), position: 0, retiredAt: null, version: 1 },
      ...{ createdAt: 0, changedAt: 0 },
    }
    return fieldOf(row) ?? []
  })
}
