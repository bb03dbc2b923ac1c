import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from './dialog.tsx'

interface BrokenFormProps {
  readonly onClose: () => void
  readonly children: ReactNode
}

/** In place of a form that cannot be drawn: the page below, and other forms, stay within reach. */
export function BrokenForm({ onClose, children }: BrokenFormProps) {
  const { t } = useTranslation()
  return (
    <Dialog onClose={onClose} title={t('states.broken')}>
      {children}
    </Dialog>
  )
}
