import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import type { Removed } from './removed-list.tsx'

/** Brings somebody back, as he was, or under another name. @param onDone  what follows */
export function useBack({ id, displayName }: Removed, onDone?: () => void) {
  const { t } = useTranslation('admin')
  return useChange<{ readonly name?: string }>({
    send: (body) => send('POST', `/removed/${id}/restore`, { body }),
    keys: [['admin'], ['capabilities']],
    isUndoable: false,
    said: () => t('removed.done', { name: displayName }),
    ...(onDone && { onDone }),
  })
}

/** The way back of something that was just removed; undefined where nothing brings it back. */
export function wayBack({
  removed,
}: {
  readonly removed: number | null
}): (() => Promise<unknown>) | undefined {
  return removed === null ? undefined : () => send('POST', `/removed/${removed}/restore`, { body: {} })
}
