import { Button, Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog/dialog.tsx'

interface NameDialogProps {
  readonly title: string
  /** What the button does. */
  readonly act: string
  readonly name?: string
  readonly onName: (name: string) => void
  readonly onClose: () => void
}

/** Asks for the name of a folder or a file. */
export function NameDialog({ title, act, name = '', onName, onClose }: NameDialogProps) {
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
          if (wanted !== name) onName(wanted)
          onClose()
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
