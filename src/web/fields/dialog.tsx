import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog/dialog.tsx'

interface FormDialogProps {
  readonly title: string
  /** What the button does. */
  readonly act: string
  readonly isReady: boolean
  readonly onSave: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Something that is defined, in a dialog; a phone fills its screen with it. */
export function FormDialog({ title, act, isReady, onSave, onClose, children }: FormDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog {...{ title, onClose }} size="lg" fillsPhone>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) onSave()
        }}
      >
        <Stack>
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('app.cancel')}
            </Button>
            <Button type="submit" disabled={!isReady}>
              {act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
