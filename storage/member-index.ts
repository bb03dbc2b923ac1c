import { type CalendarIndexRows, writeCalendarIndex } from './calendar-index.ts'
import type { GeneratedKind } from './collections.ts'
import { type ContactFieldRow, rewriteContactIndex, writeContactIndex } from './contact-index.ts'
import { type LabelledValue, writeLabelledValues } from './fields/custom-values.ts'
import type { CollectionId, ObjectId } from './ids.ts'
import type { ListIndex } from './lists/list-rows.ts'
import type { PersonIndex } from './people/placements.ts'
import {
  addDocument,
  dropDocument,
  indexDocument,
  moveDocument,
  type SearchText,
} from './search/documents.ts'
import { scopeOf } from './search/scopes.ts'
import type { Writer } from './store.ts'
import { writeEventPeople, writeOpenTask } from './timeline/event-people.ts'

/** What is derived from a member's octets, for queries. Whoever gives the octets derives it. */
export interface MemberIndex {
  readonly calendar?: CalendarIndexRows | undefined
  /** Addresses of those who organise or attend, without `mailto:`, in small letters, each once. */
  readonly people?: readonly string[] | undefined
  /** Whether it is a to-do that is still to be done. */
  readonly openTask?: boolean | undefined
  readonly contact?: readonly ContactFieldRow[] | undefined
  /** Undefined where a card says nothing of lists; the write path writes it beside the others, since history has a part in it. */
  readonly lists?: ListIndex | undefined
  /** Undefined for what is no card of somebody; see `place`. */
  readonly person?: PersonIndex | undefined
  /** What a card labels in its own words. */
  readonly labelled?: readonly LabelledValue[] | undefined
  /** Undefined for what searches do not find. */
  readonly search?: SearchText | undefined
}

/** The member that index rows belong to. */
export interface Indexed {
  readonly id: ObjectId
  readonly collectionId: CollectionId
  readonly component: string
}

/** The index tables of cards, and those of calendar objects. */
const cardTables = ['contact_fields', 'labelled_values'] as const
const calendarTables = ['calendar_objects', 'calendar_instances', 'event_people'] as const
const taskTables = [...calendarTables, 'open_tasks'] as const

/**
 * @param generated  of the collection: birthdays are found by the cards that they are made from
 * @param isNew  whether searches find nothing of it yet
 */
export async function writeIndex(
  tx: Writer,
  object: Indexed,
  index: MemberIndex,
  generated: GeneratedKind | null,
  isNew = false,
): Promise<void> {
  if (index.calendar !== undefined) await writeCalendarIndex(tx, object, index.calendar)
  if (index.people !== undefined) await writeEventPeople(tx, object, index.people)
  if (index.openTask === true) await writeOpenTask(tx, object)
  if (!isNew && object.component === 'VCARD') await rewriteFields(tx, object, index)
  else if (index.contact !== undefined) await writeContactIndex(tx, object, index.contact)
  if (index.labelled !== undefined) await writeLabelledValues(tx, object, index.labelled)
  const place = { scope: scopeOf.collection(object.collectionId) }
  if (index.search !== undefined && generated !== 'birthdays')
    await (isNew ? addDocument : indexDocument)(tx, { objectId: object.id }, place, index.search)
  else if (!isNew) await dropDocument(tx, { objectId: object.id })
}

/** The fields of a card as they are now; what it labels in its own words is to be written anew. */
async function rewriteFields(tx: Writer, object: Indexed, { contact = [] }: MemberIndex): Promise<void> {
  if (await rewriteContactIndex(tx, object, contact))
    await tx.sql.run('DELETE FROM labelled_values WHERE object_id = $1', [object.id])
}

/** Before a calendar object is written over; of cards, and of what searches find, only what has changed is. */
export async function dropChanged(tx: Writer, object: Pick<Indexed, 'id' | 'component'>): Promise<void> {
  if (object.component !== 'VCARD') await dropIndex(tx, object)
}

async function dropIndex(tx: Writer, { id, component }: Pick<Indexed, 'id' | 'component'>): Promise<void> {
  for (const table of tablesOf(component)) await tx.sql.run(`DELETE FROM ${table} WHERE object_id = $1`, [id])
}

function tablesOf(component: string): readonly string[] {
  if (component === 'VCARD') return cardTables
  return component === 'VTODO' ? taskTables : calendarTables
}

/** All of it from the beginning, as if there had been nothing. */
export async function rewriteIndex(
  tx: Writer,
  object: Indexed,
  index: MemberIndex,
  generated: GeneratedKind | null,
): Promise<void> {
  await dropIndex(tx, object)
  await dropDocument(tx, { objectId: object.id })
  await writeIndex(tx, object, index, generated, true)
}

const movingCard = [...cardTables, 'match_keys', 'match_pending'] as const
const movingCalendar = ['calendar_objects', 'event_people', 'open_tasks'] as const

/** Some index rows name the collection too: they move with the member. */
export async function moveIndex(
  tx: Writer,
  { id, component }: Pick<Indexed, 'id' | 'component'>,
  to: CollectionId,
): Promise<void> {
  for (const table of component === 'VCARD' ? movingCard : movingCalendar)
    await tx.sql.run(`UPDATE ${table} SET collection_id = $2 WHERE object_id = $1`, [id, to])
  await moveDocument(tx, { objectId: id }, { scope: scopeOf.collection(to) })
}
