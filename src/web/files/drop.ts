import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tellDone } from '../ui/toast.tsx'

/** What takes the files that are dropped on it, and whether one is held over it. */
export function useDrop(take: (files: readonly File[]) => void) {
  const { t } = useTranslation()
  const [isOver, setIsOver] = useState(false)
  const on = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault()
      setIsOver(true)
    },
    onDragLeave: () => setIsOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setIsOver(false)
      const { files, hasFolders } = filesIn(event.dataTransfer)
      if (hasFolders) tellDone(t('app.noFolders'))
      if (files.length > 0) take(files)
    },
  }
  return { isOver, on }
}

/** A folder is among what is dropped as a file that nobody can read. */
function filesIn({ items, files }: DataTransfer): { readonly files: readonly File[]; hasFolders: boolean } {
  const entries = [...items].filter(({ kind }) => kind === 'file').map((item) => item.webkitGetAsEntry())
  const isFolder = (at: number): boolean => entries[at]?.isDirectory ?? false
  const whole = [...files].filter((_, at) => !isFolder(at))
  return { files: whole, hasFolders: whole.length < files.length }
}
