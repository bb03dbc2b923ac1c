import { dropItem, type Patch, patchItem, patchList, pendingId } from '../../client/items.ts'
import { type EventChange, type EventWish, type Instance, keys, type Scope, type Which } from '../calendar.ts'
import { momentIn } from '../times.ts'

/** A new event shows where it will be; which others of a series there are, the server says. */
export function shownNew(wish: EventWish): Patch {
  const row: Instance = {
    ...{ id: pendingId(), etag: '', instance: null, calendar: wish.calendar, color: null, attendees: 0 },
    ...{ title: '', location: '', status: null, transparency: 'opaque', class: 'public', categories: [] },
    ...{ start: wish.start, end: wish.end ?? wish.start, allDay: false, zone: null },
    ...textsOf(wish),
    ...timesOf(wish, null),
    ...{ isRecurring: Boolean(wish.rule), isException: false, hasAlarm: (wish.alarms ?? []).length > 0 },
    rights: { edit: false, remove: false },
  }
  return patchList<Instance>(keys.events, (rows) => [...rows, row])
}

/** A changed event looks so, as do all of its series that are meant; when the others are then, the server says. */
export function shownChanged({ id, instance }: Which, scope: Scope, change: EventChange): Patch {
  return patchItem<Instance>(
    keys.events,
    (row) => row.id === id && isMeant(row, instance, scope),
    (row) => ({
      ...row,
      ...textsOf(change),
      ...(change.calendar !== undefined && { calendar: change.calendar }),
      ...(change.alarms !== undefined && { hasAlarm: change.alarms.length > 0 }),
      ...(row.instance === instance && timesOf(change, row.zone)),
    }),
  )
}

/** What is deleted is gone. */
export function shownGone({ id, instance }: Which, scope: Scope): Patch {
  return dropItem<Instance>(keys.events, (row) => row.id === id && isMeant(row, instance, scope))
}

function isMeant(row: Instance, instance: string | null, scope: Scope): boolean {
  if (scope === 'all' || instance === null || row.instance === instance) return true
  return scope === 'following' && (row.instance ?? '') > instance
}

function textsOf(change: EventChange): Partial<Instance> {
  const { title, location, status, transparency, class: kind, categories } = change
  const texts = Object.entries({ title, location, status, transparency, class: kind, categories })
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined))
}

/** @param clock  the zone that it is on, where the change names no other */
function timesOf(change: EventChange, clock: string | null): Partial<Instance> {
  const { start, end, zone = clock } = change
  if (start === undefined || end === undefined) return {}
  if (start.length === 10) return { start, end, allDay: true, zone: null }
  const text = (wall: string): string => (zone === null ? wall : momentIn(zone, wall).toISOString())
  return { start: text(start), end: text(end), allDay: false, zone }
}
