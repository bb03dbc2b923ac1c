import { Text } from '@mantine/core'
import { createContext, useContext, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { localeOf } from '../../i18n/locale.ts'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { useIsNarrow } from '../../ui/navigation.tsx'
import { Empty } from '../../ui/states.tsx'
import type { Instance } from '../calendar.ts'
import { type Entry, EventRows, entriesOf } from './event-rows.tsx'
import { dayMs, type Placed } from './placed.ts'

/** What lists of events need; FullCalendar draws their view, and hands nothing on. */
export interface Listed {
  readonly items: readonly Placed[]
  readonly from: number
  readonly until: number
  readonly today: number
  readonly colorOf: (row: Instance) => string
  readonly onOpen: (row: Instance) => void
}

export const ListedContext = createContext<Listed | undefined>(undefined)

/** All of a month; one that is in it begins with today. */
export function MonthList() {
  const { t } = useTranslation('calendar')
  const listed = useContext(ListedContext)
  const isNarrow = useIsNarrow()
  const entries = useMemo(() => (listed ? entriesOf(listed.items, listed.from, listed.until) : []), [listed])
  if (!listed) return null
  if (entries.length === 0) return <Empty text={t('empty', { new: isNarrow ? '+' : t('new') })} />
  const { from, until, today, colorOf, onOpen } = listed
  const begin = today < until ? today : from
  return (
    <EventRows
      {...{ begin, today, colorOf, onOpen }}
      entries={today >= from && today < until ? withDay(entries, today) : entries}
      label={t('views.list')}
    />
  )
}

/** With the name of a day, also where nothing is on it. */
function withDay(entries: readonly Entry[], day: number): readonly Entry[] {
  const at = entries.findIndex((entry) => entry.day >= day)
  if (entries[at]?.day === day) return entries
  return at < 0 ? [...entries, { day }] : entries.toSpliced(at, 0, { day })
}

interface DayListProps extends Pick<Listed, 'items' | 'colorOf' | 'onOpen'> {
  readonly day: number
  readonly onClose: () => void
}

/** All of one day, before the sheet. */
export function DayList({ day, items, colorOf, onOpen, onClose }: DayListProps) {
  const { t, i18n } = useTranslation('calendar')
  const entries = useMemo(() => entriesOf(items, day, day + 1, false), [items, day])
  const title = new Intl.DateTimeFormat(localeOf(i18n.language), { dateStyle: 'full', timeZone: 'UTC' })
  return (
    <Dialog onClose={onClose} title={title.format(day * dayMs)} fillsPhone>
      <Text size="sm" c="dimmed" mb="xs">
        {t('more.all', { count: entries.length })}
      </Text>
      <div className="day-list">
        <EventRows {...{ entries, colorOf, onOpen }} label={title.format(day * dayMs)} />
      </div>
    </Dialog>
  )
}
