import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { confirmed } from '../../ui/confirm.tsx'
import { type Kind, pathOf } from './people.ts'

interface RemoveNamedProps {
  readonly kind: Exclude<Kind, 'user'>
  readonly name: string
  readonly displayName: string
  readonly onRemoved: () => void
}

/** Removes a group, a room or a resource, after it was asked: nothing brings it back. What holds anything stays. */
export function RemoveNamed({ kind, name, displayName, onRemoved }: RemoveNamedProps) {
  const { t } = useTranslation('admin')
  const remove = useChange<undefined>({
    send: () => send('DELETE', pathOf(kind, name)),
    keys: [['admin']],
    isUndoable: false,
    said: () => t('remove.done', { name: displayName }),
    onDone: onRemoved,
  })
  const ask = async (): Promise<void> => {
    const isMeant = await confirmed({
      title: t('remove.title', { name: displayName }),
      text: t(kind === 'group' ? 'people.removeGroup' : 'people.removeRoom'),
      act: t('people.remove'),
      isDangerous: true,
    })
    if (isMeant) remove.make(undefined)
  }
  return (
    <Button color="red.9" w="fit-content" onClick={() => void ask()} loading={remove.isBusy}>
      {t('remove.ask')}
    </Button>
  )
}
