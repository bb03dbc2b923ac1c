import { Alert, Autocomplete, Group } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../ui/dialog/form-dialog.tsx'
import { ColorField } from '../color-field.tsx'
import { type Label, useLabelChange, useNewLabel } from './labels.ts'

interface LabelDialogProps {
  /** Undefined for a new one. */
  readonly label: Label | undefined
  readonly all: readonly Label[]
  readonly onClose: () => void
}

/** A label is made, renamed, coloured, or made one with another; what that means is said before it is done. */
export function LabelDialog({ label, all, onClose }: LabelDialogProps) {
  const { t } = useTranslation('fields')
  const { make: create } = useNewLabel(onClose)
  const { make: change } = useLabelChange(onClose)
  const [name, setName] = useState(label?.name ?? '')
  const [color, setColor] = useState(label?.color ?? '')
  const trimmed = name.trim()
  const twin = all.find((one) => one.name === trimmed && one.name !== label?.name)
  const isMerge = label !== undefined && twin !== undefined
  const save = (): void => {
    const wish = { name: trimmed, color: color === '' ? null : color }
    if (label) change({ before: label, ...wish, isMerge })
    else create(wish)
  }
  return (
    <FormDialog
      isLarge
      title={label ? t('editOf', { name: label.name }) : t('newLabel')}
      act={t(isMerge ? 'merge' : label ? 'save' : 'make')}
      isReady={trimmed !== '' && (label !== undefined || twin === undefined)}
      onSave={save}
      onClose={onClose}
    >
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <ColorField color={color} name={trimmed || t('newLabel')} onChange={setColor} />
        <Autocomplete
          style={{ flex: 1 }}
          label={t('label')}
          data={
            label ? all.map((one) => one.name).filter((one) => one !== label.name && one !== trimmed) : []
          }
          value={name}
          maxLength={200}
          required
          data-autofocus
          comboboxProps={{ withinPortal: false }}
          onChange={setName}
          error={!label && twin ? t('labelTaken') : undefined}
        />
      </Group>
      {label && trimmed !== label.name && trimmed !== '' && (
        <Alert icon={<IconInfoCircle />} variant="default" role="status">
          {isMerge
            ? t('mergeMeans', { from: label.name, name: trimmed, count: label.count })
            : t('renameMeans', { count: label.count })}
        </Alert>
      )}
    </FormDialog>
  )
}
