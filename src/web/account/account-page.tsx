import {
  Badge,
  Button,
  Card,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Title,
  useMantineColorScheme,
} from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { account } from '../../features/accounts/schema.ts'
import type { webSessionList } from '../../features/sessions/schema.ts'
import { get, send } from '../client/api.ts'
import { queryClient } from '../client/query.ts'
import { type Language, languages, speak } from '../i18n/i18n.ts'
import { signOut } from '../session/session.ts'
import { Failed, Loading } from '../ui/states.tsx'

/** One's own account: how the app looks and speaks, and which browsers are signed in. */
export function AccountPage() {
  const { t } = useTranslation('account')
  return (
    <Stack p="lg" maw={720} gap="xl">
      <Group justify="space-between">
        <Title order={2}>{t('title')}</Title>
        <Button variant="default" onClick={() => void signOut()}>
          {t('signOut')}
        </Button>
      </Group>
      <Looks />
      <Browsers />
    </Stack>
  )
}

const schemes = ['auto', 'light', 'dark'] as const

function Looks() {
  const { t, i18n } = useTranslation('account')
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const keep = useMutation({
    mutationFn: (language: Language) =>
      send<z.infer<typeof account>>('PATCH', '/account', { body: { language } }),
  })
  return (
    <Stack>
      <Select
        label={t('language')}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        value={i18n.language}
        allowDeselect={false}
        maw={320}
        onChange={(value) => {
          void speak(value as Language)
          keep.mutate(value as Language)
        }}
      />
      <div>
        <Text size="sm" fw={500} id="appearance">
          {t('appearance')}
        </Text>
        <SegmentedControl
          aria-labelledby="appearance"
          data={schemes.map((value) => ({ value, label: t(`schemes.${value}`) }))}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as (typeof schemes)[number])}
        />
      </div>
    </Stack>
  )
}

const sessionsKey = ['sessions']

function Browsers() {
  const { t, i18n } = useTranslation('account')
  const { data, error, isPending, refetch } = useQuery({
    queryKey: sessionsKey,
    queryFn: ({ signal }) => get<z.infer<typeof webSessionList>>('/sessions', signal),
  })
  const end = useMutation({
    mutationFn: (path: string) => send('DELETE', path),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionsKey }),
  })
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={3} size="h4">
          {t('browsers')}
        </Title>
        <Button variant="default" onClick={() => end.mutate('/sessions')} loading={end.isPending}>
          {t('signOutOthers')}
        </Button>
      </Group>
      {data.sessions.map(({ id, agent, address, lastUsedAt, isThis }) => (
        <Card key={id} withBorder>
          <Group justify="space-between" wrap="nowrap">
            <div>
              <Text size="sm">{agent}</Text>
              <Text size="sm" c="dimmed">
                {address}
                <br />
                {t('lastUsed', { when: time.format(new Date(lastUsedAt)) })}
              </Text>
            </div>
            {isThis ? (
              <Badge variant="default">{t('thisBrowser')}</Badge>
            ) : (
              <Button variant="default" onClick={() => end.mutate(`/sessions/${id}`)}>
                {t('signOut')}
              </Button>
            )}
          </Group>
        </Card>
      ))}
    </Stack>
  )
}
