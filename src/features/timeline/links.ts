import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { escapeTextValue, withoutControls } from '../../../protocol/text/content-lines.ts'
import { writeLine } from '../../../protocol/text/write-line.ts'
import { addFactEvent } from '../../../storage/events.ts'
import type { ObjectId, PartyId } from '../../../storage/ids.ts'
import { findObjectById, type ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { changeParty } from '../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { addLink, type PartyLinkRow, removeLink } from '../../../storage/timeline/links.ts'
import type { Services } from '../../services.ts'
import { readableNodes } from '../documents/readable-nodes.ts'
import { recordFact } from '../history/history.ts'
import { prepareObject } from '../objects.ts'
import type { Asking } from '../people/asking.ts'
import { mayWrite, type Reached } from '../people/reach.ts'
import { storeObject } from '../store-object.ts'

/** What is tied to somebody. */
export interface Target {
  readonly kind: PartyLinkRow['kind']
  readonly id: number
}

/** @throws refusal 422 for what the caller does not read, whether or not it is there */
export async function tie(
  tx: Writer,
  asking: Asking,
  partyId: PartyId,
  { kind, id }: Target,
  origin: Origin,
): Promise<PartyLinkRow> {
  if (!(await seesTarget(tx, asking, { kind, targetId: id })))
    throw refuseStatus(422, `There is nothing with the id ${id}.`)
  const link = { partyId, kind, targetId: id, authorId: asking.session.principal.id }
  const row = await addLink(tx, link)
  await told(tx, row, { before: undefined, after: row }, origin)
  return row
}

/** Whether somebody reads what is tied. */
export async function seesTarget(
  reader: Reader,
  asking: Asking,
  { kind, targetId }: Pick<PartyLinkRow, 'kind' | 'targetId'>,
): Promise<boolean> {
  if (kind === 'object') return (await findReadableEvent(reader, asking, targetId)) !== undefined
  return (await readableNodes(reader, asking.session, [targetId])).has(targetId)
}

/** The thing itself stays. */
export async function untie(tx: Writer, row: PartyLinkRow, origin: Origin): Promise<void> {
  await removeLink(tx, row.id)
  await told(tx, row, { before: row, after: undefined }, origin)
}

async function told(
  tx: Writer,
  { id, partyId, kind, targetId }: PartyLinkRow,
  { before, after }: { readonly before: PartyLinkRow | undefined; readonly after: PartyLinkRow | undefined },
  origin: Origin,
): Promise<void> {
  await changeParty(tx, partyId)
  const about = { kind: 'link', id }
  await addFactEvent(tx, { kind: after ? 'link-added' : 'link-removed', parties: [partyId], about }, origin)
  const state = (row: PartyLinkRow | undefined) => row && { kind, target: targetId, author: row.authorId }
  const change = { kind: 'link', key: `${kind} ${targetId}`, before: state(before), after: state(after) }
  await recordFact(tx, { partyId, ...change }, origin)
}

/** An event or a task that the caller reads. */
export async function findReadableEvent(
  reader: Reader,
  { reach }: Asking,
  id: ObjectId,
): Promise<ObjectRow | undefined> {
  const row = await findObjectById(reader, id)
  return row && reach.calendars.some((calendar) => calendar.row.id === row.collectionId) ? row : undefined
}

export interface TaskWish {
  readonly summary: string
  readonly description?: string | undefined
  /** A day: 2026-12-31. */
  readonly due?: string | undefined
  readonly calendar?: number | undefined
}

/**
 * Makes a task about somebody: a to-do in a list of the caller's, where his phone has it too.
 * @throws refusal 422 where he has no such list
 */
export async function makeTask(
  tx: Writer,
  asking: Asking,
  wish: TaskWish,
  { newId, settings, origin }: Pick<Services, 'newId' | 'settings'> & { readonly origin: Origin },
): Promise<{ readonly objectId: ObjectId; readonly calendar: Reached }> {
  const calendar = asking.reach.calendars.find(
    (one) => takesTasks(one) && (wish.calendar === undefined || one.row.id === wish.calendar),
  )
  if (!calendar) throw refuseStatus(422, 'There is no list of tasks that you may write into.')
  const uid = newId()
  const object = prepareObject('calendar', Buffer.from(taskText(uid, wish, tx.now)), settings, tx.now)
  const request = { collection: calendar.row, name: `${uid}.ics`, object, existing: undefined, origin }
  const { objectId } = await storeObject(tx, { ...request, hrefOf: (name) => name }, settings)
  return { objectId, calendar }
}

/** A list that is for tasks alone goes before a calendar that takes them too: the reach has them in their own order. */
function takesTasks(calendar: Reached): boolean {
  const { components, generated, source } = calendar.row
  const takes = components === null || components.split(',').includes('VTODO')
  return takes && generated === null && source === null && mayWrite(calendar)
}

/** @see RFC 5545 §3.6.2 */
function taskText(uid: string, { summary, description, due }: TaskWish, now: number): string {
  const text = (name: string, value: string): string =>
    writeLine(name, [], escapeTextValue(withoutControls(value)))
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  return [
    'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Farley//Tasks//EN\r\nBEGIN:VTODO\r\n',
    text('UID', uid),
    `DTSTAMP:${stamp}\r\nCREATED:${stamp}\r\n`,
    text('SUMMARY', summary),
    description === undefined || description === '' ? '' : text('DESCRIPTION', description),
    due === undefined ? '' : `DUE;VALUE=DATE:${due.replaceAll('-', '')}\r\n`,
    'STATUS:NEEDS-ACTION\r\nEND:VTODO\r\nEND:VCALENDAR\r\n',
  ].join('')
}
