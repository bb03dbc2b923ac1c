import { addToOutbox, countWaiting } from '../../../storage/events/outbox.ts'
import { logState } from '../../../storage/events/position.ts'
import { type EventFilter, type EventPage, readEvents } from '../../../storage/events/read-events.ts'
import { activeWebhooks, moveCursor, targetOf, type WebhookRow } from '../../../storage/events/webhooks.ts'
import type { Services } from '../../services.ts'
import { shownChange } from '../changes/shown.ts'
import { readingOfOwner } from './owner.ts'
import type { Payload } from './payload.ts'

const pageSize = 100
/** Where nothing of it is wanted, the log is read again up to so many events instead of writing down each time where one is. */
const unwritten = 500

/** Lays into the outbox what each webhook is to be told; with how far it was read for it, in one transaction. */
export async function fillWebhooks(services: Services, signal: AbortSignal): Promise<void> {
  for (const webhook of await services.store.read(activeWebhooks)) {
    if (signal.aborted) return
    await fillOne(services, webhook, signal)
  }
}

async function fillOne(services: Services, webhook: WebhookRow, signal: AbortSignal): Promise<void> {
  const { store, settings } = services
  let at: WebhookRow = webhook
  while (!signal.aborted) {
    const found = await store.read(async (reader) => {
      const free = settings.webhooks.waiting - (await countWaiting(reader, targetOf(at)))
      const reading = free <= 0 ? undefined : await readingOfOwner(reader, at, settings)
      if (!reading) return undefined
      const from = { xact: at.cursorXact, id: at.cursorId }
      const limit = Math.min(pageSize, free)
      const page = await readEvents(reader, from, reading, { filter: filterOf(at), limit })
      return { page, log: await logState(reader) }
    })
    if (!found) return
    const { page, log } = found
    if (page.events.length > 0 || hasMovedFar(at, page)) {
      const isOurs = await store.write(async (tx) => {
        if (!(await moveCursor(tx, at, page.through))) return false
        await addToOutbox(
          tx,
          page.events.map((event) => rowOf(at, { event: event.id, change: shownChange(log, event) })),
        )
        return true
      })
      if (!isOurs) return
    }
    at = { ...at, cursorXact: page.through.xact, cursorId: page.through.id }
    if (!page.more) return
  }
}

function hasMovedFar({ cursorXact, cursorId }: WebhookRow, { through, more }: EventPage): boolean {
  return more || through.id - cursorId > unwritten || through.xact - cursorXact > unwritten
}

function rowOf(webhook: WebhookRow, payload: Payload) {
  return {
    ...targetOf(webhook),
    key: `${webhook.id}-${payload.change.id}`,
    principalId: webhook.principalId,
    payload: JSON.stringify(payload),
  }
}

/** What of the log a webhook is told. */
export function filterOf({ kinds, collections, parties }: WebhookRow): EventFilter {
  return { kinds: listIn(kinds), collections: listIn(collections), parties: listIn(parties) }
}

function listIn<T>(json: string | null): T[] | undefined {
  return json === null ? undefined : (JSON.parse(json) as T[])
}
