import { onlineManager, type QueryKey } from '@tanstack/react-query'
import { useEffect } from 'react'
import { leadTabs } from './leading.ts'
import { type Heard, listen } from './listening.ts'
import { queryClient } from './query.ts'
import { keysOf, restOf, type Told } from './shown-by.ts'

/** So long changes are gathered before what is shown is read again. */
const gatherMs = 150

/**
 * Reads again what other devices change, while somebody looks. A browser has six connections to a server, and a stream keeps
 * one of them: one tab listens, and tells the others of the same account.
 */
export function useLive(account: number): void {
  useEffect(() => {
    const reading = createReading()
    const name = `farley-live-${account}`
    const others = new BroadcastChannel(name)
    const hear = (heard: Heard): void => (heard === 'anything' ? readAgain() : reading.add(heard))
    others.onmessage = ({ data }: MessageEvent<Heard>) => hear(data)
    const tell = (heard: Heard): void => {
      hear(heard)
      others.postMessage(heard)
    }
    const resign = leadTabs(name, () => listen(tell))
    // A line that is back is not waited for any longer.
    const forget = onlineManager.subscribe((isOnline) => {
      if (isOnline) readAgain()
    })
    return () => {
      forget()
      resign()
      others.close()
      reading.stop()
    }
  }, [account])
}

/** All, or what begins so; what nobody looks at is read when somebody does. */
function readAgain(queryKey: QueryKey = []): void {
  const refetchType = document.visibilityState === 'hidden' ? 'none' : 'active'
  void queryClient.invalidateQueries({ queryKey, refetchType })
}

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
  const readDue = (): void => {
    gathering = undefined
    const now = Date.now()
    for (const [name, queryKey] of waiting) {
      if (dueAt(name, queryKey) > now) continue
      waiting.delete(name)
      readAt.set(name, now)
      readAgain(queryKey)
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
    gathering = { at, timer: window.setTimeout(readDue, ms) }
  }
  return {
    add: (told) => {
      for (const key of keysOf(told)) waiting.set(JSON.stringify(key), key)
      readIn(gatherMs)
    },
    stop: () => window.clearTimeout(gathering?.timer),
  }
}
