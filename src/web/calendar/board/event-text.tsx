import type { EventContentArg, EventMountArg } from '@fullcalendar/core'
import { IconBell, IconRepeat } from '@tabler/icons-react'
import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { isPending } from '../../client/items.ts'
import type { Placed } from './placed.ts'

/** Signs that are copied into events: drawn once. */
export function Signs({ box }: { readonly box: RefObject<HTMLSpanElement | null> }) {
  const { t } = useTranslation('calendar')
  return (
    <span hidden ref={box}>
      <IconRepeat size={12} role="img" aria-label={t('repeats')} />
      <IconBell size={12} role="img" aria-label={t('hasAlarm')} />
    </span>
  )
}

/** What was given to FullCalendar with an event. */
export function placedOf(event: {
  readonly extendedProps: { readonly placed?: unknown }
}): Placed | undefined {
  return event.extendedProps.placed as Placed | undefined
}

interface Said {
  readonly signs: HTMLElement | null
  readonly untitled: string
  readonly clock: (date: Date) => string
}

/**
 * What an event says on the sheet, as nodes: hundreds of them are made at once, each of which would be a tree of its own for
 * React.
 */
export function textOf({ event, view, isStart }: EventContentArg, { signs, untitled, clock }: Said) {
  const isBetweenHours = view.type.startsWith('timeGrid')
  const row = placedOf(event)?.row
  const text = span('event-text')
  if (row?.location) text.title = `${event.title}\n${row.location}`
  if (isStart && event.start && !event.allDay) {
    const ends = isBetweenHours && event.end ? ` - ${clock(event.end)}` : ''
    text.append(span('event-time', clock(event.start) + ends))
  }
  text.append(span('event-title', event.title === '' ? untitled : event.title))
  if (row?.location && isBetweenHours) text.append(span('event-place', row.location))
  const [repeats, rings] = signs?.children ?? []
  if (row?.isRecurring && repeats) text.append(repeats.cloneNode(true))
  if (row?.hasAlarm && rings) text.append(rings.cloneNode(true))
  return { domNodes: [text] }
}

function span(className: string, text = ''): HTMLSpanElement {
  const made = document.createElement('span')
  made.className = className
  made.textContent = text
  return made
}

/** Colours come by the object model, once for each node: the policy of the page lets no style attribute in. */
export function dress({ el, event }: EventMountArg): void {
  el.style.setProperty('--event-color', String(event.extendedProps.color ?? ''))
  const row = placedOf(event)?.row
  if (row && isPending(row)) el.ariaBusy = 'true'
}
