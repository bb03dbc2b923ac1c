import type { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type Component, property } from '../../../protocol/ical/calendar.ts'
import { editAll, editInstance } from '../../../protocol/ical/edit/edit-event.ts'
import { newEvent } from '../../../protocol/ical/edit/new-event.ts'
import type { Editing } from '../../../protocol/ical/edit/open.ts'
import { removeInstance } from '../../../protocol/ical/edit/remove-event.ts'
import { endSeries, splitSeries } from '../../../protocol/ical/edit/split-series.ts'
import type { Writer } from '../../../storage/store.ts'
import { copyLayers } from '../../../storage/views/layers.ts'
import type { SeenCalendar, SeenObject } from './calendar-events.ts'
import { mustBeAllowed, mustSeeCalendar } from './calendar-events.ts'
import type { eventChange, newEvent as newEventShape, scopeQuery } from './schema.ts'
import {
  edited,
  moveMember,
  removeMember,
  seenAgain,
  storeEdited,
  storeNew,
  type Writing,
} from './store-member.ts'

/** Which instances a change is for. */
export type EditScope = z.output<typeof scopeQuery>

/** What has become of an event. */
export interface EditedEvent {
  readonly seen: SeenObject
  /** The series that ends before what was changed. */
  readonly before: SeenObject | undefined
  /** Which instance is to be shown. */
  readonly instance: string | undefined
}

/** What of an event's lines is to be otherwise. */
type TextChange = Omit<z.output<typeof eventChange>, 'calendar'>

/** Makes an event. @throws refusal 403, 409, 422, 507 */
export function makeEvent(
  tx: Writer,
  calendar: SeenCalendar,
  { calendar: _, zone, ...wish }: z.output<typeof newEventShape>,
  writing: Writing,
): Promise<SeenObject> {
  const uid = writing.newId()
  const own = zone === undefined ? zoneOfAccount(writing) : zone
  const text = edited(() => newEvent(uid, { ...wish, zone: own }, editingOf(writing)))
  return storeNew(tx, calendar, { name: `${uid}.ics`, text }, writing)
}

/**
 * Edits one instance of an event, those from it on, or all, as a patch of its lines (law 6), and moves it.
 * @throws refusal 403, 409, 422, 423
 */
export async function editEvent(
  tx: Writer,
  seen: SeenObject,
  {
    change: { calendar, ...change },
    scope,
  }: { readonly change: z.output<typeof eventChange>; readonly scope: EditScope },
  writing: Writing,
): Promise<EditedEvent> {
  if (calendar === undefined) return editScope(tx, seen, { change, scope }, writing)
  if (scope.scope !== 'all') throw refuseStatus(422, 'Only all of a series goes to another calendar.')
  const target = await mustSeeCalendar(tx, writing.session, calendar)
  const { seen: changed } = await editScope(tx, seen, { change, scope }, writing)
  return { seen: await moveMember(tx, changed, target, writing), before: undefined, instance: undefined }
}

async function editScope(
  tx: Writer,
  seen: SeenObject,
  { change, scope: { scope, instance } }: { readonly change: TextChange; readonly scope: EditScope },
  writing: Writing,
): Promise<EditedEvent> {
  const editing = editingOf(writing)
  const edit = withZone(change, seen, writing)
  if (scope === 'all' || instance === undefined) {
    mustName(scope, instance)
    const text = edited(() => editAll(seen.text, edit, instance, editing))
    return { seen: await storeEdited(tx, seen, text, writing), before: undefined, instance: undefined }
  }
  if (scope === 'this') {
    const text = edited(() => editInstance(seen.text, edit, instance, editing))
    return { seen: await storeEdited(tx, seen, text, writing), before: undefined, instance }
  }
  return editFollowing(tx, seen, { edit, instance }, writing)
}

async function editFollowing(
  tx: Writer,
  seen: SeenObject,
  { edit, instance }: { readonly edit: Parameters<typeof editAll>[1]; readonly instance: string },
  writing: Writing,
): Promise<EditedEvent> {
  const editing = editingOf(writing)
  const uid = writing.newId()
  const { before, after } = edited(() => splitSeries(seen.text, instance, uid, editing))
  const text = edited(() => editAll(after, edit, instance, editing))
  if (before === undefined)
    return { seen: await storeEdited(tx, seen, text, writing), before, instance: undefined }
  if (text === after) return { seen, before: undefined, instance: undefined }
  const halves = await splitForAll(tx, seen, { instance, uid }, writing)
  const made = await storeEdited(tx, halves.after, text, writing)
  return { seen: made, before: halves.before, instance: undefined }
}

/** Takes a series in two as it is stored: whoever has alarms of his own on it has them on both halves. */
async function splitForAll(
  tx: Writer,
  { calendar, stored }: SeenObject,
  { instance, uid }: { readonly instance: string; readonly uid: string },
  writing: Writing,
): Promise<{ readonly before: SeenObject; readonly after: SeenObject }> {
  mustBeAllowed(calendar, 'edit')
  mustBeAllowed(calendar, 'add')
  const plain = { ...calendar, mount: undefined, view: undefined }
  const whole = await seenAgain(tx, plain, stored.id)
  const { before = whole.text, after } = edited(() =>
    splitSeries(whole.text, instance, uid, editingOf(writing)),
  )
  await storeEdited(tx, whole, before, writing)
  const made = await storeNew(tx, plain, { name: `${uid}.ics`, text: after }, writing)
  await copyLayers(tx, stored.id, made.stored.id)
  return {
    before: await seenAgain(tx, calendar, stored.id),
    after: await seenAgain(tx, calendar, made.stored.id),
  }
}

/** Takes one instance of an event away, those from it on, or all of it. @throws refusal 403, 409, 423 */
export async function removeEvent(
  tx: Writer,
  seen: SeenObject,
  { scope, instance }: EditScope,
  writing: Writing,
): Promise<void> {
  const left = edited(() => {
    if (scope === 'all') return undefined
    mustName(scope, instance)
    if (instance === undefined) return undefined
    const editing = editingOf(writing)
    return scope === 'this'
      ? removeInstance(seen.text, instance, editing)
      : endSeries(seen.text, instance, editing)
  })
  if (left === undefined) await removeMember(tx, seen, writing)
  else await storeEdited(tx, seen, left, writing)
}

/** @throws refusal 422 */
function mustName(scope: EditScope['scope'], instance: string | undefined): void {
  if (scope !== 'all' && instance === undefined) throw refuseStatus(422, 'Say which instance you mean.')
}

export function editingOf({ session, settings, now }: Writing): Editing {
  const own = session.principal.email?.toLowerCase()
  const revises = (part: Component): boolean => {
    const organizer = property(part, 'ORGANIZER')?.value.trim().toLowerCase()
    return organizer === undefined || organizer === `mailto:${own}`
  }
  return { now: now(), budget: { steps: settings.limits.recurrenceSteps * 10 }, revises }
}

/** What comes to have a time, and no zone is said of it, is on the clock of the account. */
function withZone(change: TextChange, { text }: SeenObject, writing: Writing): TextChange {
  const isTimed = change.start?.includes('T') === true && change.zone === undefined
  return isTimed && /^DTSTART[^:]*VALUE=DATE[;:]/im.test(text)
    ? { ...change, zone: zoneOfAccount(writing) }
    : change
}

function zoneOfAccount({ session }: Writing): string {
  return session.principal.timeZone ?? 'UTC'
}
