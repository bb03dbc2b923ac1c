import { Modal, type ModalProps } from '@mantine/core'
import { createContext, useContext, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsNarrow } from '../navigation.tsx'
import { useOpenDialog } from './open-dialogs.ts'

type Left = 'opened' | 'fullScreen' | 'closeButtonProps' | 'closeOnEscape' | 'returnFocus' | 'trapFocus'

interface DialogProps extends Omit<ModalProps, Left> {
  /** Whether a phone gives it the whole screen: what is written in, and what is long. */
  readonly fillsPhone?: boolean
}

/**
 * What is done before the page goes on; open while it is there. It holds the keyboard, Escape closes it, and whoever opened
 * it has the focus afterwards.
 * @see WAI-ARIA Authoring Practices 1.2, dialog (modal)
 */
export function Dialog({ fillsPhone = false, children, ...rest }: DialogProps) {
  const { t } = useTranslation()
  const isNarrow = useIsNarrow()
  const [isHidden, hide] = useState(false)
  useOpenDialog(rest.onClose, !isHidden)
  return (
    <Modal
      {...rest}
      opened={!isHidden}
      keepMounted
      keepMountedMode="display-none"
      fullScreen={fillsPhone && isNarrow}
      closeOnEscape={false}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Hiding.Provider value={hide}>{children}</Hiding.Provider>
    </Modal>
  )
}

const Hiding = createContext<(isHidden: boolean) => void>(() => {})

/**
 * Takes the dialog that it is in out of sight while what was said there is on its way: the page shows it already. Where it is
 * refused the dialog is there again, with all that was written.
 */
export function HiddenWhile({ isSent }: { readonly isSent: boolean }) {
  const hide = useContext(Hiding)
  useEffect(() => {
    hide(isSent)
    return () => hide(false)
  }, [hide, isSent])
  return null
}
