import { useEffect, useRef, useSyncExternalStore } from 'react'

/** A key that does something while its page is open, with what it does in the words of the page. */
export interface Shortcut {
  /** `/`, `?`, `j`, `Escape`, `mod+k`: with `mod` Ctrl, or Cmd on Apple's keyboards. */
  readonly key: string
  readonly text: string
}

/** With what it does. */
export interface Action extends Shortcut {
  readonly act: () => void
}

const store = 'farley-single-keys'
let held: readonly Action[] = []
let isOn = localStorage.getItem(store) !== 'off'
const listeners = new Set<() => void>()

/** Whether single keys do something: who speaks to his computer can turn them off. @see WCAG 2.2, 2.1.4 */
export function useSingleKeys(): readonly [isOn: boolean, set: (isOn: boolean) => void] {
  const value = useSyncExternalStore(subscribe, () => isOn)
  return [
    value,
    (next) => {
      isOn = next
      localStorage.setItem(store, next ? 'on' : 'off')
      tell()
    },
  ]
}

/** The keys that do something now. */
export function useShortcuts(): readonly Shortcut[] {
  return useActions()
}

/** The same, to be done without the key. */
export function useActions(): readonly Action[] {
  return useSyncExternalStore(subscribe, () => held)
}

/**
 * Lets a key do something while the component is there; the newest one of a key counts. Keys alone do nothing while
 * somebody writes, and while a dialog is open.
 */
export function useKey(key: string, text: string, act: () => void): void {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    const entry: Action = { key, text, act: () => latest.current() }
    held = [...held, entry]
    tell()
    return () => {
      held = held.filter((one) => one !== entry)
      tell()
    }
  }, [key, text])
}

/** Listens, once for the whole app. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || event.isComposing) return
  const isMod = event.ctrlKey || event.metaKey
  const pressed = isMod ? `mod+${event.shiftKey ? 'shift+' : ''}${letterOf(event)}` : event.key
  const found = held.findLast(({ key }) => key === pressed)
  if (!found || (isMod ? event.repeat || isOfOther(event, pressed) : !isFree(event))) return
  event.preventDefault()
  found.act()
}

/** With Ctrl a key is what it is on a Latin keyboard, whatever letters are written by it. */
function letterOf({ key, code }: KeyboardEvent): string {
  const isLatin = /^[ -~]+$/.test(key)
  return (isLatin ? key : code.replace(/^Key/, '')).toLowerCase()
}

/** A field takes back what was written in it; and nothing is taken back behind a dialog. */
function isOfOther({ target }: KeyboardEvent, pressed: string): boolean {
  if (pressed !== 'mod+z') return false
  return isBehindDialog() || (target instanceof Element && target.closest(':read-write') !== null)
}

/** What takes the keys that are pressed in it: fields, and what stands over the page. */
const takesKeys = 'input, textarea, select, [contenteditable=true], [role=dialog], [role=menu]'

function isBehindDialog(): boolean {
  const dialogs = [...document.querySelectorAll('[role=dialog][aria-modal=true]')]
  return dialogs.some((one) => one.checkVisibility())
}

function isFree({ target, key }: KeyboardEvent): boolean {
  if (isBehindDialog()) return false
  if (target instanceof HTMLElement && target.closest(takesKeys)) return false
  return isOn || key.length > 1
}

function subscribe(listen: () => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}

function tell(): void {
  for (const listen of listeners) listen()
}
