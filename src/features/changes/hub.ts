import { hasUnsettled, isBefore, type Position } from '../../../storage/events/position.ts'
import { type RawEvent, readRawEvents } from '../../../storage/events/raw-events.ts'
import type { Store } from '../../../storage/store.ts'
import type { Logger } from '../../log.ts'
import type { Reading } from './sight.ts'

/** Somebody who has read the log up to a position, and waits for what concerns him. */
export interface Waiter {
  readonly sight: Reading
  /** Moves on with what does not concern him. */
  position: Position
  /** Something may concern him. */
  wake(): void
}

/**
 * Looks at what comes into the log once for all who listen in this process, so that a write costs one query, whatever
 * number of streams are open; each of them asks for itself what concerns it.
 */
export interface Hub {
  /** @returns ends the waiting */
  wait(waiter: Waiter): () => void
}

interface Surroundings {
  readonly store: Store
  readonly log: Logger
  readonly pollMs: number
}

const hubs = new WeakMap<Store, Hub>()

export function hubOf({ store, log, pollMs }: Surroundings): Hub {
  const hub = hubs.get(store) ?? createHub({ store, log, pollMs })
  hubs.set(store, hub)
  return hub
}

/** So that many commits are one look. */
const togetherMs = 25
/** Of more events at once everybody looks for himself. */
const mostAtOnce = 500

function createHub(surroundings: Surroundings): Hub {
  const { store, log, pollMs } = surroundings
  const waiters = new Set<Waiter>()
  let head: Position | undefined
  let unsettledMs = togetherMs
  let stopListening: (() => void) | undefined
  const failed = (error: unknown): void => {
    log.warn({ err: error }, 'the log of events could not be read')
    lookIn(pollMs)
  }
  const alarm = createAlarm(() => lookOnce().catch(failed))
  const lookIn = (ms: number): void => {
    if (waiters.size > 0) alarm.goesIn(ms)
  }
  const lookOnce = async (): Promise<void> => {
    const from = head
    if (!from) return
    const { events, isUnsettled } = await store.read(async (reader) => ({
      events: await readRawEvents(reader, from, mostAtOnce),
      isUnsettled: await hasUnsettled(reader),
    }))
    head = tellAll(waiters, from, events)
    if (events.length === mostAtOnce) return lookIn(0)
    // What began before it has not ended: it is looked at again soon, and then less and less often.
    unsettledMs = isUnsettled && events.length === 0 ? Math.min(unsettledMs * 2, pollMs) : togetherMs
    lookIn(isUnsettled ? unsettledMs : pollMs)
  }
  const leave = (waiter: Waiter): void => {
    waiters.delete(waiter)
    if (waiters.size > 0) return
    alarm.stop()
    stopListening?.()
    stopListening = undefined
    head = undefined
  }
  return {
    wait: (waiter) => {
      stopListening ??= store.signals.listen('events', () => lookIn(togetherMs))
      head ??= waiter.position
      waiters.add(waiter)
      // What it has not read was looked at already.
      if (isBefore(waiter.position, head)) waiter.wake()
      lookIn(togetherMs)
      return () => leave(waiter)
    },
  }
}

/** Does something at the earliest of the times that it is told, one after the other. */
function createAlarm(work: () => Promise<void>): { goesIn(ms: number): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let isWorking = false
  const goesIn = (ms: number): void => {
    const at = performance.now() + ms
    if (at >= dueAt) return
    clearTimeout(timer)
    dueAt = at
    timer = setTimeout(() => void ring(), ms)
  }
  const ring = async (): Promise<void> => {
    dueAt = Number.POSITIVE_INFINITY
    if (isWorking) return goesIn(togetherMs)
    isWorking = true
    await work()
    isWorking = false
  }
  return {
    goesIn,
    stop: () => {
      clearTimeout(timer)
      dueAt = Number.POSITIVE_INFINITY
    },
  }
}

/** @returns how far it was looked */
function tellAll(waiters: ReadonlySet<Waiter>, from: Position, events: readonly RawEvent[]): Position {
  const last = events.at(-1)
  if (!last) return from
  const head = { xact: last.xact, id: last.id }
  for (const waiter of [...waiters]) {
    const news = events.filter((event) => isBefore(waiter.position, event))
    if (news.length === mostAtOnce || news.some((event) => concerns(event, waiter.sight))) waiter.wake()
    // Whoever has not read up to where this began goes on from where he is.
    else if (!isBefore(waiter.position, from) && isBefore(waiter.position, head)) waiter.position = head
  }
  return head
}

/** Whether somebody may have to be told: whom a person concerns is asked later. */
function concerns({ principalId, feedId }: RawEvent, sight: Reading): boolean {
  return principalId === 0 || principalId === sight.principalId || sight.feedSet.has(feedId)
}
