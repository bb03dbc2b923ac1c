import { listStoredSettings } from '../storage/upkeep/settings.ts'
import { applyStored } from './features/admin/settings/stored.ts'
import { hangBell } from './jobs/bell.ts'
import type { Services } from './services.ts'

type Given = Pick<Services, 'store' | 'settings' | 'log'>

/** Takes what was changed by a page over what the server started with. */
export async function readSettings({ store, settings, log }: Given): Promise<void> {
  const ignored = applyStored(settings, await store.read(listStoredSettings))
  if (ignored.length > 0)
    log.warn({ settings: ignored }, 'settings that were changed on the page do not count')
}

/**
 * Does so whenever another process has changed one: PostgreSQL tells of it, and it is looked for from time to time where
 * nothing does.
 */
export function followSettings(given: Given): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const following = follow(given, stopping.signal)
  return {
    stop: () => {
      stopping.abort()
      return following
    },
  }
}

async function follow(given: Given, signal: AbortSignal): Promise<void> {
  using bell = hangBell(given.store, ['settings'], signal)
  const clock = setInterval(bell.ring, given.settings.events.pollMs)
  for (;;) {
    await bell.heard()
    if (signal.aborted) break
    await readSettings(given).catch((error: unknown) =>
      given.log.warn({ err: error }, 'the settings could not be read'),
    )
  }
  clearInterval(clock)
}
