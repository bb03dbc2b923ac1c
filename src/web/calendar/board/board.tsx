import type { CalendarOptions, EventContentArg, EventInput } from '@fullcalendar/core'
import de from '@fullcalendar/core/locales/de'
import el from '@fullcalendar/core/locales/el'
import enGb from '@fullcalendar/core/locales/en-gb'
import es from '@fullcalendar/core/locales/es'
import fr from '@fullcalendar/core/locales/fr'
import nl from '@fullcalendar/core/locales/nl'
import ru from '@fullcalendar/core/locales/ru'
import dayGrid from '@fullcalendar/daygrid'
import interaction from '@fullcalendar/interaction'
import FullCalendar from '@fullcalendar/react'
import timeGrid from '@fullcalendar/timegrid'
import { useDirection } from '@mantine/core'
import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { localeOf } from '../../i18n/locale.ts'
import { type Calendar, colorOf, type Instance, type Range } from '../calendar.ts'
import { dateLanguageOf } from '../date-texts.ts'
import { clockIn, dayIn, firstWeekday } from '../times.ts'
import './board.css'
import { clocksOf } from './clocks.ts'
import { MoreLinks, useDayCells } from './day-cells.tsx'
import { dress, Signs, textOf } from './event-text.tsx'
import { bothOf, type Fit, fitDays, fitHours } from './fit.ts'
import { useHandlers } from './handlers.ts'
import { DayList, ListedContext, MonthList } from './month-list.tsx'
import { dayMs, dayNumber, type Placed, placedIn } from './placed.ts'
import { type SheetRoom, useRoom } from './room.ts'
import { type Dragged, type Span, type View, views } from './views.ts'

/** What is the same each time: for other arrays FullCalendar would begin anew. */
const options = {
  plugins: [dayGrid, timeGrid, interaction],
  locales: [de, el, enGb, es, fr, nl, ru],
  views: { [views.list]: { content: () => <MonthList />, duration: { months: 1 } } },
  timeZone: 'UTC',
  headerToolbar: false,
  height: '100%',
  eventOrder: 'rank',
  eventDidMount: dress,
  // It would make a format of its own for each event.
  displayEventTime: false,
  eventInteractive: true,
  nowIndicator: true,
  navLinks: true,
  dayMaxEvents: true,
  selectable: true,
  selectMirror: true,
  unselectAuto: false,
  scrollTime: '08:00:00',
  snapDuration: '00:15:00',
  slotEventOverlap: false,
  longPressDelay: 350,
} as const satisfies CalendarOptions

export interface BoardProps {
  readonly calendar: RefObject<FullCalendar | null>
  readonly view: View
  /** The day that a view is to begin with, where it is not the one that is shown. */
  readonly at: RefObject<string | undefined>
  /** The zone whose clocks are shown. */
  readonly zone: string
  /** What is seen of time. */
  readonly range: Range | undefined
  readonly rows: readonly Instance[]
  readonly calendars: readonly Calendar[]
  readonly onRange: (range: Range, title: string) => void
  readonly onOpen: (row: Instance) => void
  readonly onPick: (span: Span) => void
  readonly onDrag: (dragged: Dragged) => void
  readonly onDay: (day: string) => void
}

/**
 * What takes place, on a sheet of days. FullCalendar draws it: on clocks of UTC that show what those of the zone show, and of
 * each day only as much as there is room for.
 */
export function Board({ calendar, view, at, zone, range, rows, calendars, ...told }: BoardProps) {
  const sheet = useRef<HTMLDivElement>(null)
  const signs = useRef<HTMLSpanElement>(null)
  const color = useColors(calendars)
  const placed = useMemo(() => rows.map((row) => placedIn(zone, row)), [rows, zone])
  useView(calendar, view, at)
  const { events, hidden } = useShown({ calendar, view, range, placed, color, sheet })
  const { cells, handlers: cellHandlers } = useDayCells()
  const [day, setDay] = useState<number>()
  const handlers = useHandlers(told)
  const listed = useMemo(() => {
    const [from, until] = [dayNumber(range?.from ?? '1970-01-01'), dayNumber(range?.to ?? '1970-01-01')]
    const today = dayNumber(dayIn(zone, new Date()))
    return { items: placed, from, until, today, colorOf: color, onOpen: handlers.onOpen }
  }, [placed, range, zone, color, handlers])
  const now = useCallback(() => clockIn(zone, Date.now()), [zone])
  return (
    <ListedContext.Provider value={listed}>
      <div ref={sheet} className="sheet" data-view={view}>
        <Signs box={signs} />
        <FullCalendar
          ref={calendar}
          initialView={views[view]}
          now={now}
          events={events}
          eventContent={useEventText(signs)}
          {...options}
          {...useSpeech()}
          {...cellHandlers}
          {...handlers.calendar}
        />
      </div>
      <MoreLinks cells={cells} hidden={hidden} onDay={setDay} />
      {day !== undefined && (
        <DayList
          {...{ day, items: placed, colorOf: color }}
          onOpen={(row) => {
            setDay(undefined)
            handlers.onOpen(row)
          }}
          onClose={() => setDay(undefined)}
        />
      )}
    </ListedContext.Provider>
  )
}

