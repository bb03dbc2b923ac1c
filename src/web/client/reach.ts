import { onlineManager } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'

/** After so long it is tried whether the server is back, at first and at most. */
const [pauseMs, longestPauseMs] = [2_000, 30_000]

let timer: number | undefined
let pause = pauseMs

/** As `fetch`; what cannot be reached is offline for all pages, until it answers again. @throws TypeError */
export async function reaching(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init)
  } catch (error) {
    if (!init.signal?.aborted) lose()
    throw error
  }
}

/** Whether the server can be reached, as far as it is known. */
export function useIsOnline(): boolean {
  return useSyncExternalStore(
    (tell) => onlineManager.subscribe(tell),
    () => onlineManager.isOnline(),
  )
}

/** Asks now whether the server is back. */
export async function tryAgain(): Promise<void> {
  window.clearTimeout(timer)
  timer = undefined
  try {
    await fetch('/api/session', { method: 'HEAD', cache: 'no-store' })
    pause = pauseMs
    onlineManager.setOnline(true)
  } catch {
    onlineManager.setOnline(false)
    timer = window.setTimeout(() => void tryAgain(), pause)
    pause = Math.min(pause * 2, longestPauseMs)
  }
}

function lose(): void {
  onlineManager.setOnline(false)
  timer ??= window.setTimeout(() => void tryAgain(), pause)
}
