import i18next from 'i18next'
import { type DragEvent, useState } from 'react'
import { tellDone } from '../ui/toast.tsx'

/** What takes the files that are dropped on it, and folders where it says so, and whether one is held over it. */
export function useDrop(
  take: (files: readonly File[]) => void,
  takeFolders: (folders: readonly FileSystemDirectoryEntry[]) => void = () =>
    tellDone(i18next.t('app.noFolders')),
) {
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
      const { files, folders } = filesIn(event.dataTransfer)
      if (folders.length > 0) takeFolders(folders)
      if (files.length > 0) take(files)
    },
  }
  return { isOver, on }
}

interface Dropped {
  readonly files: readonly File[]
  readonly folders: readonly FileSystemDirectoryEntry[]
}

/** A folder is among the files as one that nobody can read. */
function filesIn({ items, files }: DataTransfer): Dropped {
  const entries = [...items].filter(({ kind }) => kind === 'file').map((item) => item.webkitGetAsEntry())
  return {
    files: [...files].filter((_, at) => entries[at]?.isDirectory !== true),
    folders: entries.filter((entry): entry is FileSystemDirectoryEntry => entry?.isDirectory === true),
  }
}
