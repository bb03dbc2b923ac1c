import { useState } from 'react'

interface Opened<E> {
  /** What is being written; undefined while nothing is. */
  readonly editing: E | undefined
  /** Key of its editor: another one each time something is opened, so that nothing stands in it of what was written before. */
  readonly editor: string
  readonly setEditing: (next: E | undefined) => void
}

/** What is being written of several things, each where it stands: one at a time. */
export function useOpened<E>(): Opened<E> {
  const [{ editing, turn }, set] = useState<{ readonly editing: E | undefined; readonly turn: number }>({
    editing: undefined,
    turn: 0,
  })
  return {
    editing,
    editor: `editor ${turn}`,
    setEditing: (next) => set((before) => ({ editing: next, turn: before.turn + 1 })),
  }
}
