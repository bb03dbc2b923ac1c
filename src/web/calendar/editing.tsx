import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isPending } from '../client/items.ts'
import { openForm } from '../ui/dialog/forms.tsx'
import { tellDone } from '../ui/toast.tsx'
import type { Dragged, Span } from './board/views.ts'
import type { Calendar, EventChange, EventDetails, Instance, Scope, Which } from './calendar.ts'
import { type Draft, draftOf, newDraft } from './draft.ts'
import { EventPanel } from './event-panel.tsx'
import { useScope } from './scope.tsx'
import { momentIn, wallTimeIn } from './times.ts'
import { useSending } from './writing/sending.tsx'
import { type Met, WrittenEvent } from './writing/written-event.tsx'
import { useZone } from './zone.ts'

interface Form {
  readonly initial: Draft
  readonly met?: Met | undefined
  readonly event?: EventDetails
  readonly etag?: string | undefined
}

/** Everything that is done with events: what is open, what is asked, and what is sent. */
export function useEditing(calendars: readonly Calendar[]) {
  const { t } = useTranslation('calendar')
  const zone = useZone()
  const [open, setOpen] = useState<Which>()
  const sending = useSending(calendars)
  const asking = useAsking(sending)
  const writable = calendars.filter(({ rights }) => rights.add)

  const begin = (span: Span, met?: Met): void => {
    const home = writable.find(({ isDefault }) => isDefault) ?? writable[0]
    const title = met ? t('meeting', { name: met.name }) : ''
    if (home) edit({ initial: { ...newDraft(home.id, span, zone), title }, met })
    else tellDone(t('noCalendar'))
  }
  const edit = (form: Form): void => {
    setOpen(undefined)
    openForm((close) => <WrittenEvent {...form} calendars={calendars} onClose={close} />)
  }
  const dialogs = (
    <>
      {open && (
        <EventPanel
          which={open}
          calendars={calendars}
          onClose={() => setOpen(undefined)}
          onDelete={(event, etag) => {
            setOpen(undefined)
            asking.remove(event, etag)
          }}
          onEdit={(event, etag) => edit({ initial: draftOf(event, zone), event, etag })}
          onCopy={(event) => edit({ initial: copyOf(event, writable, zone) })}
        />
      )}
      {asking.dialog}
      {sending.dialog}
    </>
  )
  const show = (which: Which): void => {
    if (!isPending(which)) setOpen(which)
  }
  return { open: show, begin, drag: asking.drag, dialogs }
}

/** What is done with a series asks first for which times of it. */
function useAsking({ change, remove }: ReturnType<typeof useSending>) {
  const { t } = useTranslation('calendar')
  const zone = useZone()
  const { ask, dialog } = useScope()

  const drag = ({ row, putBack, ...span }: Dragged): void => {
    const { id, instance, etag, isRecurring } = row
    const chosen = (scope: Scope): void =>
      change.make({
        which: { id, instance },
        scope,
        change: movedTimes(row, span, zone),
        etag,
      })
    const question = { title: t('scope.editTitle'), act: t('form.save') }
    ask(isRecurring && instance !== null, { ...question, chosen }, putBack)
  }

  const removeEvent = ({ id, instance, isRecurring }: EventDetails, etag: string | undefined): void =>
    ask(isRecurring && instance !== null, {
      ...{ title: t('scope.deleteTitle'), act: t('panel.delete'), isDangerous: true },
      chosen: (scope) => remove.make({ which: { id, instance }, scope, etag }),
    })

  return { drag, remove: removeEvent, dialog }
}

/** Another event with the same in it, to be changed before it is made. */
function copyOf(event: EventDetails, writable: readonly Calendar[], zone: string): Draft {
  const draft = draftOf(event, zone)
  const isThere = writable.some(({ id }) => id === draft.calendar)
  return {
    ...draft,
    calendar: isThere ? draft.calendar : (writable[0]?.id ?? draft.calendar),
    alarms: draft.alarms.map((alarm) => ({ ...alarm, key: '' })),
  }
}

/** The times of a change, on the clock that the event is written by. */
function movedTimes({ allDay, zone }: Instance, { start, end, isAllDay }: Span, shown: string): EventChange {
  if (isAllDay) return { start: start.slice(0, 10), end: end.slice(0, 10) }
  if (allDay) return { start, end, zone: shown }
  if (zone === null || zone === shown) return { start, end }
  return { start: wallTimeIn(zone, momentIn(shown, start)), end: wallTimeIn(zone, momentIn(shown, end)) }
}
