import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PeopleAction } from '../../../features/bulk-people/schema.ts'
import { queryClient } from '../../client/query.ts'
import { undoRequest } from '../../client/undo.ts'
import { confirmed } from '../../ui/confirm.tsx'
import { tellDone, tellFailed } from '../../ui/toast.tsx'
import { doToPeople, type Work } from './bulk.ts'
import { showProgress, workOn } from './progress.tsx'
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
