import type { LabelledList } from '../../../protocol/vcard/edit/labelled.ts'
import type { CustomFieldRow } from '../../../storage/fields/custom-fields.ts'
import { type FieldOptions, type FieldType, fieldOptions, fieldTypes } from './schema.ts'

/** A field as its users know it. */
export interface Field {
  readonly row: CustomFieldRow
  readonly type: FieldType
  readonly options: FieldOptions
  /** Its label, and those it had. */
  readonly labels: readonly [string, ...string[]]
  /** The list of a card that its values stand in, where phones show them; undefined for those beside cards. */
  readonly list: LabelledList | undefined
}

/** Types that have a form on cards of their own. @see design: date, link, phone, mail, address, person */
const listOf: Readonly<Partial<Record<FieldType, LabelledList>>> = {
  date: 'dates',
  link: 'urls',
  phone: 'phones',
  mail: 'mails',
  address: 'addresses',
  person: 'related',
}

/** Undefined where the row has a type that is not known by now. */
export function fieldOf(row: CustomFieldRow): Field | undefined {
  const type = fieldTypes.find((known) => known === row.type)
  const options = fieldOptions.safeParse(JSON.parse(row.options))
  if (!type || !options.success) return undefined
  const former = JSON.parse(row.formerLabels) as string[]
  return { row, type, options: options.data, labels: [row.label, ...former], list: listOf[type] }
}
