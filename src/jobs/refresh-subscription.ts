import { refreshSubscription } from '../features/subscriptions/refresh.ts'
import type { Job } from './runner.ts'

const dayMs = 86_400_000

/** Fetches what a calendar follows; its id is that of the calendar. */
export const refreshSubscriptionJob: Job = {
  kind: 'subscription',
  async run(services, signal, id) {
    const refreshed = await refreshSubscription(services, Number(id), signal)
    switch (refreshed.kind) {
      case 'refreshed':
        return { nextInMs: refreshed.nextInMs }
      case 'failed':
        return { failed: refreshed.reason, retryInMs: refreshed.retryInMs }
      // It may come back out of the trash.
      case 'resting':
        return { nextInMs: dayMs }
      case 'gone':
        return 'over'
    }
  },
}
