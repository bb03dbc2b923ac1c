/** So long it is seen to that something has the focus: what a dialog changed is drawn anew when the server has answered. */
const watchMs = 3_000

let stop = (): void => {}

/** Leaves the focus where it is from now on: another dialog takes it. */
export function holdBack(): void {
  stop()
}

/**
 * Gives the focus to the first of these that can have it; if none is left, to the heading of the page. Whoever goes elsewhere
 * meanwhile is left alone, and where nothing had the focus before, nothing gets it.
 * @param isInDialog  whether a dialog is open below: nothing outside of it gets the focus
 * @see WCAG 2.2, 2.4.3
 */
export function giveBack(openers: readonly HTMLElement[], isInDialog: boolean): void {
  stop()
  if (openers.length === 0) return
  const give = (): void => {
    if (isFree()) focusOne(openers, isInDialog)
  }
  const watching = new MutationObserver(give)
  watching.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
  // What closed it is done with first: the next dialog may have its field.
  const timers = [window.setTimeout(give), window.setTimeout(() => stop(), watchMs)]
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
  // One that is busy is waited for.
  if (left.length === 0 && !isInDialog) focusPage()
}

/** The heading of the page, or the page: by script alone, no step of the keyboard. */
function focusPage(): void {
  const page = document.querySelector<HTMLElement>('#content h2') ?? document.getElementById('content')
  if (!page) return
  page.tabIndex = -1
  page.focus({ preventScroll: true })
  page.addEventListener('blur', () => page.removeAttribute('tabindex'), { once: true })
}
