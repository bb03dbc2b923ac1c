import { Drawer, type DrawerProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useOpenDialog } from './open-dialogs.ts'

type Left = 'opened' | 'closeButtonProps' | 'closeOnEscape' | 'returnFocus' | 'trapFocus'

/** A dialog at the side of the window; otherwise as `Dialog`. */
export function SidePanel(props: Omit<DrawerProps, Left>) {
  const { t } = useTranslation()
  useOpenDialog(props.onClose)
  return (
    <Drawer
      {...props}
      opened
      closeOnEscape={false}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    />
  )
}
