import type { Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { type Asked, type People, positionOf } from './people.ts'

interface Opened {
  readonly asked: Asked
  readonly people: People
  readonly chosen: number | undefined
  readonly virtual: Virtualizer<HTMLDivElement, Element>
  readonly onReach: (position: number) => void
}

/** Brings whoever is opened into sight, once: by an address, a relation or the command menu he may be anywhere in the list. */
export function useOpenedInSight({ asked, people, chosen, virtual, onReach }: Opened): void {
  const sought = useRef<number>(undefined)
  const rows = virtual.getVirtualItems().map(({ index }) => people.itemAt(index))
  const isReady = people.index !== undefined && rows.length > 0 && rows.every((row) => row !== undefined)
  const isHere = rows.some((row) => row?.id === chosen)
  useEffect(() => {
    if (chosen === undefined) sought.current = undefined
    if (chosen === undefined || !isReady || sought.current === chosen) return
    sought.current = chosen
    if (isHere) return
    // Where he stands is a help: without an answer the list stays as it is.
    positionOf(asked, chosen).then(
      (position) => {
        if (position === null || sought.current !== chosen) return
        onReach(position)
        virtual.scrollToIndex(position, { align: 'center' })
      },
      () => undefined,
    )
  })
}
