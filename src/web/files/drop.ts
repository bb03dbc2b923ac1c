import { type DragEvent, useState } from 'react'

/** What takes the files that are dropped on it, and whether one is held over it. */
export function useDrop(take: (files: readonly File[]) => void) {
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
      take([...event.dataTransfer.files])
    },
  }
  return { isOver, on }
}
