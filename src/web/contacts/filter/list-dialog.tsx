import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ColorChoice } from '../../ui/colors/color-choice.tsx'
import { FormDialog } from '../../ui/dialog/form-dialog.tsx'
import type { SmartList } from '../list/sides.ts'
import { useListChange } from './list-changes.ts'
import { ListConflict } from './list-conflict.tsx'

interface ListDialogProps {
  readonly list: SmartList
  readonly onClose: () => void
}

/** The name of a list and its colour. */
export function ListDialog({ list, onClose }: ListDialogProps) {
  const { t } = useTranslation('contacts')
  const [before] = useState(list)
  const [text, setText] = useState(before.name)
  const [color, setColor] = useState(before.color ?? '')
  const { make, conflict } = useListChange(list, onClose, 'leaving')
  const name = text.trim()
  const save = (): void => {
    const wish = color === '' ? null : color
    const change = { ...(name !== before.name && { name }), ...(wish !== before.color && { color: wish }) }
    if (Object.keys(change).length === 0) onClose()
    else make(change)
  }
  return (
    <>
      {conflict === undefined && (
        <FormDialog
          title={t('lists.edit')}
          act={t('lists.keep')}
          isReady={name !== ''}
          onSave={save}
          onClose={onClose}
        >
          <TextInput
            label={t('lists.name')}
            value={text}
            maxLength={200}
            required
            data-autofocus
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <ColorChoice label={t('lists.parts.color')} color={color} onChange={setColor} />
        </FormDialog>
      )}
      <ListConflict conflict={conflict} onLetGo={onClose} />
    </>
  )
}
