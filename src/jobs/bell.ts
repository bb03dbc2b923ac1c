import type { Store } from '../../storage/store.ts'

type Topic = Parameters<Store['signals']['listen']>[0]

/** Tells whoever waits that something has happened since he last looked. */
export interface Bell {
  /** Until it has been rung; at once where it was rung meanwhile, and when everything stops. */
  heard(): Promise<void>
  ring(): void
  [Symbol.dispose](): void
}

/** A bell that commits ring which tell of these topics. */
export function hangBell(
  { signals }: Pick<Store, 'signals'>,
  topics: readonly Topic[],
  signal: AbortSignal,
): Bell {
  let wake = (): void => {}
  let isRung = false
  const ring = (): void => {
    isRung = true
    wake()
  }
  const ends = topics.map((topic) => signals.listen(topic, ring))
  signal.addEventListener('abort', ring)
  return {
    ring,
    async heard() {
      if (!isRung && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve))
      isRung = false
    },
    [Symbol.dispose]() {
      for (const end of ends) end()
    },
  }
}
