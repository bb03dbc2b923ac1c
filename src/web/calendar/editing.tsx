import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../client/change.ts'
import { isPending } from '../client/items.ts'
import { localeOf } from '../i18n/locale.ts'
import { ConflictDialog } from '../ui/conflict.tsx'
import { useDates } from '../ui/dates.ts'
import { tellDone, tellFailed } from '../ui/toast.tsx'
import { shownChanged, shownGone, shownNew } from './board/at-once.ts'
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
  /** In which it was written. */
  readonly form: Form
}

interface Changed {
  readonly which: Which
  readonly scope: Scope
  readonly change: EventChange
  readonly etag: string | undefined
  /** In which it was written; undefined where it was dragged. */
  readonly form?: Form
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
  /** Another one that takes its place has another number. */
  readonly nth?: number
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
  const close = (done: Form | undefined): void => setForm((seen) => (seen === done ? undefined : seen))
  const sending = useSending(calendars, close)
  const asking = useAsking(sending)
  const writable = calendars.filter(({ rights }) => rights.add)

  const begin = (span: Span, met?: Met): void => {
    const home = writable.find(({ isDefault }) => isDefault) ?? writable[0]
    const title = met ? t('meeting', { name: met.name }) : ''
    if (home) edit({ initial: { ...newDraft(home.id, span, zone), title }, met })
    else tellDone(t('noCalendar'))
  }
  const edit = (next: Form): void => {
    setOpen(undefined)
    setForm((seen) => ({ ...next, nth: (seen?.nth ?? 0) + 1 }))
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
          key={form.nth}
          title={t(form.event ? 'form.editTitle' : 'form.newTitle')}
          initial={form.initial}
          calendars={calendars.filter(({ id, rights }) => rights.add || id === form.initial.calendar)}
          isSent={sending.isSent(form)}
          onSave={(draft) => asking.save(form, draft)}
          onClose={() => setForm(undefined)}
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
function useAsking({ create, change, remove, done }: ReturnType<typeof useSending>) {
  const { t } = useTranslation('calendar')
  const zone = useZone()
  const { ask, dialog } = useScope()
  const edited = { title: t('scope.editTitle'), act: t('form.save') }

  const save = (form: Form, draft: Draft): void => {
    const { event, etag, initial } = form
    if (!event) {
      create.make({ wish: wishOf(draft), form })
      return
    }
    const wanted = changeOf(initial, draft)
    if (Object.keys(wanted).length === 0) {
      done(form)
      return
    }
    const which = { id: event.id, instance: event.instance }
    const isSeries = event.isRecurring && event.instance !== null
    // A calendar is that of a whole series, a rule at least that of all that follow.
    ask(isSeries && wanted.calendar === undefined, {
      ...edited,
      without: 'rule' in wanted ? ['this'] : [],
      chosen: (scope) => change.make({ which, scope, change: wanted, etag, form }),
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
function useSending(calendars: readonly Calendar[], done: (form: Form | undefined) => void) {
  const { t, i18n } = useTranslation('calendar')
  const { time } = useDates()
  const zone = useZone()
  const read = [keys.events, ['event']]
  const create = useChange({
    send: ({ wish }: Created) => createEvent(wish),
    patches: ({ wish }) => [shownNew(wish)],
    keys: read,
    said: ({ wish: { title } }) => t('said.created', { title: title || t('untitled') }),
    onDone: ({ data: { id } }, { form }) => {
      done(form)
      if (form.met) linkToParty(id, form.met.id).catch(tellFailed)
    },
  })
  const change = useChange<Changed, EventDetails>({
    send: ({ which, scope, change: wanted, etag }, newer) => changeEvent(which, scope, wanted, newer ?? etag),
    theirs: ({ which }) => readEvent(which),
    patches: ({ which, scope, change: wanted }) => [shownChanged(which, scope, wanted)],
    keys: read,
    said: () => t('said.changed'),
    onDone: (_, { form }) => done(form),
  })
  const remove = useChange({
    send: ({ which: gone, scope, etag }: Removed) => deleteEvent(gone, scope, etag),
    patches: ({ which: gone, scope }) => [shownGone(gone, scope)],
    keys: read,
    said: () => t('said.deleted'),
  })
  const differences = ({ change: mine }: Changed, theirs: EventDetails) =>
    eventDifferences(mine, theirs, { t, time, calendars, language: localeOf(i18n.language) }, zone)
  return {
    ...{ create, change, remove, done },
    isSent: (form: Form) => [create.sent?.form, change.sent?.form].includes(form),
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
