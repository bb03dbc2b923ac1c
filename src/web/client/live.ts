import type { QueryKey } from '@tanstack/react-query'
import { useEffect } from 'react'
import { queryClient } from './query.ts'
import { keysOf, type Told } from './shown-by.ts'

/** So long changes are gathered before what is shown is read again. */
const gatherMs = 150

/** Reads again what other devices change, while somebody looks. */
export function useLive(): void {
  useEffect(() => {
    const source = new EventSource('/api/events')
    const waiting = new Map<string, QueryKey>()
    let timer: number | undefined
    const readAgain = (): void => {
      timer = undefined
      for (const queryKey of waiting.values()) void queryClient.invalidateQueries({ queryKey })
      waiting.clear()
    }
    source.onmessage = (message) => {
      for (const key of keysOf(JSON.parse(message.data) as Told)) waiting.set(JSON.stringify(key), key)
      timer ??= window.setTimeout(readAgain, gatherMs)
    }
    // Between what was read first and the first that is told something may have happened.
    source.onopen = () => void queryClient.invalidateQueries()
    // What happened meanwhile is not known, or he reads more or less than before.
    for (const event of ['reset', 'rights'])
      source.addEventListener(event, () => void queryClient.invalidateQueries())
    return () => {
      source.close()
      window.clearTimeout(timer)
    }
  }, [])
}
