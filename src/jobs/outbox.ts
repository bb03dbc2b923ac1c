import { setTimeout as wait } from 'node:timers/promises'
import { nextInOutbox } from '../../storage/events/outbox.ts'
import { hasUnsettled } from '../../storage/events/position.ts'
import { activeWebhooks } from '../../storage/events/webhooks.ts'
import { deliverDue } from '../features/outbox/deliver.ts'
import type { Sender } from '../features/outbox/sender.ts'
import { webhookSender } from '../features/webhooks/send.ts'
import type { Services } from '../services.ts'
import { hangBell } from './bell.ts'
import type { Job } from './runner.ts'

/** Who sends what lies in the outbox, by its kind. */
const senders: readonly Sender[] = [webhookSender]

const everyMs = 60_000

/** Sends what is to leave the server. Where something was laid into the outbox it runs at once: see `outboxWaker`. */
export const outboxJob: Job = {
  kind: 'outbox',
  everyMs,
  async run(services, signal) {
    await deliverDue(services, senders, signal)
    const next = await services.store.read(nextInOutbox)
    const inMs = next === undefined ? everyMs : next - services.now()
    return { nextInMs: Math.min(Math.max(inMs, 0), everyMs) }
  },
}

/** So often at most the outbox is looked at because something happened; and because of what is not final yet. */
const pauseMs = 250
const longestPauseMs = 5_000

/**
 * Has the outbox looked at soon after something was written that may have to leave; without a webhook or anything that
 * waits, nothing is written for it.
 * @param run  runs the job, if nobody else does
 */
export async function outboxWaker(
  { store, log, now }: Pick<Services, 'store' | 'log' | 'now'>,
  run: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  using bell = hangBell(store, ['events', 'outbox'], signal)
  let unsettledMs = pauseMs
  while (!signal.aborted) {
    await bell.heard()
    if (signal.aborted) break
    try {
      const isWanted = await store.read(async (reader) => {
        const next = await nextInOutbox(reader)
        return (next !== undefined && next <= now()) || (await activeWebhooks(reader)).length > 0
      })
      if (isWanted) await run()
      // A transaction that began before may still add to what happened: nobody rings when it is over.
      const mayGrow = isWanted && (await store.read(hasUnsettled))
      if (mayGrow) bell.ring()
      unsettledMs = mayGrow ? Math.min(unsettledMs * 2, longestPauseMs) : pauseMs
    } catch (error) {
      log.error({ err: error }, 'the outbox could not be looked at')
    }
    await wait(unsettledMs, undefined, { signal }).catch(() => {})
  }
}
