import { Button, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog/dialog.tsx'
import { type FileEntry, type Place, useFileActions } from './files.ts'

interface NewFolderProps {
  readonly place: Place
  readonly onClose: () => void
}

/** Makes a folder. */
export function NewFolder({ place, onClose }: NewFolderProps) {
  const { t } = useTranslation('files')
  const { makeFolder } = useFileActions(onClose)
  return (
    <NameDialog
      title={t('newFolder')}
      act={t('make')}
      onClose={onClose}
      onName={(name) => makeFolder.make({ place, name })}
    />
  )
}

interface RenameProps {
  readonly file: FileEntry
  readonly onClose: () => void
}

/** Calls a folder or a file otherwise. */
export function Rename({ file, onClose }: RenameProps) {
  const { t } = useTranslation('files')
  const { relocate } = useFileActions(onClose)
  return (
    <NameDialog
      title={t('rename')}
      act={t('rename')}
      name={file.name}
      onClose={onClose}
      onName={(name) => relocate.make({ file, name })}
    />
  )
}

interface NameDialogProps {
  readonly title: string
  /** What the button does. */
  readonly act: string
  readonly name?: string
  readonly onName: (name: string) => void
  readonly onClose: () => void
}

/** Asks for the name of a folder or a file. */
function NameDialog({ title, act, name = '', onName, onClose }: NameDialogProps) {
  const { t } = useTranslation('files')
  const [text, setText] = useState(name)
  const wanted = text.trim()
  const isWrong = /[/\\]/.test(wanted) || wanted === '.' || wanted === '..'
  return (
    <Dialog onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (wanted === '' || isWrong) return
          if (wanted === name) onClose()
          else onName(wanted)
        }}
      >
        <TextInput
          label={t('name')}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          error={isWrong ? t('noSlashes') : undefined}
          maxLength={200}
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" disabled={wanted === '' || isWrong}>
            {act}
          </Button>
        </Group>
      </form>
    </Dialog>
  )
}
