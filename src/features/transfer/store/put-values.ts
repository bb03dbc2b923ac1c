import { readCard } from '../../../../protocol/vcard/card.ts'
import { readDetails } from '../../../../protocol/vcard/edit/read-details.ts'
import { changeCategories } from '../../../../protocol/vcard/lists.ts'
import type { ObjectId } from '../../../../storage/ids.ts'
import { placementsByObject } from '../../../../storage/people/parties.ts'
import type { Writer } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import { bodyText } from '../../bodies.ts'
import { readableNodes } from '../../documents/readable-nodes.ts'
import { isOnCard, setOnCard } from '../../fields/card-values.ts'
import { setBeside } from '../../fields/party-fields.ts'
import { isRecord } from '../../fields/values.ts'
import { prepareObject } from '../../objects.ts'
import type { FieldValue } from '../fields/field-values.ts'
import type { Waiting } from '../import-outcome.ts'
import type { Storing } from './store-batch.ts'

/** The item with the values of fields that have a form on cards, and with the labels that everybody gets. */
export function withValuesOnCard(
  item: Waiting,
  { settings, labels }: Pick<Storing, 'settings' | 'labels'>,
  now: number,
): Waiting {
  const { object, values } = item
  const before = bodyText(object.body)
  let text = before
  for (const { field, value } of values)
    if (isOnCard(field)) text = setOnCard(field, readDetails(text), text, value, now)
  if (labels.length > 0 && object.index.lists?.kind !== 'group' && object.component === 'VCARD')
    text = changeCategories(text, readCard(text), { adding: labels })
  if (text === before) return item
  const prepared = prepareObject('addressbook', Buffer.from(text), settings, now)
  return { ...item, object: { ...prepared, uid: prepared.uid ?? object.uid }, original: undefined }
}

/**
 * Sets the values of fields beside a card that was stored, where no client hears of it.
 * @returns what could not be set
 */
export async function putValuesBeside(
  tx: Writer,
  { values }: Pick<Waiting, 'values'>,
  objectId: ObjectId | undefined,
  { origin, batch, session }: Pick<Storing, 'origin' | 'batch' | 'session'>,
): Promise<string[]> {
  const beside = values.filter(({ field }) => !isOnCard(field))
  if (beside.length === 0) return []
  const lost = await withoutFile(tx, session, beside)
  const notes = lost.map(({ field }) => `${field.row.label}: there is no such file.`)
  if (objectId === undefined || batch.isTrial) return notes
  const partyId = (await placementsByObject(tx, [objectId])).get(objectId)?.partyId
  if (partyId === undefined) return notes
  for (const one of beside)
    if (!lost.includes(one)) await setBeside(tx, partyId, one.field, one.value, origin)
  return notes
}

/** Those of a file that whoever imports does not read. */
async function withoutFile(
  tx: Writer,
  session: Session,
  values: readonly FieldValue[],
): Promise<readonly FieldValue[]> {
  const files = values.filter(({ field }) => field.type === 'file')
  const idOf = ({ value }: FieldValue): number => (isRecord(value) ? Number(value.id) : 0)
  const readable = await readableNodes(tx, session, files.map(idOf))
  return files.filter((one) => readable.get(idOf(one))?.kind !== 'file')
}
