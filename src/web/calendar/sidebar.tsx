import { ActionIcon, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { IconCake, IconPlus, IconRss, IconSettings } from '@tabler/icons-react'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { Left } from '../sharing/invites.tsx'
import { openForm } from '../ui/dialog/forms.tsx'
import { FailedPart } from '../ui/states.tsx'
import { type Calendar, colorOf } from './calendar.ts'
import { BirthdaysDialog } from './settings/birthdays.tsx'
import { CalendarDialog } from './settings/calendar-dialog.tsx'
import { type Subscription, useBirthdayBooks, useSubscriptions } from './settings/settings.ts'
import { SubscribeDialog } from './settings/subscribe-dialog.tsx'
import { NotFetched } from './settings/subscription-state.tsx'
import { firstWeekday } from './times.ts'

interface SidebarProps {
  readonly calendars: readonly Calendar[]
  readonly hidden: readonly number[]
  readonly onToggle: (id: number) => void
  readonly day: string
  readonly onDay: (day: string) => void
}

/** A month to jump by, and the calendars to be seen. */
export function Sidebar({ calendars, hidden, onToggle, day, onDay }: SidebarProps) {
  const { t, i18n } = useTranslation('calendar')
  const followed = useSubscriptions()
  const shown = { hidden, onToggle, followed: followed.data, onOpen: openCalendar }
  const own = calendars.filter(({ isOwn }) => isOwn)
  const others = calendars.filter(({ isOwn }) => !isOwn)
  return (
    <Stack p="sm" gap="md">
      <DatePicker
        key={day.slice(0, 7)}
        value={day}
        defaultDate={day}
        locale={i18n.language}
        firstDayOfWeek={firstWeekday(i18n.language) as 0}
        size="xs"
        hideOutsideDates
        onChange={(next) => next !== null && onDay(next)}
        ariaLabels={{
          previousMonth: t('previousMonth'),
          nextMonth: t('nextMonth'),
          previousYear: t('previousYear'),
          nextYear: t('nextYear'),
          previousDecade: t('previousYears'),
          nextDecade: t('nextYears'),
        }}
      />
      <CalendarGroup title={t('mine')} calendars={own} {...shown} />
      {others.length > 0 && <CalendarGroup title={t('others')} calendars={others} {...shown} />}
      <FailedPart of={[followed]} />
      <Left kind="calendar" />
      <Adding />
    </Stack>
  )
}

/** @param calendar  undefined for a new one */
function openCalendar(calendar?: Calendar): void {
  openForm((close) => <CalendarDialog calendar={calendar} onClose={close} />)
}

/** What adds a calendar says so in as many lines as its words need beside the sheet. */
const addingLook = {
  ...{ variant: 'subtle', size: 'compact-sm', justify: 'flex-start', h: 'auto', mih: 26, maw: '100%' },
  styles: { label: { whiteSpace: 'normal', textAlign: 'start', overflowWrap: 'anywhere' } },
} as const

/** The ways to more calendars. */
function Adding() {
  const { t } = useTranslation('calendar')
  // Once each book has such a calendar there is nothing more to make.
  const { books, asked } = useBirthdayBooks()
  const hasBirthdays = books.length > 0
  return (
    <Stack gap={4} align="flex-start">
      <FailedPart of={asked} />
      <Button {...addingLook} leftSection={<IconPlus size={14} />} onClick={() => openCalendar()}>
        {t('settings.new')}
      </Button>
      <Button
        {...addingLook}
        leftSection={<IconRss size={14} />}
        onClick={() => openForm((close) => <SubscribeDialog onClose={close} />)}
      >
        {t('subscription.title')}
      </Button>
      {hasBirthdays && (
        <Button
          {...addingLook}
          leftSection={<IconCake size={14} />}
          onClick={() => openForm((close) => <BirthdaysDialog onClose={close} />)}
        >
          {t('birthdays.title')}
        </Button>
      )}
    </Stack>
  )
}

interface CalendarGroupProps extends Pick<SidebarProps, 'calendars' | 'hidden' | 'onToggle'> {
  readonly title: string
  readonly followed: readonly Subscription[] | undefined
  readonly onOpen: (calendar: Calendar) => void
}

function CalendarGroup({ title, calendars, hidden, followed, onToggle, onOpen }: CalendarGroupProps) {
  const { t } = useTranslation('calendar')
  return (
    <Stack gap={6} role="group" aria-label={title}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {calendars.map((calendar) => (
        <Fragment key={calendar.id}>
          <Group gap="xs" wrap="nowrap">
            <Checkbox
              flex={1}
              label={calendar.title}
              description={calendar.isOwn ? undefined : calendar.owner.name}
              checked={!hidden.includes(calendar.id)}
              onChange={() => onToggle(calendar.id)}
            />
            <span
              className="calendar-dot"
              ref={(dot) => dot?.style.setProperty('background', colorOf(calendar))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t('settings.of', { title: calendar.title })}
              {...(calendar.isOwn && calendar.madeOf === null && { title: t('settings.andSharing') })}
              onClick={() => onOpen(calendar)}
            >
              <IconSettings size={16} />
            </ActionIcon>
          </Group>
          <NotFetched calendar={calendar} followed={followed} />
        </Fragment>
      ))}
    </Stack>
  )
}
