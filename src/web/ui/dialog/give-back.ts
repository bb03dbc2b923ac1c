/** So long it is seen to that something has the focus: what a dialog changed is drawn anew when the server has answered. */
const watchMs = 10_000

let stop = (): void => {}

/** Leaves the focus where it is from now on: another dialog takes it. */
export function holdBack(): void {
  stop()
}

/**
 * Gives the focus to the first of these that can have it; if none is left, to the heading of the page, or the page. Whoever
 * goes elsewhere meanwhile is left alone.
 * @param find        asked again whenever the page is drawn anew
 * @param isInDialog  whether a dialog is open below: nothing outside of it gets the focus
 * @see WCAG 2.2, 2.4.3
 */
export function giveBack(find: () => readonly HTMLElement[], isInDialog = false): void {
  stop()
  const give = (): void => {
    if (isFree()) focusOne(find(), isInDialog)
  }
  const watching = new MutationObserver(give)
  watching.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
  // What closed it is done with first: the next dialog may have its field.
  const timers = [
    window.setTimeout(give),
    window.setTimeout(() => {
      stop()
      if (isFree() && !isInDialog) focusThere(document.getElementById('content'))
    }, watchMs),
  ]
  const goesOn = ['pointerdown', 'keydown'] as const
  stop = () => {
    watching.disconnect()
    for (const timer of timers) window.clearTimeout(timer)
    for (const kind of goesOn) window.removeEventListener(kind, holdBack, { capture: true })
    stop = () => {}
  }
  for (const kind of goesOn) window.addEventListener(kind, holdBack, { capture: true })
}

function isFree(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

function focusOne(openers: readonly HTMLElement[], isInDialog: boolean): void {
  const left = openers.filter((one) => one.isConnected && (!isInDialog || one.closest('[role=dialog]')))
  for (const one of left) {
    one.focus({ preventScroll: true })
    if (!isFree()) return
  }
  // One that is busy is waited for, and a page that is not there yet.
  if (left.length === 0 && !isInDialog) focusThere(document.querySelector('#content h2'))
}

/** What is no step of the keyboard by itself. */
function focusThere(place: HTMLElement | null): void {
  if (!place) return
  place.tabIndex = -1
  place.focus({ preventScroll: true })
  place.addEventListener('blur', () => place.removeAttribute('tabindex'), { once: true })
}
