import type { DatesSetArg, EventClickArg, EventDropArg } from '@fullcalendar/core'
import type { DateClickArg, EventResizeDoneArg } from '@fullcalendar/interaction'
import { useMemo, useRef } from 'react'
import type { Instance } from '../calendar.ts'
import { wallText } from '../times.ts'
import type { BoardProps } from './board.tsx'
import { placedOf } from './event-text.tsx'
import { dayMs } from './placed.ts'
import { type Dragged, type Span, views } from './views.ts'

type Told = Pick<BoardProps, 'onRange' | 'onOpen' | 'onPick' | 'onDrag' | 'onDay'>

/** What FullCalendar calls; the same functions each time, for with others it draws everything anew. */
export function useHandlers(told: Told) {
  const latest = useRef(told)
  latest.current = told
  return useMemo(
    () => ({
      onOpen: (row: Instance) => latest.current.onOpen(row),
      calendar: handlersOf(() => latest.current),
    }),
    [],
  )
}

function handlersOf(told: () => Told) {
  return {
    // What scrolls is reached by the keyboard, with nothing in it too.
    viewDidMount: ({ el: sheet }: { readonly el: HTMLElement }) =>
      sheet.querySelector('.fc-timegrid-col[role=gridcell]')?.setAttribute('tabindex', '0'),
    navLinkDayClick: (day: Date) => told().onDay(dayText(day)),
    datesSet: (shown: DatesSetArg) =>
      told().onRange({ from: dayText(shown.start), to: dayText(shown.end) }, titleOf(shown)),
    eventClick: ({ event }: EventClickArg) => {
      const row = placedOf(event)?.row
      if (row) told().onOpen(row)
    },
    select: ({
      start,
      end,
      allDay,
    }: {
      readonly start: Date
      readonly end: Date
      readonly allDay: boolean
    }) => told().onPick(spanOf(start, end, allDay)),
    dateClick: ({ view, jsEvent, date }: DateClickArg) => {
      if (view.type === views.month && jsEvent.detail === 2) told().onPick(spanOf(date, dayAfter(date), true))
    },
    eventDrop: (drop: EventDropArg) => tell(told(), drop),
    eventResize: (resize: EventResizeDoneArg) => tell(told(), resize),
  }
}

/** Of a date of FullCalendar, whose clock shows UTC. */
function dayText(date: Date): string {
  return wallText(date.getTime()).slice(0, 10)
}

/** What is shown; a week as the language says from one day to another, which FullCalendar does not do for all of them. */
function titleOf({ view, start, end }: DatesSetArg): string {
  if (view.type !== views.week) return view.title
  const locale = String(view.calendar.getOption('locale') ?? 'en')
  const parts = { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' } as const
  const days = new Intl.DateTimeFormat(locale, parts)
  return days.formatRange(start, new Date(end.getTime() - dayMs))
}

function dayAfter(day: Date): Date {
  return new Date(day.getTime() + dayMs)
}

function spanOf(start: Date, end: Date, isAllDay: boolean): Span {
  return { start: wallText(start.getTime()), end: wallText(end.getTime()), isAllDay }
}

function tell({ onDrag }: Told, moved: EventDropArg | EventResizeDoneArg): void {
  const dragged = draggedOf(moved)
  if (dragged) onDrag(dragged)
  else moved.revert()
}

/** Undefined for what lies above the hours for its length alone, and was dropped between them. */
function draggedOf({ event, oldEvent, revert }: EventDropArg | EventResizeDoneArg): Dragged | undefined {
  const placed = placedOf(event)
  if (!placed) return undefined
  const { row } = placed
  const start = event.start ?? new Date(0)
  if (oldEvent.allDay && !row.allDay) {
    if (!event.allDay) return undefined
    const by = start.getTime() - placed.first * dayMs
    return { ...spanOf(new Date(placed.from + by), new Date(placed.to + by), false), row, putBack: revert }
  }
  // Without an end it takes a day, or as long as FullCalendar draws it.
  const end = event.end ?? (event.allDay ? dayAfter(start) : new Date(start.getTime() + 3_600_000))
  return { ...spanOf(start, end, event.allDay), row, putBack: revert }
}
