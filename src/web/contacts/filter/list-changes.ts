import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { smartListChange } from '../../../features/smart-lists/schema.ts'
import { read, send } from '../../client/api.ts'
import { type ChangeHandle, useChange } from '../../client/change.ts'
import { dropItem, patchItem } from '../../client/items.ts'
import { queryClient } from '../../client/query.ts'
import { tellDone } from '../../ui/toast.tsx'
import type { SmartList } from '../list/sides.ts'

export type ListChange = z.input<typeof smartListChange>

const keys = [['lists'], ['letters'], ['parties']] as const

function etagOf({ version }: Pick<SmartList, 'version'>): string {
  return `"${version}"`
}

async function readAgain(): Promise<void> {
  await Promise.all(keys.map((queryKey) => queryClient.invalidateQueries({ queryKey })))
}

/**
 * Changes a list as it was when this began: what somebody else makes of it meanwhile is a conflict. The message takes it back.
 * @param onDone  told when it is changed
 */
export function useListChange(
  list: SmartList,
  onDone: () => void,
  written?: 'leaving',
): ChangeHandle<ListChange, SmartList, SmartList> {
  const { t } = useTranslation('contacts')
  const [seen] = useState(list)
  const path = `/lists/${seen.id}`
  return useChange<ListChange, SmartList, SmartList>({
    send: (body, etag) => send('PATCH', path, { body, etag }),
    etag: etagOf(seen),
    ...(written && { written }),
    theirs: () => read<SmartList>(path),
    patches: (wish) => [
      patchItem<SmartList>(['lists'], seen.id, (one) => ({ ...one, ...wish }) as SmartList),
    ],
    keys,
    isUndoable: false,
    onDone: ({ data, etag }, change) => {
      const before = Object.fromEntries(
        Object.keys(change).map((key) => [key, seen[key as keyof SmartList] ?? null]),
      )
      tellDone(t('lists.changed', { name: data.name }), async () => {
        await send('PATCH', path, { body: before, etag })
        await readAgain()
      })
      onDone()
    },
  })
}

/** Takes a list away. The message brings it back from the trash: with its address book, and for all it was shared with. */
export function useListDrop(list: SmartList, onGone: () => void, onBack: () => void) {
  const { t } = useTranslation('contacts')
  return useChange<void>({
    send: () => send('DELETE', `/lists/${list.id}`),
    patches: () => [dropItem(['lists'], list.id)],
    keys: [...keys, ['trash']],
    isUndoable: false,
    onDone: () => {
      onGone()
      tellDone(t('lists.dropped', { name: list.name }), async () => {
        await send('POST', `/trash/l${list.id}/restore`)
        await Promise.all([readAgain(), queryClient.invalidateQueries({ queryKey: ['books'] })])
        onBack()
      })
    },
  })
}
