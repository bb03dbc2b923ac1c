import { Alert, Button, Center, Group, Loader, Stack, Text } from '@mantine/core'
import { IconCloudOff, IconExclamationCircle } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { tryAgain, useIsOnline } from '../client/reach.ts'
import { Refused } from './toast.tsx'

/** While something is read for the first time. Without a line it says so, and goes on by itself when that is back. */
export function Loading() {
  const { t } = useTranslation()
  if (!useIsOnline())
    return (
      <Center p="xl" role="status">
        <Stack align="center" gap="md">
          <IconCloudOff size={40} stroke={1.4} aria-hidden />
          <Text c="dimmed" ta="center" maw={420}>
            {t('states.unseen')}
          </Text>
          <Button size="xs" variant="default" onClick={() => void tryAgain()}>
            {t('states.again')}
          </Button>
        </Stack>
      </Center>
    )
  return (
    <Center p="xl" role="status" aria-label={t('states.loading')}>
      <Loader />
    </Center>
  )
}

/** Where nothing is there yet, and what can be done about it. */
export function Empty({ text, children }: { readonly text: string; readonly children?: ReactNode }) {
  return (
    <Center p="xl">
      <Stack align="center" gap="md">
        <Text c="dimmed" ta="center" maw={560}>
          {text}
        </Text>
        {children}
      </Stack>
    </Center>
  )
}

/** What went wrong, and a way to try again. */
export function Failed({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  const { t } = useTranslation()
  return (
    <Alert m="md" color="red" icon={<IconExclamationCircle />} title={t('states.failed')} role="alert">
      <Group justify="space-between">
        <Text>
          <Refused error={error} />
        </Text>
        {again && (
          <Button size="xs" variant="default" onClick={again}>
            {t('states.again')}
          </Button>
        )}
      </Group>
    </Alert>
  )
}

/**
 * A page that cannot be drawn, or is no longer there since the server was updated. What was not loaded for want of a line is
 * loaded when that is back.
 */
export function Broken() {
  const { t } = useTranslation()
  const isOnline = useIsOnline()
  const wasOnline = useRef(isOnline)
  useEffect(() => {
    if (isOnline && !wasOnline.current) location.reload()
  }, [isOnline])
  if (!isOnline) return <Loading />
  return (
    <Alert m="md" color="red" icon={<IconExclamationCircle />} title={t('states.broken')} role="alert">
      <Group justify="space-between">
        <Text>{t('states.brokenWhy')}</Text>
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          {t('states.reload')}
        </Button>
      </Group>
    </Alert>
  )
}

/** Shown above everything while there is no connection. */
export function Offline() {
  const { t } = useTranslation()
  if (useIsOnline()) return null
  return (
    <Alert color="yellow" icon={<IconCloudOff />} radius={0} role="status">
      {t('states.offline')}
    </Alert>
  )
}
