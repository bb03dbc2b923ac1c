import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { Dialog } from '../../ui/dialog/dialog.tsx'
import type { Removed } from './removed-list.tsx'

interface ForGoodProps {
  readonly removed: Removed
  readonly onClose: () => void
}

/** Removes for good what was removed, once its name is typed: nothing brings it back then. */
export function ForGood({ removed: { id, name, displayName }, onClose }: ForGoodProps) {
  const { t } = useTranslation('admin')
  const [typed, setTyped] = useState('')
  const isIt = typed.trim().toLowerCase() === name
  const remove = useChange<undefined>({
    send: () => send('DELETE', `/removed/${id}?${new URLSearchParams({ name: typed.trim() })}`),
    written: 'staying',
    keys: [['admin']],
    isUndoable: false,
    said: () => t('removed.forGoodDone', { name: displayName }),
    onDone: onClose,
  })
  return (
    <Dialog onClose={onClose} title={t('removed.forGoodOf', { name: displayName })}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isIt) remove.make(undefined)
        }}
      >
        <Stack>
          <Text size="sm">{t('removed.forGoodText')}</Text>
          <TextInput
            label={t('removed.type', { name })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            data-autofocus
          />
          <Button type="submit" color="red.9" disabled={!isIt} loading={remove.isBusy}>
            {t('removed.forGoodDo')}
          </Button>
        </Stack>
      </form>
    </Dialog>
  )
}
