import { Alert, Button, Center, Group, Loader, Stack, Text } from '@mantine/core'
import { IconCloudOff, IconExclamationCircle } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { tryAgain, useIsOnline } from '../client/reach.ts'
import { readStaleAgain, useStale } from '../client/stale.ts'
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

/** Something that was asked for. */
interface Asked {
  readonly error: unknown
  readonly refetch: () => unknown
}

/** What is known of it while it is not there. */
type Waiting = Pick<UseQueryResult<unknown>, 'error' | 'isLoading' | 'isPaused'>

interface PartProps<T> {
  readonly of: Asked & Waiting & { readonly data: T | undefined }
  /** Where there is mostly nothing: nothing is shown that would go again. */
  readonly isQuiet?: boolean
  readonly children: (data: T) => ReactNode
}

/** A part of a page that is read by itself: it says that it is read and what went wrong, in its place. */
export function Part<T>({ of, isQuiet = false, children }: PartProps<T>) {
  return (
    <>
      <FailedPart of={[of]} />
      {of.data === undefined ? !isQuiet && <LoadingPart of={of} /> : children(of.data)}
    </>
  )
}

/** While a part of a page is read for the first time. Without a line it says so. */
export function LoadingPart({ of }: { readonly of: Waiting }) {
  const { t } = useTranslation()
  if (of.error || !(of.isLoading || of.isPaused)) return null
  if (of.isPaused)
    return (
      <Text size="sm" c="dimmed" role="status">
        {t('states.unseen')}
      </Text>
    )
  return <Loader size="sm" role="status" aria-label={t('states.loading')} />
}

/** What went wrong in a part of a page, where it would stand; with several questions, each thing once. */
export function FailedPart({ of }: { readonly of: readonly Asked[] }) {
  const { t } = useTranslation()
  const failed = of.filter(({ error }) => error)
  if (failed.length === 0) return null
  const different = failed.filter(
    ({ error }, at) => failed.findIndex((one) => String(one.error) === String(error)) === at,
  )
  return (
    <NotLoaded
      again={() => {
        for (const { refetch } of failed) void refetch()
      }}
    >
      {different.map(({ error }) => (
        <Text key={String(error)} size="sm">
          {t('states.failed')} <Refused error={error} />
        </Text>
      ))}
    </NotLoaded>
  )
}

/** Where something that is shown could not be read again: it may be old. */
export function Stale() {
  const { t } = useTranslation()
  const reasons = useStale()
  if (reasons.length === 0) return null
  return (
    <NotLoaded again={readStaleAgain}>
      <Text size="sm">{t('states.stale')}</Text>
      {reasons.map((error) => (
        <Text key={String(error)} size="sm">
          <Refused error={error} />
        </Text>
      ))}
    </NotLoaded>
  )
}

interface NotLoadedProps {
  readonly again: () => void
  /** What is said of it; else that it could not be loaded. */
  readonly children?: ReactNode
}

/** In place of a part of a page, or of a picture, that could not be loaded. */
export function NotLoaded({ again, children }: NotLoadedProps) {
  const { t } = useTranslation()
  return (
    <Alert color="red" p="xs" role="alert" className="not-printed">
      {children ?? <Text size="sm">{t('states.failed')}</Text>}
      <Button mt={4} size="compact-sm" variant="default" onClick={again}>
        {t('states.again')}
      </Button>
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
