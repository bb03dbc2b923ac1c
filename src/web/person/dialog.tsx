import { Button, Group, Modal } from '@mantine/core'
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

/** Below a form in a dialog. */
export function DialogButtons({ onCancel }: { readonly onCancel: () => void }) {
  const { t } = useTranslation('person')
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel}>
        {t('app.cancel')}
      </Button>
      <Button type="submit">{t('save')}</Button>
    </Group>
  )
}
