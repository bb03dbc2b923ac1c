import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import type { Work } from './bulk.ts'

const toast = 'bulk-progress'

/** Takes down how far it was, however it ended. */
export async function workOn<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    notifications.hide(toast)
  }
}

/** Shows how far it is, with a way to stop it. */
export function showProgress(work: Work, stop: () => void): void {
  const message = <Doing work={work} onStop={stop} />
  const shown = { id: toast, message, autoClose: false, withCloseButton: false } as const
  if (notifications.show(shown)) notifications.update(shown)
}

interface DoingProps {
  readonly work: Work
  readonly onStop: () => void
}

function Doing({ work: { done, total }, onStop }: DoingProps) {
  const { t } = useTranslation('contacts')
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{t('bulk.progress', { done, total })}</Text>
        <Button size="compact-sm" variant="light" onClick={onStop}>
          {t('bulk.stop')}
        </Button>
      </Group>
      <Progress value={(done / Math.max(1, total)) * 100} aria-label={t('bulk.doing')} />
    </Stack>
  )
}
