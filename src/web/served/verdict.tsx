import { Group, List, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCheck, IconClock, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useDates } from '../ui/dates.ts'
import { sentencesOf } from './sentences.ts'
import type { Served, ServedObject } from './served.ts'

const marks = {
  current: { color: 'green.9', icon: IconCheck },
  older: { color: 'orange.9', icon: IconClock },
  'not-yet': { color: 'orange.9', icon: IconClock },
  outside: { color: 'red.9', icon: IconX },
  'never-asked': { color: 'red.9', icon: IconX },
} as const

interface VerdictProps {
  /** What the device is called. */
  readonly name: ReactNode
  readonly usedAt: string | null
  readonly served: Served
  readonly object: ServedObject
}

/** What one device has of something, why, and what can be done. */
export function Verdict({ name, usedAt, served, object }: VerdictProps) {
  const { t } = useTranslation('served')
  const dates = useDates()
  const { color, icon: Icon } = marks[served.state]
  const { said, advice } = sentencesOf(t, dates, { served, object, usedAt })
  return (
    <Paper withBorder p="md" component="section">
      <Group wrap="nowrap" align="flex-start">
        <ThemeIcon color={color} radius="xl" size={28} aria-hidden>
          <Icon size={18} />
        </ThemeIcon>
        <Stack gap="xs" miw={0} flex={1}>
          <div>
            <Title order={3} size="h5">
              {name}
            </Title>
            <Text size="sm" fw={600}>
              {t(`states.${served.state}`)}
            </Text>
          </div>
          {said.map((sentence) => (
            <Text key={sentence} size="sm">
              {sentence}
            </Text>
          ))}
          <Text size="sm" fw={600}>
            {t('what')}
          </Text>
          <List size="sm" spacing={4}>
            {advice.map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        </Stack>
      </Group>
    </Paper>
  )
}
