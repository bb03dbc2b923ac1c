import { Button, ColorInput, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog, HiddenWhile } from '../../ui/dialog/dialog.tsx'
import type { SmartList } from '../list/sides.ts'
import { useListChange } from './list-changes.ts'
import { ListConflict } from './list-conflict.tsx'

/** Told apart by most people, also by those who see few colours. */
const swatches = ['#2f6f5e', '#3478f6', '#8e44ad', '#c0392b', '#d35400', '#b7950b', '#16a085', '#5d6d7e']

interface ListDialogProps {
  readonly list: SmartList
  readonly onClose: () => void
}

/** The name of a list and its colour. */
export function ListDialog({ list, onClose }: ListDialogProps) {
  const { t } = useTranslation('contacts')
  const [before] = useState(list)
  const { make, isBusy, conflict } = useListChange(list, onClose)
  const save = (name: string, color: string | null): void => {
    const change = { ...(name !== before.name && { name }), ...(color !== before.color && { color }) }
    if (Object.keys(change).length === 0) onClose()
    else make(change)
  }
  return (
    <>
      {conflict === undefined && (
        <Dialog onClose={onClose} title={t('lists.edit')}>
          <HiddenWhile isSent={isBusy} />
          <Naming {...{ before, onClose }} onSave={save} />
        </Dialog>
      )}
      <ListConflict conflict={conflict} onLetGo={onClose} />
    </>
  )
}

interface NamingProps {
  readonly before: SmartList
  readonly onSave: (name: string, color: string | null) => void
  readonly onClose: () => void
}

function Naming({ before, onSave, onClose }: NamingProps) {
  const { t } = useTranslation('contacts')
  const [name, setName] = useState(before.name)
  const [color, setColor] = useState(before.color ?? '')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') onSave(name.trim(), color === '' ? null : color)
      }}
    >
      <Stack>
        <TextInput
          label={t('lists.name')}
          value={name}
          maxLength={200}
          required
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ColorInput
          label={t('lists.parts.color')}
          value={color}
          format="hex"
          swatches={swatches}
          withPicker={false}
          withEyeDropper={false}
          onChange={setColor}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit">{t('lists.keep')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
