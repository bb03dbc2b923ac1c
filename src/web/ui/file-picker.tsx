import { FileButton } from '@mantine/core'
import { type ReactElement, useRef } from 'react'

interface FilePickerProps {
  readonly multiple?: boolean
  /** Kinds of files, as `accept` of an input names them. */
  readonly accept?: string
  readonly onPick: (files: readonly File[]) => void
  readonly children: (props: { readonly onClick: () => void }) => ReactElement
}

/** Lets somebody choose files. The same ones can be chosen again: a browser tells only of a choice that is another. */
export function FilePicker({ multiple = false, onPick, children, ...rest }: FilePickerProps) {
  const reset = useRef<() => void>(null)
  const take = (files: File | readonly File[] | null): void => {
    const picked = files === null ? [] : files instanceof File ? [files] : files
    reset.current?.()
    if (picked.length > 0) onPick(picked)
  }
  return (
    <FileButton multiple={multiple} resetRef={reset} onChange={take} {...rest}>
      {children}
    </FileButton>
  )
}
