import type FullCalendar from '@fullcalendar/react'
import { type RefObject, useLayoutEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { onPrint } from '../../ui/rows/printing.ts'
import type { Room } from './fit.ts'
import type { View } from './views.ts'

/** How high an event of a day is with the gap to the next, and the link to the others: as board.css has them. */
const lineHeight = 24
/** An hour is not parted further than into columns of which one can still press each. */
const columnWidth = 28

/** What there is room for on the sheet as it is. */
export interface SheetRoom {
  readonly view: View
  readonly days: Room
  readonly columns: number
}

/** Measures the sheet of a view whenever its size changes; undefined until it is there. */
export function useRoom(
  view: View,
  sheet: RefObject<HTMLElement | null>,
  calendar: RefObject<FullCalendar | null>,
): SheetRoom | undefined {
  const [room, setRoom] = useState<SheetRoom>()
  useLayoutEffect(() => {
    const box = sheet.current
    if (!box) return
    let watched: Element | null = null
    const measure = (): void => {
      const found = { view, ...(view === 'month' ? ofMonth(box) : ofHours(box, view)) }
      setRoom((seen) => (JSON.stringify(seen) === JSON.stringify(found) ? seen : found))
      // FullCalendar gives its cells their new height a while after the sheet has it.
      const cell = cellOf(box)
      if (cell && cell !== watched) observer.observe(cell)
      watched = cell
    }
    // It tells of the size at once, with the next frame: the sheet is there before anything is put on it.
    const observer = new ResizeObserver(measure)
    observer.observe(box)
    // It is laid out for paper before it is printed: FullCalendar has its places in pixels.
    const resize = (isPrinted: boolean): void => {
      box.classList.toggle('printed', isPrinted)
      calendar.current?.getApi().updateSize()
      flushSync(measure)
    }
    const stop = onPrint(resize)
    return () => {
      observer.disconnect()
      stop()
    }
  }, [view, sheet, calendar])
  return room?.view === view ? room : undefined
}

function cellOf(box: HTMLElement): Element | null {
  return box.querySelector('td.fc-daygrid-day')
}

function ofMonth(box: HTMLElement): Omit<SheetRoom, 'view'> {
  const cell = cellOf(box)
  const lines = cell?.querySelector('.fc-daygrid-day-events')
  const height =
    cell && lines ? cell.getBoundingClientRect().bottom - lines.getBoundingClientRect().top - 2 : 0
  const full = Math.min(Math.max(Math.floor(height / lineHeight), 1), 30)
  return { days: { full, capped: full - 1 }, columns: 1 }
}

/** Above the hours a few lines; between them columns as wide as a finger. */
function ofHours(box: HTMLElement, view: View): Omit<SheetRoom, 'view'> {
  const width = (box.clientWidth - 60) / (view === 'week' ? 7 : 1)
  const columns = Math.min(Math.max(Math.floor(width / columnWidth), 2), 12)
  return { days: box.clientWidth < 600 ? { full: 3, capped: 2 } : { full: 5, capped: 4 }, columns }
}
