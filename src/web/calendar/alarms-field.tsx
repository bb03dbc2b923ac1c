import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useDates } from '../ui/dates.ts'
import type { Alarm } from './calendar.ts'

/** Seconds before the start, those that are chosen most. */
const usual = [0, 300, 600, 900, 1_800, 3_600, 7_200, 86_400, 172_800, 604_800]
const units = [
  ['weeks', 604_800],
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
] as const

/** What an alarm is related to: a task ends when it is due. */
type Related = Alarm['related'] | 'due'

/** When an alarm goes off, in words. */
export function alarmText(
  t: TFunction<'calendar'>,
  alarm: Omit<Alarm, 'related'> & { readonly related: Related },
  time: (at: string) => string,
): string {
  if (alarm.at !== null) return time(alarm.at)
  const seconds = Math.abs(alarm.offset ?? 0)
  if (seconds === 0) return t(`alarm.at.${alarm.related}`)
  const [unit, size] = units.find(([, one]) => seconds % one === 0) ?? ['minutes', 60]
  const length = t(`alarm.${unit}`, { count: Math.round(seconds / size) })
  const side = (alarm.offset ?? 0) < 0 ? 'before' : 'after'
  return t(`alarm.${side}.${alarm.related}`, { length })
}

interface AlarmsFieldProps {
  /** What new ones are related to. */
  readonly related?: 'start' | 'due'
  readonly alarms: readonly Alarm[]
  readonly onChange: (alarms: readonly Alarm[]) => void
}

/** The alarms of an event or a task; those that say more than the form knows stay as they are. */
export function AlarmsField({ related = 'start', alarms, onChange }: AlarmsFieldProps) {
  const { t } = useTranslation('calendar')
  const { time } = useDates()
  const side = related === 'due' ? 'end' : 'start'
  const isUsual = ({ at, offset, related: to }: Alarm): boolean =>
    at === null && to === side && offset !== null && usual.includes(-offset)
  const set = (index: number, seconds: number): void =>
    onChange(alarms.map((alarm, at) => (at === index ? { ...alarm, key: '', offset: -seconds } : alarm)))
  return (
    <Stack gap={6} role="group" aria-label={t('alarm.label')}>
      {alarms.map((alarm, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: new ones have no key of their own, and keep their places
        <Group key={index} gap="xs" wrap="nowrap">
          {isUsual(alarm) ? (
            <Select
              flex={1}
              aria-label={t('alarm.one')}
              value={String(-(alarm.offset ?? 0))}
              allowDeselect={false}
              onChange={(next) => next !== null && set(index, Number(next))}
              data={usual.map((seconds) => ({
                value: String(seconds),
                label: alarmText(t, { ...alarm, related, offset: -seconds }, time),
              }))}
            />
          ) : (
            <Text flex={1} size="sm">
              {alarmText(t, alarm.related === side ? { ...alarm, related } : alarm, time)}
            </Text>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('alarm.remove')}
            onClick={() => onChange(alarms.filter((_, at) => at !== index))}
          >
            <IconX size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconPlus size={14} />}
        onClick={() =>
          onChange([...alarms, { key: '', action: 'DISPLAY', offset: -900, related: side, at: null }])
        }
      >
        {t('alarm.add')}
      </Button>
    </Stack>
  )
}
