import { useSyncExternalStore } from 'react'
import { ApiError } from '../client/api.ts'
import { upload } from '../client/upload.ts'
import { whenSittingEnds } from '../session/sitting.ts'
import { type Place, pathOf, readAgain } from './files.ts'

/** What becomes of a file whose name is taken: it is asked, it takes the place of the other, or it gets another name. */
type OnClash = 'refuse' | 'replace' | 'rename'

/** Where files are sent to. */
export interface Target {
  /** Below /api. */
  readonly path: string
  /** Whether there may be one of the same name, which somebody then decides about. */
  readonly mayClash: boolean
  /** What is read again afterwards. */
  readonly after: () => Promise<unknown>
}

/** A file on its way. */
export interface Sending {
  readonly id: number
  readonly name: string
  /** From 0 to 1. */
  readonly part: number
  readonly error?: unknown
  readonly giveUp: () => void
  /** There where the name is taken, and nothing was sent therefore. */
  readonly decide?: (onClash: 'replace' | 'rename') => void
}

interface Parcel {
  readonly id: number
  readonly target: Target
  readonly file: File
  readonly stop: AbortController
}

let sendings: readonly Sending[] = []
let last = 0
let turn: Promise<unknown> = Promise.resolve()
const listeners = new Set<() => void>()

// What waits its turn would be sent by whoever signs in next.
whenSittingEnds(() => {
  for (const { giveUp } of sendings) giveUp()
})

/** What is being sent, and what was refused until somebody has read why. It goes on while other pages are looked at. */
export function useSendings(): readonly Sending[] {
  return useSyncExternalStore(subscribe, () => sendings)
}

/** A folder, or a home, as files are sent to it. */
export function folderTarget(place: Place): Target {
  return { path: `${pathOf(place)}/children`, mayClash: true, after: readAgain }
}

/**
 * Sends files one after the other. Of a name that is taken somebody says what is to be, and the others go on meanwhile.
 * @returns whether all were taken at once
 */
export async function sendFiles(target: Target, files: readonly File[]): Promise<boolean> {
  const sent = files.map((file) => {
    const parcel = { id: ++last, target, file, stop: new AbortController() }
    put([...sendings, { id: parcel.id, name: file.name, part: 0, giveUp: () => drop(parcel) }])
    return post(parcel, 'refuse')
  })
  return (await Promise.all(sent)).every(Boolean)
}

function post(parcel: Parcel, onClash: OnClash): Promise<boolean> {
  const sent = turn.then(() => sendOne(parcel, onClash))
  turn = sent
  return sent
}

async function sendOne({ id, target, file, stop }: Parcel, onClash: OnClash): Promise<boolean> {
  const { signal } = stop
  if (signal.aborted) return false
  let isSent = false
  const query = new URLSearchParams({ name: file.name, ...(target.mayClash && { onClash }) })
  try {
    const onProgress = (part: number): void => change(id, { part })
    await upload(`${target.path}?${query}`, file, { onProgress, signal })
    put(sendings.filter((one) => one.id !== id))
    isSent = true
  } catch (error) {
    const isTaken = target.mayClash && error instanceof ApiError && error.status === 409
    const decide = (chosen: 'replace' | 'rename'): void => {
      put(sendings.map((one) => (one.id === id ? fresh(one) : one)))
      void post({ id, target, file, stop }, chosen)
    }
    change(id, { error, ...(isTaken && { decide }) })
  }
  await target.after()
  return isSent
}

function fresh({ id, name, giveUp }: Sending): Sending {
  return { id, name, giveUp, part: 0 }
}

function drop({ id, stop }: Parcel): void {
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
