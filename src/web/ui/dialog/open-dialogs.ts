import { useEffect, useRef, useState } from 'react'
import { giveBack, holdBack } from './give-back.ts'

interface OpenDialog {
  /** What had the focus when it opened, then what led there: the button of a menu, whatever opened the dialog below. */
  readonly openers: readonly HTMLElement[]
  readonly close: () => void
}

/** The newest one last. */
const open: OpenDialog[] = []

/** Makes a component an open dialog as long as it is seen: Escape closes the newest one, and the focus goes back where it was. */
export function useOpenDialog(onClose: () => void, isSeen = true): void {
  const latest = useRef(onClose)
  latest.current = onClose
  // Asked while it is drawn: afterwards a field of it may have the focus already.
  const [openers] = useState(openersNow)
  useEffect(() => {
    if (!isSeen) return
    const dialog: OpenDialog = { openers, close: () => latest.current() }
    begin(dialog)
    return () => end(dialog)
  }, [openers, isSeen])
}

let tellFree = (): void => {}

export function isAnyOpen(): boolean {
  return open.length > 0
}

/** Tells once the last one has closed, and no other took its place. */
export function whenNoneIsOpen(tell: () => void): () => void {
  tellFree = tell
  return () => {
    tellFree = () => {}
  }
}

/** What had the focus last, with the button of its menu: a dialog that is loaded first may come when that menu has gone. */
let latestFocus: readonly HTMLElement[] = []

document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement) latestFocus = [target, ...buttonOf(target)]
})

function openersNow(): readonly HTMLElement[] {
  return [...latestFocus, ...(open.at(-1)?.openers ?? [])]
}

/** The button whose menu something is in: the menu is gone when the dialog closes. */
function buttonOf(element: HTMLElement): readonly HTMLElement[] {
  const id = element.closest('[role=menu]')?.getAttribute('aria-labelledby')
  const button = id ? document.getElementById(id) : null
  return button ? [button] : []
}

function begin(dialog: OpenDialog): void {
  holdBack()
  open.push(dialog)
  window.addEventListener('keydown', onKey, { capture: true })
}

function end(dialog: OpenDialog): void {
  open.splice(open.indexOf(dialog), 1)
  if (open.length === 0) window.removeEventListener('keydown', onKey, { capture: true })
  // Where nothing had the focus before, nothing gets it.
  if (dialog.openers.length > 0) giveBack(() => dialog.openers, open.length > 0)
  if (open.length === 0) window.setTimeout(() => open.length === 0 && tellFree())
}

/** One that closes for all of them: with a listener each, Escape would close the one below as well. */
function onKey(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.isComposing) return
  if (event.target instanceof Element && closesItself(event.target)) return
  event.stopPropagation()
  open.at(-1)?.close()
}

/** Choices that are open say so; they, menus and small panels close by themselves. */
function closesItself(at: Element): boolean {
  return (
    at.matches('[data-mantine-stop-propagation=true]') ||
    at.closest('[role=menu], [role=dialog]:not([aria-modal=true])') !== null
  )
}
