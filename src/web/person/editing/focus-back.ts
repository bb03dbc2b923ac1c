import { type RefObject, useRef } from 'react'

/** So long the place of a value is watched after its editor has closed: what the server answers is drawn anew. */
const watchMs = 3_000

interface FocusBack<E extends HTMLElement> {
  /** What the values stand in; each button that opens an editor has `data-edits`, with a name where it is the same one afterwards. */
  readonly place: RefObject<E | null>
  /** Remembers which button opens an editor: called before it does. @param name  of the one that is to have the focus then */
  readonly leave: (name?: string) => void
  /** Gives that button the focus when the editor has closed. */
  readonly back: () => void
}

/**
 * Where an editor takes the place of a value, and gives it back, the focus comes back to the button of the value: the first of
 * the place where a menu opened it. @see WCAG 2.2, 2.4.3
 */
export function useFocusBack<E extends HTMLElement>(): FocusBack<E> {
  const place = useRef<E>(null)
  const left = useRef<Left>({ at: 0, name: '' })
  const stop = useRef(() => {})
  return {
    place,
    leave: (name = '') => {
      stop.current()
      const at = buttonsIn(place.current).findIndex((button) => button.matches(':focus'))
      left.current = { at: Math.max(0, at), name }
    },
    back: () => {
      if (place.current) stop.current = keepFocus(place.current, left.current)
    },
  }
}

interface Left {
  readonly at: number
  readonly name: string
}

function buttonsIn(place: HTMLElement | null): HTMLElement[] {
  return place ? [...place.querySelectorAll<HTMLElement>('[data-edits]')] : []
}

/** Whoever goes elsewhere meanwhile is left alone. @returns what ends the watch */
function keepFocus(place: HTMLElement, { at, name }: Left): () => void {
  const give = (): void => {
    const active = document.activeElement
    if (active !== null && active !== document.body) return
    const buttons = buttonsIn(place)
    const named = name === '' ? undefined : buttons.find(({ dataset }) => dataset.edits === name)
    const button = named ?? buttons[Math.min(at, buttons.length - 1)]
    button?.focus()
  }
  const watching = new MutationObserver(give)
  watching.observe(place, { childList: true, subtree: true })
  const stop = (): void => watching.disconnect()
  window.setTimeout(stop, watchMs)
  // Where nothing was changed the editor is gone with the next drawing.
  requestAnimationFrame(give)
  return stop
}
