import { useTranslation } from 'react-i18next'
import { tellFailed } from '../../ui/toast.tsx'
import { type Calendar, type EventDetails, linkToParty } from '../calendar.ts'
import { changeOf, type Draft, wishOf } from '../draft.ts'
import { EventForm } from '../event-form.tsx'
import { useScope } from '../scope.tsx'
import { InDates } from './in-dates.tsx'
import { useSending } from './sending.tsx'

/** Somebody of whom a new event is. */
export interface Met {
  readonly id: number
  readonly name: string
}

interface WrittenEventProps {
  readonly initial: Draft
  readonly calendars: readonly Calendar[]
  readonly met?: Met | undefined
  /** What is edited; undefined for a new one. */
  readonly event?: EventDetails | undefined
  readonly etag?: string | undefined
  readonly onClose: () => void
}

/** An event being written, and sent: of a series it is asked first which times of it are meant. */
export function WrittenEvent({ initial, calendars, met, event, etag, onClose }: WrittenEventProps) {
  const { t } = useTranslation('calendar')
  const onDone = (id?: number): void => {
    onClose()
    if (id !== undefined && met) linkToParty(id, met.id).catch(tellFailed)
  }
  const { create, change, dialog } = useSending(calendars, { onDone })
  const { ask, dialog: question } = useScope()
  const save = (draft: Draft): void => {
    if (!event) {
      create.make(wishOf(draft))
      return
    }
    const wanted = changeOf(initial, draft)
    if (Object.keys(wanted).length === 0) {
      onClose()
      return
    }
    const which = { id: event.id, instance: event.instance }
    const isSeries = event.isRecurring && event.instance !== null
    // A calendar is that of a whole series, a rule at least that of all that follow.
    ask(isSeries && wanted.calendar === undefined, {
      ...{ title: t('scope.editTitle'), act: t('form.save') },
      without: 'rule' in wanted ? ['this'] : [],
      chosen: (scope) => change.make({ which, scope, change: wanted, etag }),
    })
  }
  return (
    <InDates>
      <EventForm
        title={t(event ? 'form.editTitle' : 'form.newTitle')}
        initial={initial}
        calendars={calendars.filter(({ id, rights }) => rights.add || id === initial.calendar)}
        onSave={save}
        onClose={onClose}
      />
      {question}
      {dialog}
    </InDates>
  )
}
