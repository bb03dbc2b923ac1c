import { useSyncExternalStore } from 'react'
import { upload } from '../client/upload.ts'
import { type FileEntry, type Place, pathOf, readAgain } from './files.ts'

/** A file on its way. */
export interface Sending {
  readonly id: number
  readonly name: string
  /** From 0 to 1. */
  readonly part: number
  readonly error?: unknown
  readonly giveUp: () => void
}

let sendings: readonly Sending[] = []
let last = 0
let turn: Promise<unknown> = Promise.resolve()
const listeners = new Set<() => void>()

/** What is being sent, and what was refused until somebody has read why. It goes on while other pages are looked at. */
export function useSendings(): readonly Sending[] {
  return useSyncExternalStore(subscribe, () => sendings)
}

/** Sends files one after the other; one of a name that is taken gets another. */
export function sendFiles(place: Place, files: readonly File[]): void {
  for (const file of files) {
    const id = ++last
    const stop = new AbortController()
    put([...sendings, { id, name: file.name, part: 0, giveUp: () => drop(id, stop) }])
    turn = turn.then(() => sendOne(place, file, id, stop.signal))
  }
}

async function sendOne(place: Place, file: File, id: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const query = new URLSearchParams({ name: file.name, onClash: 'rename' })
  try {
    const onProgress = (part: number): void => change(id, { part })
    await upload<FileEntry>(`${pathOf(place)}/children?${query}`, file, { onProgress, signal })
    put(sendings.filter((one) => one.id !== id))
  } catch (error) {
    change(id, { error })
  }
  await readAgain()
}

function drop(id: number, stop: AbortController): void {
  stop.abort()
  put(sendings.filter((one) => one.id !== id))
}

function change(id: number, to: Partial<Sending>): void {
  put(sendings.map((one) => (one.id === id ? { ...one, ...to } : one)))
}

function put(next: readonly Sending[]): void {
  sendings = next
  for (const listen of listeners) listen()
}

function subscribe(listen: () => void): () => void {
  listeners.add(listen)
  return () => listeners.delete(listen)
}
