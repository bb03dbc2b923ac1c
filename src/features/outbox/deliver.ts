import { setTimeout as wait } from 'node:timers/promises'
import { dueInOutbox, type OutboxEnd, type OutboxRow, settleOutbox } from '../../../storage/events/outbox.ts'
import type { Services } from '../../services.ts'
import type { Sender, SendOutcome } from './sender.ts'

const longestReason = 500
const batch = 200

/** How often senders lay more into the outbox while others are on their way: nobody waits for who is slow. */
const fillEveryMs = 1_000

/**
 * Sends what is due, until nothing is: many at once, to each target one after the other. What is stopped, or killed, is
 * sent again, under the same key.
 */
export async function deliverDue(
  services: Services,
  senders: readonly Sender[],
  signal: AbortSignal,
): Promise<void> {
  const { store, settings, now } = services
  const running = new Map<string, Promise<void>>()
  let filledAt = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    if (performance.now() - filledAt >= fillEveryMs) {
      for (const { fill } of senders) await fill?.(services, signal)
      filledAt = performance.now()
    }
    const free = settings.webhooks.atOnce - running.size
    const except = [...running.keys()]
    const due =
      free <= 0 ? [] : await store.read((reader) => dueInOutbox(reader, now(), { limit: batch, except }))
    let started = 0
    for (const row of due) {
      const target = `${row.kind}:${row.target}`
      if (started >= free || running.has(target)) continue
      started += 1
      const done = deliver(services, senders, row, signal).finally(() => running.delete(target))
      running.set(target, done)
    }
    if (running.size === 0) return
    // Where a slot is left, another target may be due behind so many of the same.
    if (started === 0 || running.size >= settings.webhooks.atOnce) await nextOf(running.values())
  }
  await Promise.all(running.values())
}

async function nextOf(running: Iterable<Promise<void>>): Promise<void> {
  const over = new AbortController()
  const pause = wait(fillEveryMs, undefined, { signal: over.signal }).catch(() => {})
  await Promise.race([...running, pause])
  over.abort()
}

async function deliver(
  services: Services,
  senders: readonly Sender[],
  row: OutboxRow,
  signal: AbortSignal,
): Promise<void> {
  const { store, log, now } = services
  const sender = senders.find(({ kind }) => kind === row.kind)
  const outcome = await attempt(services, sender, row, signal)
  if (!outcome) return
  try {
    await store.write(async (tx) => {
      const end = endOf(sender, row, outcome, now())
      if (await settleOutbox(tx, row, end)) await sender?.settled?.(tx, row, outcome, services)
    })
  } catch (error) {
    // It stays due, and is not to be tried again at once.
    log.error({ err: error, outbox: row.id }, 'what became of a delivery could not be written down')
    await wait(1_000, undefined, { signal }).catch(() => {})
  }
}

/** @returns undefined where it was stopped */
async function attempt(
  services: Services,
  sender: Sender | undefined,
  row: OutboxRow,
  signal: AbortSignal,
): Promise<SendOutcome | undefined> {
  if (!sender) return { kind: 'failed', reason: 'This version knows no such sender.' }
  try {
    return await sender.send(services, row, signal)
  } catch (error) {
    if (signal.aborted) return undefined
    services.log.error({ err: error, outbox: row.id }, 'a delivery failed')
    return { kind: 'failed', reason: 'The server could not send it; see its log.' }
  }
}

function endOf(sender: Sender | undefined, row: OutboxRow, outcome: SendOutcome, now: number): OutboxEnd {
  const said = {
    answerStatus: ('status' in outcome ? outcome.status : undefined) ?? null,
    answer: ('answer' in outcome ? outcome.answer : undefined) ?? null,
  }
  if (outcome.kind === 'sent') return { ...said, state: 'sent', lastError: null }
  const lastError = outcome.reason.slice(0, longestReason)
  if (outcome.kind === 'dropped') return { ...said, state: 'dropped', lastError }
  if (outcome.kind === 'refused') return { ...said, state: 'dead', lastError }
  const pause = (sender?.retryMs ?? [dayMs])[row.attempts]
  if (pause === undefined) return { ...said, state: 'dead', lastError }
  const nextAt = now + Math.max(jittered(pause), outcome.retryInMs ?? 0)
  return { ...said, state: 'waiting', lastError, nextAt }
}

const dayMs = 86_400_000

/** Not for all at the same moment. */
function jittered(ms: number): number {
  return Math.round(ms * (0.8 + Math.random() * 0.4))
}
