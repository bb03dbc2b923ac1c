import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface DialogEndProps {
  readonly onClose: () => void
  /** The button that does what the dialog is for. */
  readonly children: ReactNode
}

/** How a dialog ends: not doing it, and doing it. */
export function DialogEnd({ onClose, children }: DialogEndProps) {
  const { t } = useTranslation()
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onClose}>
        {t('app.cancel')}
      </Button>
      {children}
    </Group>
  )
}
