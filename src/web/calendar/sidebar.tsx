import { Checkbox, Group, Stack, Text } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { useTranslation } from 'react-i18next'
import { type Calendar, colorOf } from './calendar.ts'
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
      <CalendarGroup title={t('mine')} calendars={own} hidden={hidden} onToggle={onToggle} />
      {others.length > 0 && (
        <CalendarGroup title={t('others')} calendars={others} hidden={hidden} onToggle={onToggle} />
      )}
    </Stack>
  )
}

interface CalendarGroupProps extends Pick<SidebarProps, 'calendars' | 'hidden' | 'onToggle'> {
  readonly title: string
}

function CalendarGroup({ title, calendars, hidden, onToggle }: CalendarGroupProps) {
  return (
    <Stack gap={6} role="group" aria-label={title}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      {calendars.map((calendar) => (
        <Group key={calendar.id} gap="xs" wrap="nowrap">
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
        </Group>
      ))}
    </Stack>
  )
}
