import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useChange } from '../../client/change.ts'
import { useTold } from '../../refusals/said.ts'
import { useDates } from '../../ui/dates.ts'
import { FailedPart, LoadingPart } from '../../ui/states.tsx'
import type { Calendar } from '../calendar.ts'
import { moveSubscription, refresh, type Subscription, useSubscriptions } from './settings.ts'

/** Where a followed calendar comes from, and how it stands with it. */
export function SubscriptionState({ calendar: { id } }: { readonly calendar: Calendar }) {
  const { t } = useTranslation('calendar')
  const { relative } = useDates()
  const told = useTold()
  const asked = useSubscriptions()
  const fetch = useFetching(id)
  if (!asked.data) return asked.error ? <FailedPart of={[asked]} /> : <LoadingPart of={asked} />
  const one = asked.data.find((other) => other.id === id)
  if (!one) return null
  return (
    <Stack gap="xs">
      <Address id={id} url={one.url} />
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

/** Where it comes from: a publisher may move. */
function Address({ id, url }: { readonly id: number; readonly url: string }) {
  const { t } = useTranslation('calendar')
  // What is shown instead of a password is none.
  const [typed, type] = useState<string>()
  const isWhole = !url.includes(':***@')
  const move = useChange<string>({
    send: (next) => moveSubscription(id, next),
    keys: [['subscriptions'], ['calendars'], ['events']],
    written: 'staying',
    back: () => (isWhole ? () => moveSubscription(id, url) : undefined),
    said: () => t('subscription.moved'),
    onDone: () => type(undefined),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const next = typed?.trim() ?? url
        if (next !== url) move.make(next)
      }}
    >
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          name="url"
          label={t('subscription.url')}
          value={typed ?? url}
          onChange={({ currentTarget }) => type(currentTarget.value)}
          required
          withAsterisk={false}
          maxLength={2_000}
          autoComplete="off"
          flex={1}
        />
        <Button type="submit" variant="default" loading={move.isBusy}>
          {t('subscription.move')}
        </Button>
      </Group>
    </form>
  )
}

interface NotFetchedProps {
  readonly calendar: Calendar
  readonly followed: readonly Subscription[] | undefined
}

/** Why a followed calendar could not be fetched, and once more; nothing for any other. */
export function NotFetched({ calendar: { id, title }, followed = [] }: NotFetchedProps) {
  const { t } = useTranslation('calendar')
  const told = useTold()
  const fetch = useFetching(id)
  const error = followed.find((one) => one.id === id)?.lastError ?? null
  if (error === null) return null
  return (
    <Alert color="yellow" p="xs" role="status">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {t('subscription.failed', { title, why: told(error) })}
      </Text>
      <Button
        mt={4}
        size="compact-sm"
        variant="default"
        loading={fetch.isBusy}
        onClick={() => fetch.make(undefined)}
      >
        {t('states.again')}
      </Button>
    </Alert>
  )
}

function useFetching(id: number) {
  return useChange({ send: () => refresh(id), keys: [['subscriptions'], ['events']] })
}
