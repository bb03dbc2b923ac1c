import type { Span } from './board/views.ts'
import type { Alarm, EventChange, EventDetails, EventWish } from './calendar.ts'
import { isPlain, type RuleWish } from './rule.ts'
import { addDays, addMinutes } from './times.ts'

/** An event as the form has it in hand. */
export interface Draft {
  readonly calendar: number
  readonly title: string
  readonly isAllDay: boolean
  /** On the clock of `zone`: 2026-03-02T09:00:00. Of whole days the time is remembered, not sent. */
  readonly start: string
  /** Of whole days the last one, as people say it. */
  readonly end: string
  /** Null: the same on every clock. */
  readonly zone: string | null
  readonly rule: RuleWish | undefined
  /** As it is written, where the form cannot show it: it is kept unless another is chosen. */
  readonly ruleKept: string | undefined
  readonly location: string
  readonly notes: string
  readonly url: string
  readonly isFree: boolean
  readonly status: 'confirmed' | 'tentative' | 'cancelled' | null
  readonly class: 'public' | 'private' | 'confidential'
  readonly categories: readonly string[]
  readonly alarms: readonly Alarm[]
}

/** A new event at a time that somebody chose on the clocks of a zone. */
export function newDraft(calendar: number, { start, end, isAllDay }: Span, zone: string): Draft {
  const last = isAllDay ? addMinutes(end, -1) : end
  return {
    ...{ calendar, title: '', isAllDay, start, end: last, zone },
    ...{ rule: undefined, ruleKept: undefined, location: '', notes: '', url: '' },
    ...{ isFree: false, status: null, class: 'public', categories: [], alarms: [] },
  }
}

/** What is there, to be edited; a day gets the clock of a zone when it gets hours. */
export function draftOf(event: EventDetails, zone: string): Draft {
  const { allDay, start, end, recurrence } = event
  const shown = recurrence?.rule && isPlain(recurrence.rule) ? recurrence.rule : undefined
  return {
    calendar: event.calendar,
    title: event.title,
    isAllDay: allDay,
    start: allDay ? `${start}T09:00:00` : start,
    end: allDay ? `${addDays(end, -1)}T10:00:00` : end,
    zone: allDay ? zone : event.zone,
    rule: shown,
    ruleKept: shown ? undefined : recurrence?.text || undefined,
    location: event.location,
    notes: event.notes,
    url: event.url,
    isFree: event.transparency === 'transparent',
    status: statusOf(event.status),
    class: classOf(event.class),
    categories: event.categories,
    alarms: event.alarms,
  }
}

function statusOf(status: string | null): Draft['status'] {
  const known = (['confirmed', 'tentative', 'cancelled'] as const).find(
    (one) => one === status?.toLowerCase(),
  )
  return known ?? null
}

function classOf(name: string): Draft['class'] {
  return (
    (['public', 'private', 'confidential'] as const).find((one) => one === name.toLowerCase()) ?? 'private'
  )
}

/** When it takes place, as it is sent. */
export function timesOf({ isAllDay, start, end, zone }: Draft): Pick<EventWish, 'start' | 'end' | 'zone'> {
  if (isAllDay) return { start: start.slice(0, 10), end: addDays(end.slice(0, 10), 1) }
  return { start, end, zone }
}

/** The whole of a new event. */
export function wishOf(draft: Draft): EventWish {
  const { calendar, title, location, notes, url, isFree, status, categories } = draft
  return {
    ...{ calendar, title, location, notes, url, status, class: draft.class, categories: [...categories] },
    ...timesOf(draft),
    transparency: isFree ? 'transparent' : 'opaque',
    rule: draft.rule ?? null,
    alarms: draft.alarms.map(alarmWish),
  }
}

/**
 * What was made otherwise of an event, and nothing else: what the form does not know stays as it is. With another calendar
 * all of it goes there.
 */
export function changeOf(before: Draft, after: Draft): EventChange {
  const was = wishOf(before)
  const wish = wishOf(after)
  const names = Object.keys(wish) as (keyof EventChange & keyof EventWish)[]
  const changed = names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(wish[name]))
  const change: EventChange = Object.fromEntries(changed.map((name) => [name, wish[name]]))
  // A time means something only with both ends and its clock.
  if (changed.some((name) => ['start', 'end', 'zone'].includes(name))) Object.assign(change, timesOf(after))
  if (before.ruleKept !== undefined && after.ruleKept === undefined) change.rule = after.rule ?? null
  return change
}

function alarmWish({ key, offset, related, at }: Alarm): NonNullable<EventWish['alarms']>[number] {
  return { ...(key !== '' && { key }), offset, related, at }
}

/** With the start moved, the end moves along: it lasts as long as before. */
export function withStart(draft: Draft, start: string): Draft {
  const lasts = (Date.parse(`${draft.end}Z`) - Date.parse(`${draft.start}Z`)) / 60_000
  return { ...draft, start, end: addMinutes(start, Math.max(lasts, 0)) }
}

/** Whether it ends before it begins. */
export function isBackwards({ start, end, isAllDay }: Draft): boolean {
  return isAllDay ? end.slice(0, 10) < start.slice(0, 10) : end < start
}
