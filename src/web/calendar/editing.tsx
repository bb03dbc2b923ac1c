import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { patch, useChange } from '../client/change.ts'
import { localeOf } from '../i18n/locale.ts'
import { ConflictDialog } from '../ui/conflict.tsx'
import { useDates } from '../ui/dates.ts'
import { tellDone, tellFailed } from '../ui/toast.tsx'
import type { Dragged, Span } from './board/views.ts'
import {
  type Calendar,
  changeEvent,
  createEvent,
  deleteEvent,
  type EventChange,
  type EventDetails,
  type EventWish,
  type Instance,
  keys,
  linkToParty,
  readEvent,
  type Scope,
  type Which,
} from './calendar.ts'
import { eventDifferences } from './conflict/differences.ts'
import { changeOf, type Draft, draftOf, newDraft, wishOf } from './draft.ts'
import { EventForm } from './event-form.tsx'
import { EventPanel } from './event-panel.tsx'
import { useScope } from './scope.tsx'
import { momentIn, wallTimeIn } from './times.ts'
import { useZone } from './zone.ts'

interface Created {
  readonly wish: EventWish
  readonly met: Met | undefined
}

interface Changed {
  readonly which: Which
  readonly scope: Scope
  readonly change: EventChange
  readonly etag: string | undefined
  /** What the row shows at once. */
  readonly row?: Pick<Instance, 'start' | 'end' | 'allDay'>
}

interface Removed {
  readonly which: Which
  readonly scope: Scope
  readonly etag: string | undefined
}

/** Somebody of whom a new event is. */
export interface Met {
  readonly id: number
  readonly name: string
}

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
  const [form, setForm] = useState<Form>()
  const sending = useSending(calendars, () => setForm(undefined))
  const asking = useAsking(sending)
  const writable = calendars.filter(({ rights }) => rights.add)

  const begin = (span: Span, met?: Met): void => {
    const home = writable.find(({ isDefault }) => isDefault) ?? writable[0]
    const title = met ? t('meeting', { name: met.name }) : ''
    if (home) setForm({ initial: { ...newDraft(home.id, span, zone), title }, met })
    else tellDone(t('noCalendar'))
  }
  const edit = (next: Form): void => {
    setOpen(undefined)
    setForm(next)
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
      {form && (
        <EventForm
          title={t(form.event ? 'form.editTitle' : 'form.newTitle')}
          initial={form.initial}
          calendars={calendars.filter(({ id, rights }) => rights.add || id === form.initial.calendar)}
          isBusy={sending.isBusy}
          onSave={(draft) => asking.save(form, draft)}
          onClose={() => setForm(undefined)}
        />
      )}
      {asking.dialog}
      {sending.dialog}
    </>
  )
  return { open: setOpen, begin, drag: asking.drag, dialogs }
}

/** What is done with a series asks first for which times of it. */
function useAsking({ create, change, remove, done }: ReturnType<typeof useSending>) {
  const { t } = useTranslation('calendar')
  const zone = useZone()
  const { ask, dialog } = useScope()
  const edited = { title: t('scope.editTitle'), act: t('form.save') }

  const save = ({ event, etag, initial, met }: Form, draft: Draft): void => {
    if (!event) {
      create.make({ wish: wishOf(draft), met })
      return
    }
    const wanted = changeOf(initial, draft)
    if (Object.keys(wanted).length === 0) {
      done()
      return
    }
    const which = { id: event.id, instance: event.instance }
    const isSeries = event.isRecurring && event.instance !== null
    // A calendar is that of a whole series, a rule at least that of all that follow.
    ask(isSeries && wanted.calendar === undefined, {
      ...edited,
      without: 'rule' in wanted ? ['this'] : [],
      chosen: (scope) => change.make({ which, scope, change: wanted, etag }),
    })
  }

  const drag = ({ row, putBack, ...span }: Dragged): void => {
    const { id, instance, etag, isRecurring } = row
    const chosen = (scope: Scope): void =>
      change.make({
        which: { id, instance },
        scope,
        change: movedTimes(row, span, zone),
        etag,
        row: rowTimes(row, span, zone),
      })
    ask(isRecurring && instance !== null, { ...edited, chosen }, putBack)
  }

  const removeEvent = ({ id, instance, isRecurring }: EventDetails, etag: string | undefined): void =>
    ask(isRecurring && instance !== null, {
      ...{ title: t('scope.deleteTitle'), act: t('panel.delete'), isDangerous: true },
      chosen: (scope) => remove.make({ which: { id, instance }, scope, etag }),
    })

  return { save, drag, remove: removeEvent, dialog }
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

/** What is sent, and what is seen meanwhile. */
function useSending(calendars: readonly Calendar[], done: () => void) {
  const { t, i18n } = useTranslation('calendar')
  const { time } = useDates()
  const zone = useZone()
  const read = [keys.events, ['event']]
  const create = useChange({
    send: ({ wish }: Created) => createEvent(wish),
    keys: read,
    said: ({ wish: { title } }) => t('said.created', { title: title || t('untitled') }),
    onDone: ({ data: { id } }, { met }) => {
      done()
      if (met) linkToParty(id, met.id).catch(tellFailed)
    },
  })
  const change = useChange<Changed, EventDetails>({
    send: ({ which, scope, change: wanted, etag }, newer) => changeEvent(which, scope, wanted, newer ?? etag),
    theirs: ({ which }) => readEvent(which),
    patches: ({ which: { id, instance }, row }) =>
      row === undefined
        ? []
        : [
            patch<{ readonly items: readonly Instance[] }>(keys.events, (seen) => ({
              ...seen,
              items: seen.items.map((one) =>
                one.id === id && one.instance === instance ? { ...one, ...row } : one,
              ),
            })),
          ],
    keys: read,
    said: () => t('said.changed'),
    onDone: done,
  })
  const remove = useChange({
    send: ({ which: gone, scope, etag }: Removed) => deleteEvent(gone, scope, etag),
    keys: read,
    said: () => t('said.deleted'),
  })
  const differences = ({ change: mine }: Changed, theirs: EventDetails) =>
    eventDifferences(mine, theirs, { t, time, calendars, language: localeOf(i18n.language) }, zone)
  return {
    ...{ create, change, remove, done },
    isBusy: create.isBusy || change.isBusy,
    dialog: <ConflictDialog conflict={change.conflict} differences={differences} />,
  }
}

/** The times of a change, on the clock that the event is written by. */
function movedTimes({ allDay, zone }: Instance, { start, end, isAllDay }: Span, shown: string): EventChange {
  if (isAllDay) return { start: start.slice(0, 10), end: end.slice(0, 10) }
  if (allDay) return { start, end, zone: shown }
  if (zone === null || zone === shown) return { start, end }
  return { start: wallTimeIn(zone, momentIn(shown, start)), end: wallTimeIn(zone, momentIn(shown, end)) }
}

function rowTimes({ allDay, zone }: Instance, { start, end, isAllDay }: Span, shown: string) {
  if (isAllDay) return { start: start.slice(0, 10), end: end.slice(0, 10), allDay: true }
  const isOnNoClock = zone === null && !allDay
  const text = (wall: string): string => (isOnNoClock ? wall : momentIn(shown, wall).toISOString())
  return { start: text(start), end: text(end), allDay: false }
}
