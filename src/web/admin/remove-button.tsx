import { Button } from '@mantine/core'
import type { QueryKey } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { confirmed } from '../ui/confirm.tsx'
import { goneAt } from './admin.ts'

interface RemoveButtonProps<Gone> {
  /** Where it is in the API. */
  readonly path: string
  /** What people call it. */
  readonly name: string
  /** What goes with it, and what stays. */
  readonly text: string
  /** What shows it, beside administration. */
  readonly keys?: readonly QueryKey[]
  /** Makes it again, as it was, by what the server said of it; without it the history does. */
  readonly back?: (gone: Gone) => Promise<unknown>
  readonly onRemoved: () => void
}

/** Removes something after it was asked. */
export function RemoveButton<Gone>(props: RemoveButtonProps<Gone>) {
  const { path, name, text, keys = [], back, onRemoved } = props
  const { t } = useTranslation('admin')
  const remove = useChange<undefined, unknown, Gone>({
    send: () => send('DELETE', path),
    written: 'leaving',
    isRemoval: true,
    patches: () => goneAt(path),
    keys: [['admin'], ...keys],
    ...(back && {
      back:
        (_, { data }) =>
        () =>
          back(data),
    }),
    said: () => t('remove.done', { name }),
    onDone: onRemoved,
  })
  const ask = async (): Promise<void> => {
    const title = t('remove.title', { name })
    if (await confirmed({ title, text, act: t('people.remove'), isDangerous: true })) remove.make(undefined)
  }
  return (
    <Button variant="light" color="red" w="fit-content" onClick={() => void ask()}>
      {t('remove.ask')}
    </Button>
  )
}
