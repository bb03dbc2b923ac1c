import { Button, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { Dialog } from './dialog.tsx'
import { DialogEnd } from './dialog-end.tsx'

interface FormDialogProps {
  readonly title: string
  readonly size?: string
  /** What is long: a phone fills its screen with it. */
  readonly isLarge?: boolean
  /** What the button does. */
  readonly act: string
  readonly isReady: boolean
  readonly isBusy?: boolean
  readonly onSave: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Something that is written in a dialog, kept or let go. */
export function FormDialog({
  act,
  isLarge = false,
  isReady,
  isBusy = false,
  onSave,
  children,
  ...dialog
}: FormDialogProps) {
  return (
    <Dialog {...(isLarge && { size: 'lg', fillsPhone: true })} {...dialog}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) onSave()
        }}
      >
        <Stack>
          {children}
          <DialogEnd onClose={dialog.onClose}>
            <Button type="submit" loading={isBusy} disabled={!isReady}>
              {act}
            </Button>
          </DialogEnd>
        </Stack>
      </form>
    </Dialog>
  )
}
