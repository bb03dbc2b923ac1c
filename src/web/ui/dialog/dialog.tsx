import { Modal, type ModalProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useIsNarrow } from '../navigation.tsx'
import { useFormPlace } from './form-place.ts'
import { useOpenDialog } from './open-dialogs.ts'

type Left = 'opened' | 'fullScreen' | 'closeButtonProps' | 'closeOnEscape' | 'returnFocus' | 'trapFocus'

interface DialogProps extends Omit<ModalProps, Left> {
  /** Whether a phone gives it the whole screen: what is written in, and what is long. */
  readonly fillsPhone?: boolean
}

/** Above other dialogs, and below the choices of a field. */
const raised = { zIndex: 250 }

/** What is closed is gone at once: a button that still fades is pressed again. */
const fading = { duration: 200, exitDuration: 0, transition: 'fade-down' } as const

/**
 * What is done before the page goes on; open while it is there. It holds the keyboard, Escape closes it, and whoever opened
 * it has the focus afterwards. In a form it is out of sight when that is: see `openForm`.
 * @see WAI-ARIA Authoring Practices 1.2, dialog (modal)
 */
export function Dialog({ fillsPhone = false, ...rest }: DialogProps) {
  const { t } = useTranslation()
  const isNarrow = useIsNarrow()
  const { isSeen, isRaised } = useFormPlace() ?? { isSeen: true, isRaised: false }
  useOpenDialog(rest.onClose, isSeen)
  return (
    <Modal
      {...(isRaised && raised)}
      transitionProps={fading}
      {...rest}
      opened={isSeen}
      keepMounted
      keepMountedMode="display-none"
      fullScreen={fillsPhone && isNarrow}
      closeOnEscape={false}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    />
  )
}
