import type { Virtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'

interface Moved {
  readonly virtual: Virtualizer<HTMLDivElement, Element>
  readonly frame: { readonly current: HTMLDivElement | null }
  readonly count: number
  /** What has the focus of a row, below what carries its `data-position`; without it that itself. */
  readonly within?: string
}

/** The row of a long list that the keys have reached: arrows, Page Up and Down, Home and End move it. */
export function useCursor({ virtual, frame, count, within = '' }: Moved) {
  const [position, set] = useState(0)
  const wanted = useRef<number>(undefined)
  useEffect(() => {
    if (wanted.current === undefined) return
    const row = frame.current?.querySelector<HTMLElement>(`[data-position="${wanted.current}"]${within}`)
    if (!row) return
    wanted.current = undefined
    row.focus({ preventScroll: true })
  })
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(count - 1, to))
    wanted.current = next
    set(next)
    virtual.scrollToIndex(next)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const { target } = event
    // These keys choose in it.
    if (target instanceof HTMLSelectElement) return
    const row = target instanceof Element ? target.closest('[data-position]') : null
    const at = Number(row?.getAttribute('data-position') ?? 0)
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10 },
      ...{ Home: 0, End: count - 1 },
    }
    const to = steps[event.key]
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    move(to)
  }
  return { position, set, move, onKeyDown }
}
