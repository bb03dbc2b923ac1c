import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PeopleAction } from '../../../features/bulk-people/schema.ts'
import { queryClient } from '../../client/query.ts'
import { undoRequest } from '../../client/undo.ts'
import { confirmed } from '../../ui/confirm.tsx'
import { tellDone, tellFailed } from '../../ui/toast.tsx'
import { doToPeople, type Work } from './bulk.ts'
import type { Selection } from './selection.ts'

/** What can be done to those who are chosen. */
export interface Bulk {
  readonly act: (action: PeopleAction) => void
  readonly isBusy: boolean
}

/** Does something to those who are chosen, shows how far it is, and says how to take it back. */
export function useBulk({ chosen, count, isAll, clear }: Selection): Bulk {
  const { t } = useTranslation('contacts')
  const { mutate, isPending } = useMutation({
    mutationFn: (action: PeopleAction) =>
      workOn(() => doToPeople(chosen, action, { onProgress: showProgress })),
    onSuccess: (work, action) => {
      tellDone(told(work, action), work.done === 0 ? undefined : () => undoRequest(work.request))
      clear()
    },
    onError: tellFailed,
    onSettled: () => queryClient.invalidateQueries(),
  })
  const told = ({ counts, state, total, done }: Work, { do: what }: PeopleAction): string =>
    [
      t(`bulk.done.${what === 'role' || what === 'owner' || what === 'label' ? 'change' : what}`, {
        count: counts.changed + counts.removed,
      }),
      ...(counts.skipped > 0 ? [t('bulk.refused', { count: counts.skipped })] : []),
      ...(state === 'finished' ? [] : [t('bulk.stopped', { count: total - done })]),
    ].join(' ')
  const act = async (action: PeopleAction): Promise<void> => {
    const { do: what } = action
    const question = { title: t('bulk.delete'), text: t('bulk.deleteAll', { count }), act: t('bulk.delete') }
    // One key less away than a few, and many to bring back.
    if (what === 'delete' && isAll && !(await confirmed({ ...question, isDangerous: true }))) return
    mutate(action)
  }
  return { act: (action) => void act(action), isBusy: isPending }
}

const toast = 'bulk-progress'

/** Takes down how far it was, however it ended. */
async function workOn<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    notifications.hide(toast)
  }
}

function showProgress(work: Work, stop: () => void): void {
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
