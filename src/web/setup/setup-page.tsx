import { Alert, Anchor, Button, Code, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { setup } from '../../features/devices/schema.ts'
import { send } from '../client/api.ts'
import { Door } from '../session/door.tsx'
import { Refused } from '../ui/toast.tsx'

type Setup = z.infer<typeof setup>

/** Where the camera of a device leads: behind the `#` stand its kind and a secret, which is used once. */
export function SetupPage() {
  const { t } = useTranslation('setup')
  const [kind = '', secret = ''] = window.location.hash.slice(1).split('.')
  return (
    <Door title={t('title')}>
      {secret === '' ? (
        <Alert color="red" role="alert">
          {t('noLink')}
        </Alert>
      ) : kind === 'apple' ? (
        <Apple secret={secret} />
      ) : (
        <Others secret={secret} />
      )}
    </Door>
  )
}

function Apple({ secret }: { readonly secret: string }) {
  const { t } = useTranslation('setup')
  return (
    <Stack>
      <Text>{t('apple.what')}</Text>
      <Button component="a" href={`/setup/${secret}/farley.mobileconfig`}>
        {t('apple.load')}
      </Button>
      <Text size="sm">{t('apple.then')}</Text>
      <Text size="sm" c="dimmed">
        {t('apple.unsigned')}
      </Text>
    </Stack>
  )
}

function Others({ secret }: { readonly secret: string }) {
  const { t } = useTranslation('setup')
  const fetching = useMutation({ mutationFn: () => send<Setup>('POST', '/setup', { body: { secret } }) })
  if (fetching.data) return <Told setup={fetching.data.data} />
  return (
    <Stack>
      <Text>{t('others.what')}</Text>
      {fetching.error && (
        <Alert color="red" role="alert">
          <Refused error={fetching.error} />
        </Alert>
      )}
      <Button onClick={() => fetching.mutate()} loading={fetching.isPending}>
        {t('others.fetch')}
      </Button>
    </Stack>
  )
}

function Told({ setup: { name, password, address, davx5 } }: { readonly setup: Setup }) {
  const { t } = useTranslation('setup')
  const values = [
    [t('others.server'), address],
    [t('others.user'), name],
    [t('others.password'), password],
  ] as const
  return (
    <Stack>
      {davx5 !== null && (
        <Button component="a" href={davx5}>
          {t('others.open')}
        </Button>
      )}
      <Text size="sm">{davx5 === null ? t('others.only') : t('others.byHand')}</Text>
      {values.map(([label, value]) => (
        <div key={label}>
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          <Code fz="sm" style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Code>
        </div>
      ))}
      <Anchor href="https://www.davx5.com" size="sm" rel="noreferrer">
        {t('others.get')}
      </Anchor>
    </Stack>
  )
}
