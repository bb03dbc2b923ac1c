import '@mantine/dates/styles.css'
import type FullCalendar from '@fullcalendar/react'
import { Alert, Box, Flex, useDirection } from '@mantine/core'
import { useDisclosure, useLocalStorage } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import type { z } from 'zod'
import type { party } from '../../features/facts/schema.ts'
import { read } from '../client/api.ts'
import { Invites } from '../sharing/invites.tsx'
import { SidePanel } from '../ui/dialog/side-panel.tsx'
import { useKey } from '../ui/keys.ts'
import { useIsNarrow } from '../ui/navigation.tsx'
import { Failed, Loading } from '../ui/states.tsx'
import { tellFailed } from '../ui/toast.tsx'
import { Board } from './board/board.tsx'
import { type Span, type View, views } from './board/views.ts'
import {
  type Calendar,
  type Range,
  takes,
  useCalendars,
  useEvent,
  useEvents,
  useHidden,
  type Which,
} from './calendar.ts'
import { useEditing } from './editing.tsx'
import { Sidebar } from './sidebar.tsx'
import { addMinutes, dayIn, wallTimeIn } from './times.ts'
import { Toolbar } from './toolbar.tsx'
import { InDates } from './writing/in-dates.tsx'
import type { Met } from './writing/written-event.tsx'
import { useZone } from './zone.ts'
import { ZoneNotice } from './zone-notice.tsx'

/** Days, weeks and months, with what takes place in them. */
export function CalendarPage() {
  const { data: all, error, isPending, refetch } = useCalendars()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const calendars = all.filter((one) => takes(one, 'VEVENT'))
  return (
    <InDates>
      <Sheet calendars={calendars} />
    </InDates>
  )
}

function Sheet({ calendars }: { readonly calendars: readonly Calendar[] }) {
  const isNarrow = useIsNarrow()
  const zone = useZone()
  const [shown, setShown] = useState<Shown>()
  const [isAside, aside] = useDisclosure(false)
  const [hidden, toggle] = useHidden()
  const { data, error, refetch } = useEvents(shown?.range, zone)
  const rows = useMemo(
    () => (data?.items ?? []).filter(({ calendar }) => !hidden.includes(calendar)),
    [data, hidden],
  )
  const editing = useEditing(calendars)
  const { board, view, at, day, look, step, go } = useWay(isNarrow, zone)
  useAskedView(look)
  useFound((which, on) => {
    go(on)
    editing.open(which)
  })
  const beginNow = (): void => editing.begin(nextHour(day, zone))
  useMeeting((met) => editing.begin(nextHour(day, zone), met))
  useCalendarKeys(beginNow, look, step)
  const jump = (on: string): void => {
    go(on)
    aside.close()
  }
  const side = { calendars, hidden, onToggle: toggle, day, onDay: jump }
  const see = (range: Range, title: string): void =>
    setShown((seen) => (isSame(seen, { range, title }) ? seen : { range, title }))
  return (
    <Flex className="full">
      <Aside isOpen={isAside} onClose={aside.close}>
        <Sidebar {...side} />
      </Aside>
      <Flex direction="column" flex={1} miw={0}>
        <Toolbar
          title={shown?.title ?? ''}
          view={view}
          onLook={look}
          onStep={step}
          onNew={beginNow}
          onAside={aside.open}
        />
        <Notices error={error} again={() => void refetch()} isCut={data?.isCut === true} />
        <Box flex={1} mih={0} px={isNarrow ? 0 : 'xs'} pb={isNarrow ? 0 : 'xs'}>
          <Board
            {...{ calendar: board, view, at, zone, rows, calendars }}
            range={shown?.range}
            onRange={see}
            onOpen={({ id, instance }) => editing.open({ id, instance })}
            onPick={(span) => editing.begin(span)}
            onDrag={editing.drag}
            onDay={(on) => look('day', on)}
          />
        </Box>
      </Flex>
      {editing.dialogs}
    </Flex>
  )
}

interface NoticesProps {
  readonly error: unknown
  readonly again: () => void
  readonly isCut: boolean
}

/** What is to be known of the sheet below. */
function Notices({ error, again, isCut }: NoticesProps) {
  const { t } = useTranslation('calendar')
  return (
    <>
      <Invites kind="calendar" />
      <ZoneNotice />
      {error !== null && <Failed error={error} again={again} />}
      {isCut && <Alert color="yellow">{t('cut')}</Alert>}
    </>
  )
}

