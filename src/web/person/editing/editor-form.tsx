import { Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { KeptNote } from './kept-note.tsx'

interface EditorFormProps {
  readonly label: string
  /** Whether what stands in it was left there before. */
  readonly isKept?: boolean
  readonly onSave: () => void
  readonly onEscape: () => void
  readonly children: ReactNode
}

/** A value where it stands, being written: Enter saves it. */
export function EditorForm({ label, isKept = false, onSave, onEscape, children }: EditorFormProps) {
  return (
    <li className="editor">
      <form
        aria-label={label}
        onSubmit={(event) => {
          event.preventDefault()
          onSave()
        }}
        onKeyDown={(event) => {
          // The first closes what is suggested.
          const isOpen = (event.target as Element).getAttribute('aria-expanded') === 'true'
          if (event.key === 'Escape' && !isOpen) onEscape()
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault()
            onSave()
          }
        }}
      >
        <Stack gap="xs">
          <KeptNote isKept={isKept} />
          {children}
        </Stack>
      </form>
    </li>
  )
}
