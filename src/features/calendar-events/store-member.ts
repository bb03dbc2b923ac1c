import { type Refusal, refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { BudgetError } from '../../../protocol/ical/budget.ts'
import { EditError } from '../../../protocol/ical/edit/patch.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { lockFeeds } from '../../../storage/feeds.ts'
import type { ObjectId } from '../../../storage/ids.ts'
import { findObject, findObjectById } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { checkUnlocked } from '../cards/locked.ts'
import { deleteListed, moveListed } from '../lists/lists.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { checkRoom } from '../room.ts'
import { checkComponent, checkUid, storeObject } from '../store-object.ts'
import { planPersonalPut, putPersonal } from '../views/personal-put.ts'
import { mustBeAllowed, rightsIn, type SeenCalendar, type SeenObject, seeObjects } from './calendar-events.ts'

/** Who writes, and with what. */
export interface Writing extends Pick<Services, 'settings' | 'now' | 'newId'> {
  readonly session: Session
  readonly origin: Origin
}

/**
 * Stores the octets of an event or a task in which lines were changed; the same octets change nothing. Alarms and TRANSP of
 * whoever sees the calendar with his own are his.
 * @throws refusal 403, 423, 507
 */
export async function storeEdited(
  tx: Writer,
  seen: SeenObject,
  text: string,
  writing: Writing,
): Promise<SeenObject> {
  if (text === seen.text) return seen
  const { calendar, stored } = seen
  const object = prepared(text, writing)
  const { mount } = calendar
  const { settings, origin, now } = writing
  const request = { collection: calendar.row, name: stored.name, existing: stored, origin, hrefOf }
  if (mount?.view === 'personal') {
    const { edit: mayWrite } = rightsIn(calendar)
    const put = { mount, object, existing: stored, mayWrite }
    const plan = await planPersonalPut(tx, put, settings, now())
    if (plan.shared) mustBeAllowed(calendar, 'edit')
    else if (writing.session.scope !== 'write') throw needsWrite()
    if (plan.shared) await checkUnlocked(tx, calendar.row, stored.name, 'change')
    await putPersonal(tx, { ...request, mount }, plan, settings)
  } else {
    mustBeAllowed(calendar, 'edit')
    await checkUnlocked(tx, calendar.row, stored.name, 'change')
    await storeObject(tx, { ...request, object }, settings)
  }
  return seenAgain(tx, calendar, stored.id)
}

/** Stores a new event or task. @throws refusal 403, 423, 507 */
export async function storeNew(
  tx: Writer,
  calendar: SeenCalendar,
  made: { readonly name: string; readonly text: string },
  writing: Writing,
): Promise<SeenObject> {
  mustBeAllowed(calendar, 'add')
  const object = prepared(made.text, writing)
  await checkUnlocked(tx, calendar.row, made.name, 'make')
  const { settings, origin, now } = writing
  const request = { collection: calendar.row, name: made.name, existing: undefined, origin, hrefOf }
  const { mount } = calendar
  if (mount?.view === 'personal') {
    const plan = await planPersonalPut(
      tx,
      { mount, object, existing: undefined, mayWrite: true },
      settings,
      now(),
    )
    const { objectId } = await putPersonal(tx, { ...request, mount }, plan, settings)
    return seenAgain(tx, calendar, objectId)
  }
  const { objectId } = await storeObject(tx, { ...request, object }, settings)
  return seenAgain(tx, calendar, objectId)
}

/** Sends an event or a task to the trash. @throws refusal 403, 423 */
export async function removeMember(
  tx: Writer,
  { calendar, stored }: SeenObject,
  { origin, settings }: Writing,
): Promise<void> {
  mustBeAllowed(calendar, 'remove')
  await checkUnlocked(tx, calendar.row, stored.name, 'remove')
  await deleteListed(tx, calendar.row, stored, origin, settings)
}

/** Copies what is seen of an event or a task into another calendar. @throws refusal 403, 423, no-uid-conflict, 507 */
export async function copyMember(
  tx: Writer,
  seen: SeenObject,
  target: SeenCalendar,
  writing: Writing,
): Promise<SeenObject> {
  checkComponent(target.row, seen.stored.component)
  const name = await freeName(tx, target, seen.stored.name, writing)
  const copying = { ...writing, origin: { ...writing.origin, kind: 'copy' as const } }
  return storeNew(tx, target, { name, text: seen.text }, copying)
}

/**
 * Moves an event or a task to another calendar. To one of another account, and where it is not seen alike, what goes is a
 * copy: whoever had it finds it in the trash (law 4).
 * @throws refusal 403, 423, no-uid-conflict, 507
 */
export async function moveMember(
  tx: Writer,
  seen: SeenObject,
  target: SeenCalendar,
  writing: Writing,
): Promise<SeenObject> {
  const { calendar, stored } = seen
  if (calendar.row.id === target.row.id) return seen
  mustBeAllowed(calendar, 'remove')
  mustBeAllowed(target, 'add')
  checkComponent(target.row, stored.component)
  await lockFeeds(tx, [calendar.row.feedId, target.row.feedId])
  const moving = { ...writing, origin: { ...writing.origin, kind: 'move' as const } }
  if (calendar.row.principalId !== target.row.principalId || calendar.view || target.view) {
    const copied = await copyMember(tx, seen, target, moving)
    await removeMember(tx, seen, moving)
    return copied
  }
  const name = await freeName(tx, target, stored.name, writing)
  await checkUnlocked(tx, calendar.row, stored.name, 'remove')
  await checkUnlocked(tx, target.row, name, 'make')
  await checkUid(tx, { collection: target.row, name, existing: undefined, object: stored, hrefOf })
  await checkRoom(tx, target.row, writing.settings)
  await moveListed(tx, calendar.row, stored, target.row, name, moving.origin, writing.settings)
  return seenAgain(tx, target, stored.id)
}

/** What an edit makes of a text, or why it cannot be. @throws refusal 409 */
export function edited<T>(edit: () => T): T {
  try {
    return edit()
  } catch (error) {
    if (error instanceof EditError) throw refuseStatus(409, error.message)
    if (error instanceof InvalidObjectError) throw refuseStatus(409, `It cannot be edited: ${error.message}`)
    if (error instanceof BudgetError) throw refuseStatus(409, 'It recurs too often to be edited like this.')
    throw error
  }
}

const hrefOf = (name: string): string => name

/** What was just stored, as it is seen then. */
export async function seenAgain(reader: Reader, calendar: SeenCalendar, id: ObjectId): Promise<SeenObject> {
  const stored = await findObjectById(reader, id)
  const [seen] = stored ? await seeObjects(reader, calendar, [stored]) : []
  if (!stored || !seen) throw new Error('What was stored is not there.')
  return { calendar, stored, ...seen }
}

function prepared(text: string, { settings, now }: Writing): PreparedObject {
  const body = Buffer.from(text)
  const limit = settings.limits.bodyBytes
  if (body.byteLength > limit)
    throw refuse('caldav:max-resource-size', { message: `An object may have ${limit} octets at most.` })
  return prepareObject('calendar', body, settings, now())
}

async function freeName(
  tx: Writer,
  { row }: SeenCalendar,
  name: string,
  { newId }: Writing,
): Promise<string> {
  return (await findObject(tx, row.id, name)) ? `${newId()}.ics` : name
}

function needsWrite(): Refusal {
  return refuse('need-privileges', { message: 'You may look at this, and not change it.' })
}
