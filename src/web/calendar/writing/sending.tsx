import { useTranslation } from 'react-i18next'
import { useChange } from '../../client/change.ts'
import { localeOf } from '../../i18n/locale.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { useDates } from '../../ui/dates.ts'
import { shownChanged, shownGone, shownNew } from '../board/at-once.ts'
import {
  type Calendar,
  changeEvent,
  createEvent,
  deleteEvent,
  type EventChange,
  type EventDetails,
  type EventWish,
  keys,
  readEvent,
  type Scope,
  type Which,
} from '../calendar.ts'
import { eventDifferences } from '../conflict/differences.ts'
import { useZone } from '../zone.ts'

interface Changed {
  readonly which: Which
  readonly scope: Scope
  readonly change: EventChange
  readonly etag: string | undefined
}

interface Removed {
  readonly which: Which
  readonly scope: Scope
  readonly etag: string | undefined
}

interface Written {
  /** @param id  of what was made; undefined for what was there */
  readonly onDone: (id?: number) => void
}

/** What is sent, and what is seen meanwhile. @param form  in which it is written; without it, it is dragged */
export function useSending(calendars: readonly Calendar[], form?: Written) {
  const { t, i18n } = useTranslation('calendar')
  const { time } = useDates()
  const zone = useZone()
  const keysRead = [keys.events, ['event']]
  const kind = form ? ({ written: 'leaving' } as const) : { isEach: true }
  const create = useChange({
    ...kind,
    send: (wish: EventWish) => createEvent(wish),
    patches: (wish) => [shownNew(wish)],
    keys: keysRead,
    said: ({ title }) => t('said.created', { title: title || t('untitled') }),
    onDone: ({ data: { id } }) => form?.onDone(id),
  })
  const change = useChange<Changed, EventDetails>({
    ...kind,
    send: ({ which, scope, change: wanted, etag }, newer) => changeEvent(which, scope, wanted, newer ?? etag),
    theirs: ({ which }) => readEvent(which),
    patches: ({ which, scope, change: wanted }) => [shownChanged(which, scope, wanted)],
    keys: keysRead,
    said: () => t('said.changed'),
    onDone: () => form?.onDone(),
  })
  const remove = useChange({
    isEach: true,
    send: ({ which: gone, scope, etag }: Removed) => deleteEvent(gone, scope, etag),
    patches: ({ which: gone, scope }) => [shownGone(gone, scope)],
    keys: keysRead,
    said: () => t('said.deleted'),
  })
  const differences = ({ change: mine }: Changed, theirs: EventDetails) =>
    eventDifferences(mine, theirs, { t, time, calendars, language: localeOf(i18n.language) }, zone)
  return {
    ...{ create, change, remove },
    dialog: <ConflictDialog conflict={change.conflict} differences={differences} />,
  }
}
