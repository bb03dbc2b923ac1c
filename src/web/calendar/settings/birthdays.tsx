import { Button, Checkbox, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { birthdaysList } from '../../../features/birthdays/schema.ts'
import { send } from '../../client/api.ts'
import { patch, useChange } from '../../client/change.ts'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import { FailedPart } from '../../ui/states.tsx'
import { type Calendar, keys } from '../calendar.ts'
import {
  type BirthdaysWish,
  changeBirthdays,
  makeBirthdays,
  useBirthdayBooks,
  useBirthdays,
} from './settings.ts'

/** When one is reminded, as the API says it. */
const reminders = { none: '', day: '09:00', before: '1d 18:00', week: '7d 09:00' } as const

/** Makes a calendar of the birthdays in an address book. */
export function BirthdaysDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('calendar')
  const { books, asked } = useBirthdayBooks()
  const [chosen, setChosen] = useState<string | null>(null)
  const [how, setHow] = useState<Told>({ alarms: '', otherDates: false })
  const book = chosen ?? (books.find(({ isDefault }) => isDefault) ?? books[0])?.name
  const { make, isBusy } = useChange({
    send: (wish: BirthdaysWish) => makeBirthdays(wish),
    written: 'staying',
    keys: [keys.calendars, keys.events],
    back:
      (_, { data: { id } }) =>
      () =>
        send('DELETE', `/birthdays/${id}`),
    said: (_, { calendar }) => t('birthdays.made', { title: calendar.displayName }),
    onDone: onClose,
  })
  return (
    <Dialog onClose={onClose} title={t('birthdays.title')}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (book !== undefined) make({ book, ...how })
        }}
      >
        <Stack gap="sm">
          <FailedPart of={asked} />
          <Text size="sm" c="dimmed">
            {t('birthdays.what')}
          </Text>
          {books.length > 1 && (
            <Select
              label={t('birthdays.book')}
              data={books.map(({ name, title }) => ({ value: name, label: title }))}
              value={book ?? null}
              allowDeselect={false}
              onChange={setChosen}
            />
          )}
          <How how={how} onChange={(next) => setHow({ ...how, ...next })} />
          <Button type="submit" loading={isBusy} disabled={book === undefined}>
            {t('birthdays.make')}
          </Button>
        </Stack>
      </form>
    </Dialog>
  )
}

/** How the birthdays of a calendar are told. */
export function BirthdaySettings({ calendar: { id } }: { readonly calendar: Calendar }) {
  const { t } = useTranslation('calendar')
  const asked = useBirthdays()
  const one = asked.data?.find((other) => other.id === id)
  const change = useChange<Partial<Told>>({
    send: (how) => changeBirthdays(id, how),
    patches: (how) => [
      patch<z.infer<typeof birthdaysList>>(['calendars', 'birthdays'], (seen) => ({
        birthdays: seen.birthdays.map((other) => (other.id === id ? { ...other, ...how } : other)),
      })),
    ],
    keys: [keys.calendars, keys.events],
    back: () => one && (() => changeBirthdays(id, { alarms: one.alarms, otherDates: one.otherDates })),
    said: () => t('settings.changed'),
  })
  if (!one) return <FailedPart of={[asked]} />
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('birthdays.of', { book: one.book.displayName })}
      </Text>
      <How how={one} onChange={change.make} />
    </Stack>
  )
}

interface Told {
  readonly alarms: string
  readonly otherDates: boolean
}

interface HowProps {
  readonly how: Told
  /** What is to be otherwise. */
  readonly onChange: (how: Partial<Told>) => void
}

function How({ how: { alarms, otherDates }, onChange }: HowProps) {
  const { t } = useTranslation('calendar')
  const known = Object.entries(reminders).map(([key, value]) => ({
    value,
    label: t(`birthdays.remind.${key}`),
  }))
  // What was said elsewhere, as by the command line, stays to be chosen.
  const isKnown = known.some(({ value }) => value === alarms)
  return (
    <>
      <Select
        label={t('birthdays.reminder')}
        data={isKnown ? known : [...known, { value: alarms, label: alarms }]}
        value={alarms}
        allowDeselect={false}
        onChange={(next) => onChange({ alarms: next ?? '' })}
      />
      <Checkbox
        label={t('birthdays.otherDates')}
        checked={otherDates}
        onChange={({ currentTarget }) => onChange({ otherDates: currentTarget.checked })}
      />
    </>
  )
}
