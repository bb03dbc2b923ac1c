import { onlineManager, type QueryKey } from '@tanstack/react-query'
import { useEffect } from 'react'
import { queryClient } from './query.ts'
import { keysOf, restOf, type Told } from './shown-by.ts'

/** So long changes are gathered before what is shown is read again. */
const gatherMs = 150

/** After so long a stream that was refused is asked for again, at first and at most. */
const [pauseMs, longestPauseMs] = [2_000, 60_000]

/** Reads again what other devices change, while somebody looks. */
export function useLive(): void {
  useEffect(() => {
    const reading = createReading()
    const close = listenTo(reading.add)
    return () => {
      close()
      reading.stop()
    }
  }, [])
}

const readAll = (): void => void queryClient.invalidateQueries()

interface Reading {
  /** What happened: what shows it is read again, soon. */
  readonly add: (told: Told) => void
  readonly stop: () => void
}

function createReading(): Reading {
  const waiting = new Map<string, QueryKey>()
  const readAt = new Map<string, number>()
  let gathering: { readonly at: number; readonly timer: number } | undefined
  const dueAt = (name: string, key: QueryKey): number => (readAt.get(name) ?? 0) + restOf(key)
  const readAgain = (): void => {
    gathering = undefined
    const now = Date.now()
    for (const [name, queryKey] of waiting) {
      if (dueAt(name, queryKey) > now) continue
      waiting.delete(name)
      readAt.set(name, now)
      void queryClient.invalidateQueries({ queryKey })
    }
    if (waiting.size === 0) return
    const next = Math.min(...[...waiting].map(([name, key]) => dueAt(name, key)))
    readIn(next - now)
  }
  /** What may be read sooner does not wait for what has to rest. */
  const readIn = (ms: number): void => {
    const at = Date.now() + ms
    if (gathering && gathering.at <= at) return
    window.clearTimeout(gathering?.timer)
    gathering = { at, timer: window.setTimeout(readAgain, ms) }
  }
  return {
    add: (told) => {
      for (const key of keysOf(told)) waiting.set(JSON.stringify(key), key)
      readIn(gatherMs)
    },
    stop: () => window.clearTimeout(gathering?.timer),
  }
}

/** The stream of what happens, opened anew whenever it ends. @returns what closes it */
function listenTo(add: (told: Told) => void): () => void {
  let source: EventSource | undefined
  let retrying: number | undefined
  let pause = pauseMs
  const listen = (): void => {
    const opened = new EventSource('/api/events')
    source = opened
    opened.onmessage = (message) => add(JSON.parse(message.data) as Told)
    // Between what was read first and the first that is told something may have happened.
    opened.onopen = () => {
      pause = pauseMs
      readAll()
    }
    // A browser comes back by itself after a line that broke, but not after a refusal, as of a proxy meanwhile.
    opened.onerror = () => {
      if (opened.readyState !== EventSource.CLOSED) return
      retrying = window.setTimeout(listen, pause)
      pause = Math.min(pause * 2, longestPauseMs)
    }
    // What happened meanwhile is not known, or he reads more or less than before.
    for (const event of ['reset', 'rights']) opened.addEventListener(event, readAll)
  }
  listen()
  // A line that is back is not waited for any longer.
  const forget = onlineManager.subscribe((isOnline) => {
    if (!isOnline) return
    readAll()
    if (source?.readyState === EventSource.OPEN) return
    source?.close()
    window.clearTimeout(retrying)
    listen()
  })
  return () => {
    forget()
    source?.close()
    window.clearTimeout(retrying)
  }
}