/** Shows the event that the address names, as a search does: `?event=17`. */
function useFound(show: (which: Which, at: string) => void): void {
  const [, go] = useLocation()
  const id = Number(new URLSearchParams(useSearch()).get('event'))
  const { data, error } = useEvent({ id, instance: null }, id > 0)
  const start = data?.data.start.slice(0, 10)
  const latest = useRef(show)
  latest.current = show
  useEffect(() => {
    if (error) tellFailed(error)
    if (start !== undefined) latest.current({ id, instance: null }, start)
    if (error || start !== undefined) go('/calendar', { replace: true })
  }, [error, start, id, go])
}

/** Looks at it as the address says: `?view=month`. */
function useAskedView(look: (view: View) => void): void {
  const [, go] = useLocation()
  const asked = new URLSearchParams(useSearch()).get('view')
  const latest = useRef(look)
  latest.current = look
  useEffect(() => {
    if (asked === null) return
    if (Object.hasOwn(views, asked)) latest.current(asked as View)
    go('/calendar', { replace: true })
  }, [asked, go])
}

/** Begins an event of somebody whom the address names, as his page does: `?meet=17`. */
function useMeeting(begin: (met: Met) => void): void {
  const [, go] = useLocation()
  const id = Number(new URLSearchParams(useSearch()).get('meet'))
  const { data, error } = useQuery({
    queryKey: ['party', id, 'whole'],
    queryFn: ({ signal }) => read<z.infer<typeof party>>(`/parties/${id}`, signal),
    enabled: id > 0,
  })
  const name = data?.data.name
  const latest = useRef(begin)
  latest.current = begin
  useEffect(() => {
    if (error) tellFailed(error)
    if (name !== undefined) latest.current({ id, name })
    if (error || name !== undefined) go('/calendar', { replace: true })
  }, [error, name, id, go])
}

/** Where one is in time, and how one gets elsewhere. */
function useWay(isNarrow: boolean, zone: string) {
  const board = useRef<FullCalendar>(null)
  const [view, setView] = useLocalStorage<View>({
    key: isNarrow ? 'farley-calendar-view-narrow' : 'farley-calendar-view',
    defaultValue: isNarrow ? 'list' : 'week',
    getInitialValueInEffect: false,
  })
  const [day, setDay] = useState(dayIn(zone, new Date()))
  const api = () => board.current?.getApi()
  const at = useRef<string>(undefined)
  const look = (next: View, on?: string): void => {
    if (on !== undefined) setDay(on)
    if (on !== undefined && next === view) api()?.gotoDate(on)
    else at.current = on
    setView(next)
  }
  const step = (by: 'prev' | 'next' | 'today'): void => {
    api()?.[by]()
    const now = api()?.getDate()
    // On the sheet all clocks are those of UTC.
    if (now) setDay(now.toISOString().slice(0, 10))
  }
  const go = (on: string): void => {
    setDay(on)
    api()?.gotoDate(on)
  }
  return { board, view, at, day, look, step, go }
}

type Way = ReturnType<typeof useWay>

function useCalendarKeys(begin: () => void, look: Way['look'], step: Way['step']): void {
  const { t } = useTranslation('calendar')
  // Time runs as one reads.
  const [back, on] = useDirection().dir === 'rtl' ? ['Right', 'Left'] : ['Left', 'Right']
  useKey('n', t('new'), begin)
  useKey('t', t('today'), () => step('today'))
  useKey('d', t('views.day'), () => look('day'))
  useKey('w', t('views.week'), () => look('week'))
  useKey('m', t('views.month'), () => look('month'))
  useKey('l', t('views.list'), () => look('list'))
  useKey(`Arrow${back}`, t('previous'), () => step('prev'))
  useKey(`Arrow${on}`, t('next'), () => step('next'))
}

interface AsideProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Beside the sheet on a desk, before it on a phone. */
function Aside({ isOpen, onClose, children }: AsideProps) {
  const { t } = useTranslation('calendar')
  if (useIsNarrow())
    return isOpen ? (
      <SidePanel onClose={onClose} title={t('calendars')}>
        {children}
      </SidePanel>
    ) : null
  return (
    <Box
      w={240}
      className="not-printed"
      style={{ overflow: 'auto', borderInlineEnd: '1px solid var(--mantine-color-default-border)' }}
    >
      {children}
    </Box>
  )
}

interface Shown {
  readonly range: Range
  readonly title: string
}

function isSame(one: Shown | undefined, other: Shown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** The next full hour of the clock, on the day that is looked at. */
function nextHour(day: string, zone: string): Span {
  const hour = wallTimeIn(zone, new Date()).slice(11, 13)
  const start = addMinutes(`${day}T${hour}:00:00`, 60)
  return { start, end: addMinutes(start, 60), isAllDay: false }
}
