import {
  Button,
  Progress,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Title,
  useMantineColorScheme,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { z } from 'zod'
import type { account, accountStorage } from '../../features/accounts/schema.ts'
import { get, type SignedIn, send } from '../client/api.ts'
import { patch, useChange } from '../client/change.ts'
import { type Language, languages, speak } from '../i18n/i18n.ts'
import { useSession } from '../session/session.ts'
import { useSizes } from '../ui/sizes.ts'
import { Failed, Loading } from '../ui/states.tsx'

const schemes = ['auto', 'light', 'dark'] as const
const zones = Intl.supportedValuesOf('timeZone')

/** How the app looks and speaks, and the time zone of the account. */
export function Looks() {
  const { t, i18n } = useTranslation('account')
  const { data } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const keep = useChange<{ language?: Language; timeZone?: string }, unknown, z.infer<typeof account>>({
    send: (body) => send('PATCH', '/account', { body }),
    patches: (wish) => [
      patch<SignedIn>(['session'], (seen) => ({ ...seen, account: { ...seen.account, ...wish } })),
    ],
    keys: [['session']],
    isUndoable: false,
    said: () => t('saved'),
  })
  return (
    <Stack maw={480}>
      <Select
        label={t('language')}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        value={i18n.language}
        allowDeselect={false}
        onChange={(value) => {
          void speak(value as Language)
          keep.make({ language: value as Language })
        }}
      />
      <Select
        label={t('timeZone')}
        description={t('timeZoneWhy')}
        data={zones}
        value={data?.account.timeZone ?? null}
        placeholder={Intl.DateTimeFormat().resolvedOptions().timeZone}
        searchable
        limit={100}
        allowDeselect={false}
        nothingFoundMessage={t('noZone')}
        onChange={(value) => value !== null && keep.make({ timeZone: value })}
      />
      <div>
        <Text size="sm" fw={600} id="appearance">
          {t('appearance')}
        </Text>
        <SegmentedControl
          aria-labelledby="appearance"
          data={schemes.map((value) => ({ value, label: t(`schemes.${value}`) }))}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as (typeof schemes)[number])}
        />
      </div>
      <YourData />
    </Stack>
  )
}

/** All that one has can be taken away, whenever one likes. */
function YourData() {
  const { t } = useTranslation('account')
  return (
    <Stack gap="xs" mt="lg">
      <Title order={3} size="h4">
        {t('data.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('data.text')}
      </Text>
      <Space />
      <Button component={Link} href="/import/export" variant="default" w="fit-content">
        {t('data.export')}
      </Button>
    </Stack>
  )
}

/** How much of the room that one has is taken. */
function Space() {
  const { t } = useTranslation('account')
  const sizeOf = useSizes()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['account', 'storage'],
    staleTime: 0,
    queryFn: ({ signal }) => get<z.infer<typeof accountStorage>>('/account/storage', signal),
  })
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const { usedBytes, limitBytes } = data
  return (
    <div>
      <Progress
        value={Math.min((usedBytes / Math.max(limitBytes, 1)) * 100, 100)}
        aria-label={t('data.space')}
      />
      <Text size="sm">{t('data.used', { used: sizeOf(usedBytes), limit: sizeOf(limitBytes) })}</Text>
    </div>
  )
}
