import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../client/change.ts'
import { useTold } from '../../refusals/said.ts'
import { useDates } from '../../ui/dates.ts'
import type { Calendar } from '../calendar.ts'
import { refresh, useSubscriptions } from './settings.ts'

/** Where a followed calendar comes from, and how it stands with it. */
export function SubscriptionState({ calendar: { id } }: { readonly calendar: Calendar }) {
  const { t } = useTranslation('calendar')
  const { relative } = useDates()
  const told = useTold()
  const { data = [] } = useSubscriptions()
  const fetch = useChange({ send: () => refresh(id), keys: [['subscriptions'], ['events']] })
  const one = data.find((other) => other.id === id)
  if (!one) return null
  return (
    <Stack gap="xs">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {one.url}
      </Text>
      {one.lastError !== null && <Alert color="yellow">{told(one.lastError)}</Alert>}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {one.fetchedAt === null
            ? t('subscription.never')
            : t('subscription.fetched', { when: relative(one.fetchedAt) })}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          loading={fetch.isBusy}
          onClick={() => fetch.make(undefined)}
        >
          {t('subscription.refresh')}
        </Button>
      </Group>
    </Stack>
  )
}
