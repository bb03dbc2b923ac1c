import type { Settings } from '../../../config/defaults.ts'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import { type EventDetails, eventDetails } from '../../../protocol/ical/details/event.ts'
import { findInstance } from '../../../protocol/ical/details/find-instance.ts'
import { readSeries, type Series } from '../../../protocol/ical/series.ts'
import { uidOf } from '../../../protocol/ical/validate.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { notThere } from '../people/asking.ts'
import { cannotBeRead, rightsIn, type SeenObject } from './calendar-events.ts'
import type { ListedEvent } from './list-events.ts'

/** A row of a list. */
export function shownRow({ look, startAt: _, calendar, ...own }: ListedEvent) {
  const { edit, remove } = rightsIn(calendar)
  return { ...own, ...look, calendar: calendar.row.id, rights: { edit, remove } }
}

/**
 * An event as its page shows it.
 * @param instance  which one of a series; undefined for what holds for all
 * @throws refusal 404 for an instance that is none; 409 for what cannot be read
 */
export function shownEvent(seen: SeenObject, instance: string | undefined, settings: Settings) {
  const { calendar, series } = openSeries(seen, 'VEVENT')
  const budget = { steps: settings.limits.recurrenceSteps }
  const found = instance === undefined ? undefined : findInstance(calendar, series, instance, budget)
  const own = found?.own ?? series.master ?? series.overrides[0]
  if (!own || (instance !== undefined && !found)) throw notThere()
  const details: EventDetails = eventDetails(calendar, series, own, found?.instance)
  return {
    ...shownCommon(seen, uidOf(own.component) ?? ''),
    ...details,
    instance: instance ?? null,
    isRecurring: series.recurs,
    isException: series.master !== undefined && own.component !== series.master.component,
  }
}

/** What is shown of events and tasks alike that their lines do not say. */
export function shownCommon({ calendar, stored, row }: SeenObject, uid: string) {
  const { edit, remove, alarms } = rightsIn(calendar)
  return {
    id: stored.id,
    etag: row.etag,
    calendar: calendar.row.id,
    name: row.name,
    uid,
    rights: { edit, remove, alarms },
    changedAt: new Date(row.modifiedAt).toISOString(),
    history: `/api/objects/${stored.id}/history`,
  }
}

/** The series of an object: what it is made of. @throws refusal 409 for what cannot be read */
function openSeries(
  { text }: Pick<SeenObject, 'text'>,
  component: 'VEVENT' | 'VTODO',
): { readonly calendar: Calendar; readonly series: Series } {
  try {
    const calendar = readCalendar(text)
    const [series] = readSeries(calendar, component)
    if (!series) throw cannotBeRead()
    return { calendar, series }
  } catch (error) {
    if (error instanceof InvalidObjectError) throw cannotBeRead()
    throw error
  }
}
