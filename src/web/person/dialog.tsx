import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../ui/dialog/dialog.tsx'

interface DialogFrameProps {
  readonly title: string
  readonly size?: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A dialog of this page: on a phone it fills the screen. */
export function DialogFrame({ title, size = 'md', onClose, children }: DialogFrameProps) {
  return (
    <Dialog {...{ onClose, title, size }} fillsPhone>
      {children}
    </Dialog>
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
