import { onlineManager, type QueryKey } from '@tanstack/react-query'
import { useEffect } from 'react'
import { queryClient } from './query.ts'
import { keysOf, type Told } from './shown-by.ts'

/** So long changes are gathered before what is shown is read again. */
const gatherMs = 150

/** After so long a stream that was refused is asked for again, at first and at most. */
const [pauseMs, longestPauseMs] = [2_000, 60_000]

/** Reads again what other devices change, while somebody looks. */
export function useLive(): void {
  useEffect(() => {
    const waiting = new Map<string, QueryKey>()
    let source: EventSource | undefined
    let gathering: number | undefined
    let retrying: number | undefined
    let pause = pauseMs
    const readAgain = (): void => {
      gathering = undefined
      for (const queryKey of waiting.values()) void queryClient.invalidateQueries({ queryKey })
      waiting.clear()
    }
    const readAll = (): void => void queryClient.invalidateQueries()
    const listen = (): void => {
      const opened = new EventSource('/api/events')
      source = opened
      opened.onmessage = (message) => {
        for (const key of keysOf(JSON.parse(message.data) as Told)) waiting.set(JSON.stringify(key), key)
        gathering ??= window.setTimeout(readAgain, gatherMs)
      }
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
      window.clearTimeout(gathering)
      window.clearTimeout(retrying)
    }
  }, [])
}
