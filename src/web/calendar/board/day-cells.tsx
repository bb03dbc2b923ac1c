import type { DayCellMountArg } from '@fullcalendar/core'
import { VisuallyHidden } from '@mantine/core'
import { type ReactNode, useMemo, useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { localeOf } from '../../i18n/locale.ts'
import { dayMs } from './placed.ts'
import { views } from './views.ts'

/** The cells of days as FullCalendar makes them, each with a place for what we put into it. */
export function useDayCells() {
  const [cells, setCells] = useState<ReadonlyMap<number, HTMLElement>>(new Map())
  const handlers = useMemo(
    () => ({
      dayCellDidMount: ({ el, date, view }: DayCellMountArg): void => {
        // A cell is named by what is in it. @see WCAG 2.2, 2.5.3
        if (view.type === views.month) el.removeAttribute('aria-labelledby')
        const frame = el.querySelector('.fc-daygrid-day-frame')
        if (!frame) return
        const box = document.createElement('div')
        box.className = 'day-more'
        frame.append(box)
        setCells((seen) => new Map(seen).set(dayOfCell(date), box))
      },
      dayCellWillUnmount: ({ el, date }: DayCellMountArg): void => {
        const box = el.querySelector<HTMLElement>('.day-more')
        if (!box) return
        setCells((seen) => {
          if (seen.get(dayOfCell(date)) !== box) return seen
          const left = new Map(seen)
          left.delete(dayOfCell(date))
          return left
        })
      },
    }),
    [],
  )
  return { cells, handlers }
}

function dayOfCell(date: Date): number {
  return Math.floor(date.getTime() / dayMs)
}

interface MoreLinksProps {
  readonly cells: ReadonlyMap<number, HTMLElement>
  readonly hidden: ReadonlyMap<number, number>
  readonly onDay: (day: number) => void
}

/** In each day that has more than is shown, how many they are: it leads to all of that day. */
export function MoreLinks({ cells, hidden, onDay }: MoreLinksProps): ReactNode {
  const { t, i18n } = useTranslation('calendar')
  const long = new Intl.DateTimeFormat(localeOf(i18n.language), {
    ...{ weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' },
  })
  const short = new Intl.NumberFormat(localeOf(i18n.language), { signDisplay: 'always' })
  return [...hidden].map(([day, count]) => {
    const cell = cells.get(day)
    if (!cell) return null
    return createPortal(
      // Of this class FullCalendar knows that no event begins where it is pressed.
      <button type="button" className="more-link fc-more-link" onClick={() => onDay(day)}>
        <span className="more-text">{t('more.link', { count })}</span>
        <span className="more-short">{short.format(count)}</span>
        <VisuallyHidden>{`, ${long.format(day * dayMs)}`}</VisuallyHidden>
      </button>,
      cell,
      String(day),
    )
  })
}
