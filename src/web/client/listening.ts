import { onlineManager } from '@tanstack/react-query'
import type { Told } from './shown-by.ts'

/** After so long a stream that was refused is asked for again, at first and at most. */
const [pauseMs, longestPauseMs] = [2_000, 60_000]

/** What happened; `anything` where that is not known. */
export type Heard = Told | 'anything'

/** The stream of what happens, opened anew whenever it ends. @returns what closes it */
export function listen(tell: (heard: Heard) => void): () => void {
  let source: EventSource | undefined
  let retrying: number | undefined
  let pause = pauseMs
  const open = (): void => {
    const opened = new EventSource('/api/events')
    source = opened
    opened.onmessage = (message) => tell(JSON.parse(message.data) as Told)
    // Between what was read first, or told last, and the first that is told now something may have happened.
    opened.onopen = () => {
      pause = pauseMs
      tell('anything')
    }
    // A browser comes back by itself after a line that broke, but not after a refusal, as of a proxy meanwhile.
    opened.onerror = () => {
      if (opened.readyState !== EventSource.CLOSED) return
      retrying = window.setTimeout(open, pause)
      pause = Math.min(pause * 2, longestPauseMs)
    }
    // What happened meanwhile is not known, or he reads more or less than before.
    for (const event of ['reset', 'rights']) opened.addEventListener(event, () => tell('anything'))
  }
  open()
  const forget = onlineManager.subscribe((isOnline) => {
    if (!isOnline || source?.readyState === EventSource.OPEN) return
    source?.close()
    window.clearTimeout(retrying)
    open()
  })
  return () => {
    forget()
    source?.close()
    window.clearTimeout(retrying)
  }
}
