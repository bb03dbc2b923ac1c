import { listStoredSettings } from '../../../../storage/upkeep/settings.ts'
import type { Services } from '../../../services.ts'
import { applyStored } from './stored.ts'

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
  const { store, settings, log } = given
  let isAsked = false
  let looking = Promise.resolve()
  const look = (): void => {
    if (isAsked) return
    isAsked = true
    looking = looking
      .then(() => {
        isAsked = false
        return readSettings(given)
      })
      .catch((error: unknown) => log.warn({ err: error }, 'the settings could not be read'))
  }
  const end = store.signals.listen('settings', look)
  const clock = setInterval(look, settings.events.pollMs)
  return {
    stop: () => {
      end()
      clearInterval(clock)
      return looking
    },
  }
}
