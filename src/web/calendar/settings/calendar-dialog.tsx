import { Button, Group, Stack, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Tagged } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { dropItem, patchList } from '../../client/items.ts'
import { queryClient } from '../../client/query.ts'
import { undoRequest } from '../../client/undo.ts'
import { ThingHistory } from '../../things/lazy.tsx'
import { ColorChoice, swatches } from '../../ui/colors/color-choice.tsx'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { type Calendar, colorOf, type Instance, keys } from '../calendar.ts'
import { BirthdaySettings } from './birthdays.tsx'
import { Links } from './links.tsx'
import { type CalendarChange, changeCalendar, createCalendar, deleteCalendar } from './settings.ts'
import { Shares } from './shares.tsx'
import { SubscriptionState } from './subscription-state.tsx'

interface CalendarDialogProps {
  /** Undefined for a new one. */
  readonly calendar: Calendar | undefined
  readonly onClose: () => void
}

/** A calendar itself: what it is called, its colour, who sees it, and whether it stays. */
export function CalendarDialog({ calendar, onClose }: CalendarDialogProps) {
  const { t } = useTranslation('calendar')
  return (
    <Dialog onClose={onClose} title={calendar?.title ?? t('settings.new')}>
      <Stack gap="lg">
        <Looks calendar={calendar} onClose={onClose} />
        {calendar?.isOwn && calendar.madeOf === 'birthdays' && <BirthdaySettings calendar={calendar} />}
        {calendar?.isSubscription && <SubscriptionState calendar={calendar} />}
        {calendar?.isOwn && calendar.madeOf === null && (
          <>
            <Shares calendar={calendar} />
            <Links calendar={calendar} />
          </>
        )}
      </Stack>
    </Dialog>
  )
}

function Looks({ calendar, onClose }: CalendarDialogProps) {
  const { t } = useTranslation('calendar')
  const [title, setTitle] = useState(calendar?.title ?? '')
  const [color, setColor] = useState(calendar ? colorOf(calendar) : swatches[1])
  const [isDefault, setIsDefault] = useState(calendar?.isDefault ?? false)
  const acts = useCalendarActs(onClose)
  const save = (): void => {
    if (!calendar) {
      acts.create.make({ title, color })
      return
    }
    const change = changeOf(calendar, { title, color, isDefault })
    if (Object.keys(change).length === 0) onClose()
    else acts.change.make({ calendar, change })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (title.trim() !== '' && /^#[0-9a-f]{6}$/i.test(color)) save()
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('settings.title')}
          value={title}
          required
          maxLength={500}
          data-autofocus
          onChange={({ currentTarget }) => setTitle(currentTarget.value)}
        />
        <ColorChoice label={t('settings.color')} color={color} onChange={setColor} />
        {calendar?.isOwn && !calendar.isDefault && (
          <Switch
            label={t('settings.default')}
            checked={isDefault}
            onChange={({ currentTarget }) => setIsDefault(currentTarget.checked)}
          />
        )}
        <Group justify="space-between">
          <RemoveButton calendar={calendar} onRemove={acts.remove.make} />
          {calendar && calendar.madeOf === null && <HistoryButton calendar={calendar} onDone={onClose} />}
          <Button type="submit" loading={acts.create.isBusy}>
            {t('form.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface Wanted {
  readonly title: string
  readonly color: string
  readonly isDefault: boolean
}

/** What is left as it is is not sent: a colour that the app knows only nearly stays that of the phone. */
function changeOf(calendar: Calendar, { title, color, isDefault }: Wanted): CalendarChange {
  return {
    ...(title !== calendar.title && { title }),
    ...(color !== colorOf(calendar) && { color }),
    ...(isDefault && !calendar.isDefault && { isDefault: true as const }),
  }
}

interface HistoryButtonProps {
  readonly calendar: Calendar
  /** Told when it is called otherwise than what is written here. */
  readonly onDone: () => void
}

/** What it was called, and how it looked. */
function HistoryButton({ calendar: { id, title }, onDone }: HistoryButtonProps) {
  const { t } = useTranslation('calendar')
  const [isTold, setIsTold] = useState(false)
  return (
    <>
      <Button variant="subtle" ms="auto" onClick={() => setIsTold(true)}>
        {t('settings.history')}
      </Button>
      {isTold && (
        <ThingHistory
          thing={{ kind: 'calendar', path: `/collections/${id}`, name: title }}
          onClose={(isOtherwise) => (isOtherwise ? onDone() : setIsTold(false))}
        />
      )}
    </>
  )
}

interface RemoveButtonProps {
  readonly calendar: Calendar | undefined
  readonly onRemove: (calendar: Calendar) => void
}

/** The one that new things go into stays. */
function RemoveButton({ calendar, onRemove }: RemoveButtonProps) {
  const { t } = useTranslation('calendar')
  if (!calendar || calendar.isDefault) return <span />
  return (
    <Button variant="light" color="red" onClick={() => onRemove(calendar)}>
      {t(calendar.isOwn ? 'settings.delete' : 'settings.leave')}
    </Button>
  )
}

interface Changing {
  readonly calendar: Calendar
  readonly change: CalendarChange
}

/** How the calendars look then; new things go into one alone. */
function changedIn(calendars: readonly Calendar[], { calendar, change }: Changing): readonly Calendar[] {
  return calendars.map((one) =>
    one.id === calendar.id
      ? ({ ...one, ...change } as Calendar)
      : { ...one, ...(change.isDefault && { isDefault: false }) },
  )
}

/** The history knows what one's own was called; how one sees that of another, and which new events go into, is said again. */
function wayBack({ calendar, change }: Changing, { request }: Tagged<Calendar>): () => Promise<unknown> {
  const { id, isOwn, title, color } = calendar
  const former = queryClient
    .getQueryData<{ readonly calendars: readonly Calendar[] }>(keys.calendars)
    ?.calendars.find((one) => one.isOwn && one.isDefault)
  return async () => {
    if (change.isDefault && former) await changeCalendar(former.id, { isDefault: true })
    if (change.title === undefined && change.color === undefined) return undefined
    if (isOwn && request !== undefined) return undoRequest(request)
    const before = { ...(change.title && { title }), ...(change.color && { color }) }
    return changeCalendar(id, before)
  }
}

function useCalendarActs(done: () => void) {
  const { t } = useTranslation('calendar')
  const read = [keys.calendars, keys.events]
  const create = useChange({
    send: createCalendar,
    written: 'staying',
    keys: read,
    isUndoable: false,
    said: ({ title }) => t('settings.created', { title }),
    onDone: done,
  })
  const change = useChange({
    send: ({ calendar, change: wish }: Changing) => changeCalendar(calendar.id, wish),
    written: 'leaving',
    patches: (changing) => [
      patchList<Calendar>(keys.calendars, (seen) => changedIn(seen, changing), 'calendars'),
    ],
    keys: read,
    back: wayBack,
    said: () => t('settings.changed'),
    onDone: done,
  })
  const remove = useChange({
    send: deleteCalendar,
    written: 'leaving',
    isRemoval: true,
    patches: ({ id }) => [
      dropItem(keys.calendars, id),
      dropItem<Instance>(keys.events, ({ calendar }) => calendar === id),
    ],
    keys: [...read, ['trash'], ['invites']],
    back: (_, { data: back }) => back,
    said: ({ title }) => t('settings.deleted', { title }),
    onDone: done,
  })
  return { create, change, remove }
}
