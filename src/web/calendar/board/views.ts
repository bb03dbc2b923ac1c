import type { Instance } from '../calendar.ts'

/** The views by the names that FullCalendar has for them; the list is ours. */
export const views = {
  day: 'timeGridDay',
  week: 'timeGridWeek',
  month: 'dayGridMonth',
  list: 'list',
} as const
export type View = keyof typeof views

/** From a time until before another, as the clocks of the zone that is shown tell it: 2026-03-02T09:00:00. */
export interface Span {
  readonly start: string
  readonly end: string
  readonly isAllDay: boolean
}

/** What somebody dragged: how it is now, and how it is put back. */
export interface Dragged extends Span {
  readonly row: Instance
  readonly putBack: () => void
}
