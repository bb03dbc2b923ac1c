import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsNarrow } from '../ui/navigation.tsx'

interface DialogFrameProps {
  readonly title: string
  readonly size?: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A dialog of this page: on a phone it fills the screen. */
export function DialogFrame({ title, size = 'md', onClose, children }: DialogFrameProps) {
  const { t } = useTranslation('person')
  const isNarrow = useIsNarrow()
  return (
    <Modal
      opened
      {...{ onClose, title, size }}
      fullScreen={isNarrow}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      {children}
    </Modal>
  )
}
