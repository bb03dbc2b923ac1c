import { Button, Group, Modal, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsNarrow } from '../ui/navigation.tsx'

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
  const isNarrow = useIsNarrow()
  return (
    <Modal
      opened
      {...{ title, onClose }}
      size="lg"
      fullScreen={isNarrow}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
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
    </Modal>
  )
}
