import type { EventId } from '../../../storage/ids.ts'
import type { Change } from '../changes/schema.ts'

/** What lies in the outbox for a webhook: the event, by which it is judged whether it may leave, and what is told of it. */
export interface Payload {
  readonly event: EventId
  readonly change: Change
}

/** As it is sent: the same octets each time. @see Standard Webhooks, "Payload structure" */
export function bodyOf({ change }: Payload): string {
  return JSON.stringify({ type: change.kind, timestamp: change.at, data: change })
}