/** Changes the view once the events of the last are gone, which it would draw as well. */
function useView(calendar: BoardProps['calendar'], view: View, at: BoardProps['at']): void {
  useLayoutEffect(() => {
    const board = calendar.current?.getApi()
    if (board && board.view.type !== views[view]) board.changeView(views[view], at.current)
    at.current = undefined
  }, [calendar, view, at])
}

interface Shown extends Pick<BoardProps, 'calendar' | 'view' | 'range'> {
  readonly placed: readonly Placed[]
  readonly color: (row: Instance) => string
  readonly sheet: RefObject<HTMLElement | null>
}

/** What FullCalendar is given, and how much of each day it is not. */
function useShown({ calendar, view, range, placed, color, sheet }: Shown) {
  const room = useRoom(view, sheet, calendar)
  const { shown, hidden } = useMemo(
    () => (room && range ? fitInto(room, range, placed) : none),
    [room, range, placed],
  )
  const events = useMemo(
    () => shown.map((one, rank) => inputOf(one, { view, rank, color: color(one.row) })),
    [shown, view, color],
  )
  return { events, hidden }
}

/** The language, where its lines begin, and what is usual where it is spoken. */
function useSpeech(): CalendarOptions {
  const { i18n } = useTranslation()
  const { dir } = useDirection()
  const { language } = i18n
  return useMemo(
    () => ({
      locale: dateLanguageOf(language),
      direction: dir,
      firstDay: firstWeekday(language),
      slotLabelContent: ({ date }) => clocksOf(localeOf(language)).hour(date),
    }),
    [dir, language],
  )
}

function useColors(calendars: readonly Calendar[]): (row: Instance) => string {
  return useMemo(() => {
    const colors = new Map(calendars.map((one) => [one.id, colorOf(one)]))
    return ({ color, calendar }) => color ?? colors.get(calendar) ?? ''
  }, [calendars])
}

function useEventText(signs: RefObject<HTMLElement | null>) {
  const { t, i18n } = useTranslation('calendar')
  const untitled = t('untitled')
  const { language } = i18n
  return useCallback(
    (shown: EventContentArg) =>
      textOf(shown, { signs: signs.current, untitled, clock: clocksOf(localeOf(language)).time }),
    [signs, untitled, language],
  )
}

const none: Fit = { shown: [], hidden: new Map() }
/** So many events between the hours are drawn in an instant. */
const mostTimed = 300

function fitInto({ view, days, columns }: SheetRoom, range: Range, placed: readonly Placed[]): Fit {
  if (view === 'list') return none
  const from = dayNumber(range.from)
  const grid = { from, count: dayNumber(range.to) - from, inRow: 7 }
  if (view === 'month') return fitDays(placed, grid, days)
  const long = placed.filter(({ isLong }) => isLong)
  const timed = placed.filter(({ isLong }) => !isLong)
  return bothOf(fitDays(long, grid, days), fitHours(timed, grid, { columns, most: mostTimed }))
}

function inputOf(
  placed: Placed,
  { view, rank, color }: { view: View; rank: number; color: string },
): EventInput {
  const { row, from, to, first, last, isLong } = placed
  const { id, instance, title, rights, status, transparency } = row
  // What lasts longer than a day lies above the hours, and is moved there; its length is not changed by days.
  const isAbove = view !== 'month' && isLong && !row.allDay
  return {
    // Of another colour it is another node: FullCalendar dresses each once.
    id: `${id} ${instance ?? ''} ${color}`,
    title,
    allDay: row.allDay || isAbove,
    start: isAbove ? first * dayMs : from,
    end: isAbove ? (last + 1) * dayMs : to,
    classNames: ['event', status?.toLowerCase() ?? '', transparency].filter((name) => name !== ''),
    editable: rights.edit,
    ...(isAbove && { durationEditable: false }),
    extendedProps: { placed, color, rank },
  }
}
