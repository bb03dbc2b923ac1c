import type { EventContentArg, EventInput, EventMountArg } from '@fullcalendar/core'
import de from '@fullcalendar/core/locales/de'
import el from '@fullcalendar/core/locales/el'
import enGb from '@fullcalendar/core/locales/en-gb'
import es from '@fullcalendar/core/locales/es'
import fr from '@fullcalendar/core/locales/fr'
import nl from '@fullcalendar/core/locales/nl'
import ru from '@fullcalendar/core/locales/ru'
import dayGrid from '@fullcalendar/daygrid'
import interaction, { type DateClickArg, type EventResizeDoneArg } from '@fullcalendar/interaction'
import list from '@fullcalendar/list'
import FullCalendar from '@fullcalendar/react'
import timeGrid from '@fullcalendar/timegrid'
import { IconBell, IconRepeat } from '@tabler/icons-react'
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type Calendar, colorOf, type Instance, type Range } from '../calendar.ts'
import './board.css'
import { dateLanguageOf } from '../date-texts.ts'
import { dayOf, firstWeekday } from '../times.ts'

/** The views by the names that FullCalendar has for them. */
export const views = {
  day: 'timeGridDay',
  week: 'timeGridWeek',
  month: 'dayGridMonth',
  list: 'listMonth',
} as const
export type View = keyof typeof views

// The same arrays each time: for others FullCalendar would begin anew.
const plugins = [dayGrid, timeGrid, list, interaction]
const locales = [de, el, enGb, es, fr, nl, ru]

/** From a moment until before another; of whole days, days. */
export interface Span {
  readonly start: Date
  readonly end: Date
  readonly isAllDay: boolean
}

/** What somebody dragged: how it is now, and how it is put back. */
export interface Dragged extends Span {
  readonly row: Instance
  readonly putBack: () => void
}

interface BoardProps {
  readonly calendar: RefObject<FullCalendar | null>
  readonly view: View
  readonly rows: readonly Instance[]
  readonly calendars: readonly Calendar[]
  readonly onRange: (range: Range, title: string) => void
  readonly onOpen: (row: Instance) => void
  readonly onPick: (span: Span) => void
  readonly onDrag: (dragged: Dragged) => void
  readonly onDay: (day: Date) => void
}

/** What takes place, on a sheet of days: FullCalendar, with what it shows and tells in our words. */
export function Board({ calendar, view, rows, calendars, onRange, ...told }: BoardProps) {
  const { t, i18n } = useTranslation('calendar')
  const colors = useMemo(() => new Map(calendars.map((one) => [one.id, colorOf(one)])), [calendars])
  const events = useMemo(() => rows.map((row) => inputOf(row, colors)), [rows, colors])
  const latest = useRef(told)
  latest.current = told
  const isEmpty = rows.length === 0
  useEffect(() => {
    if (view === 'list' && !isEmpty) showToday()
  }, [view, isEmpty])
  return (
    <FullCalendar
      ref={calendar}
      plugins={plugins}
      initialView={views[view]}
      headerToolbar={false}
      locales={locales}
      locale={dateLanguageOf(i18n.language)}
      direction={i18n.dir()}
      firstDay={firstWeekday(i18n.language)}
      height="100%"
      events={events}
      eventContent={showText}
      noEventsContent={t('empty', { new: t('new') })}
      // What scrolls is reached by the keyboard, with nothing in it too.
      viewDidMount={({ el: sheet }) =>
        sheet.querySelector('.fc-timegrid-col[role=gridcell]')?.setAttribute('tabindex', '0')
      }
      eventDidMount={dress}
      // A cell is named by what is in it, and what opens a list is a button. @see WCAG 2.2, 2.5.3 and 4.1.2
      dayCellDidMount={({ el: cell, view: { type } }) => {
        if (type === views.month) cell.removeAttribute('aria-labelledby')
      }}
      moreLinkDidMount={({ el: link }) => link.setAttribute('role', 'button')}
      eventInteractive
      nowIndicator
      navLinks
      navLinkDayClick={(day) => latest.current.onDay(day)}
      dayMaxEvents
      moreLinkClick="popover"
      selectable
      selectMirror
      unselectAuto={false}
      scrollTime="08:00:00"
      snapDuration="00:15:00"
      slotEventOverlap={false}
      longPressDelay={350}
      datesSet={({ start, end, view: shown }) => onRange({ from: dayOf(start), to: dayOf(end) }, shown.title)}
      eventClick={({ event }) => latest.current.onOpen(event.extendedProps.row as Instance)}
      select={({ start, end, allDay }) => latest.current.onPick({ start, end, isAllDay: allDay })}
      dateClick={(click: DateClickArg) => {
        if (click.view.type === views.month && click.jsEvent.detail === 2)
          latest.current.onPick({ start: click.date, end: nextDay(click.date), isAllDay: true })
      }}
      eventDrop={(drop) => latest.current.onDrag(draggedOf(drop))}
      eventResize={(resize: EventResizeDoneArg) => latest.current.onDrag(draggedOf(resize))}
    />
  )
}

