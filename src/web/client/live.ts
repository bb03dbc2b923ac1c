import { useEffect } from 'react'
import { queryClient } from './query.ts'

/** So long changes are gathered before what is shown is read again. */
const gatherMs = 150

/** Which of what is shown a kind of event is about, by the first word of its key. */
const shownBy: readonly (readonly [prefix: string, keys: readonly string[]])[] = [
  ['object', ['parties', 'party', 'card', 'books', 'search', 'events', 'tasks']],
  ['collection', ['books', 'calendars', 'parties']],
  ['fact', ['parties', 'party', 'timeline', 'search']],
]

/** Reads again what other devices change, while somebody looks. */
export function useLive(): void {
  useEffect(() => {
    const source = new EventSource('/api/events')
    const waiting = new Set<string>()
    let timer: number | undefined
    const readAgain = (): void => {
      timer = undefined
      for (const key of waiting) void queryClient.invalidateQueries({ queryKey: [key] })
      waiting.clear()
    }
    const note = (kind: string): void => {
      for (const [prefix, keys] of shownBy)
        if (kind.startsWith(prefix)) for (const key of keys) waiting.add(key)
      timer ??= window.setTimeout(readAgain, gatherMs)
    }
    source.onmessage = (message) => note((JSON.parse(message.data) as { kind?: string }).kind ?? '')
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