/** A list of a month begins where one is in it; of another month at its begin. */
function showToday(): void {
  const days = [...document.querySelectorAll<HTMLElement>('.fc-list-day')]
  const now = dayOf(new Date())
  const today = days.find(({ dataset }) => (dataset.date ?? '') >= now)
  const sheet = today?.closest('.fc-scroller')
  if (today && sheet) sheet.scrollTop += today.getBoundingClientRect().top - sheet.getBoundingClientRect().top
}

function nextDay(day: Date): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1)
}

function inputOf(row: Instance, colors: ReadonlyMap<number, string>): EventInput {
  const { id, instance, title, start, end, allDay, rights, status, transparency } = row
  const classNames = ['event', status?.toLowerCase() ?? '', transparency].filter((name) => name !== '')
  return {
    id: `${id} ${instance ?? ''}`,
    ...{ title, start, end, allDay, classNames },
    editable: rights.edit,
    extendedProps: { row, color: row.color ?? colors.get(row.calendar) },
  }
}

/** Colours come by the object model: the policy of the page lets no style attribute in. */
function dress({ el, event }: EventMountArg): void {
  el.style.setProperty('--event-color', String(event.extendedProps.color ?? ''))
  const { row } = event.extendedProps as { readonly row?: Instance }
  if (row?.location) el.title = `${event.title}\n${row.location}`
}

// FullCalendar calls this, and does not render it.
const showText = (shown: EventContentArg) => <EventText {...shown} />

function EventText({ event, timeText, view }: EventContentArg) {
  const { t } = useTranslation('calendar')
  const { row } = event.extendedProps as { readonly row?: Instance }
  const isList = view.type.startsWith('list')
  return (
    <span className="event-text">
      {timeText !== '' && !isList && <span className="event-time">{timeText}</span>}
      <span className="event-title">{event.title === '' ? t('untitled') : event.title}</span>
      {row?.location && (isList || view.type.startsWith('timeGrid')) && (
        <span className="event-place">{row.location}</span>
      )}
      {row?.isRecurring && <IconRepeat size={12} aria-label={t('repeats')} />}
      {row?.hasAlarm && <IconBell size={12} aria-label={t('hasAlarm')} />}
    </span>
  )
}

interface Moved {
  readonly event: {
    readonly start: Date | null
    readonly end: Date | null
    readonly allDay: boolean
    readonly extendedProps: { readonly row?: unknown }
  }
  readonly revert: () => void
}

/** Without an end it takes a day, or as long as FullCalendar draws it. */
function draggedOf({ event, revert }: Moved): Dragged {
  const start = event.start ?? new Date(0)
  const end = event.end ?? (event.allDay ? nextDay(start) : new Date(start.getTime() + 3_600_000))
  return { start, end, isAllDay: event.allDay, row: event.extendedProps.row as Instance, putBack: revert }
}
