import {
  isBefore,
  type LogState,
  lastPosition,
  logState,
  type Position,
} from '../../../storage/events/position.ts'
import { type EventFilter, type EventRow, readEvents } from '../../../storage/events/read-events.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { type Hub, hubOf, type Waiter } from './hub.ts'
import { readPlace, shownChange, writePlace } from './shown.ts'
import { type Reading, stillReading } from './sight.ts'

export interface StreamRequest {
  readonly session: Session
  /** What the session reads now. */
  readonly reading: Reading
  /** The id of the last event that the client has. */
  readonly after: string | undefined
  readonly filter: EventFilter
  /** Ends the stream. */
  readonly signal: AbortSignal
}

type Surroundings = Pick<Services, 'store' | 'settings' | 'log' | 'now'>

/** How soon a client comes back. */
const retryMs = 2_000
const pageSize = 200
/** How old what is known of rights may be when an event is told. */
const freshMs = 1_000

/**
 * Server-sent events of what happens, from where the client was: each once, in the order of the log. Beside the changes
 * there are `reset`, where what happened since is not known any more, and `rights`, where the session may see other
 * collections than before. It ends when the credentials are to be judged again, or a collection that was asked for by name
 * can be read no more.
 * @see HTML Standard §9.2 (Server-sent events)
 */
export async function* streamChanges(
  { store, settings, log, now: clock }: Surroundings,
  request: StreamRequest,
): AsyncGenerator<string> {
  const { session, filter, signal } = request
  const { pollMs, heartbeatMs, recheckMs } = settings.events
  const hub = hubOf({ store, log, pollMs })
  let { reading } = request
  let lookedAt = performance.now()
  const begin = await store.read((reader) => beginning(reader, request.after))
  let { state, position } = begin
  yield `retry: ${retryMs}\n${begin.isReset ? resetAt(state, position) : placeAt(state, position)}`
  let isNews = true
  for (let toldAt = performance.now(); !signal.aborted; ) {
    if (performance.now() - lookedAt > (isNews ? freshMs : recheckMs)) {
      const now = await store.read((reader) => stillReading(reader, session, { now: clock(), settings }))
      if (!now || filter.collections?.some((id) => !now.collections.has(id))) return
      const change = rightsChange(reading, now)
      reading = now
      lookedAt = performance.now()
      if (change !== undefined) yield change
    }
    const next = await store.read((reader) => readNext(reader, { state, position, reading, filter }))
    ;({ state, position } = next)
    const text =
      next.text === '' && performance.now() - toldAt >= heartbeatMs ? placeAt(state, position) : next.text
    if (text !== '') {
      yield text
      toldAt = performance.now()
    }
    if (next.more) continue
    const waiter: Waiter = { sight: reading, position, wake: () => {} }
    isNews = await newsFor(hub, waiter, Math.min(heartbeatMs, recheckMs), signal)
    position = waiter.position
  }
}

interface Beginning {
  readonly state: LogState
  readonly position: Position
  readonly isReset: boolean
}

async function beginning(reader: Reader, after: string | undefined): Promise<Beginning> {
  const state = await logState(reader)
  const known = after === undefined ? undefined : readPlace(state, after)
  return {
    state,
    position: known ?? (await lastPosition(reader)),
    isReset: after !== undefined && known === undefined,
  }
}

interface Place {
  readonly state: LogState
  readonly position: Position
}

async function readNext(
  reader: Reader,
  { state, position, reading, filter }: Place & { reading: Reading; filter: EventFilter },
): Promise<Place & { readonly text: string; readonly more: boolean }> {
  const page = await readEvents(reader, position, reading, { filter, limit: pageSize })
  // Read afterwards: a purge may have taken what was to be read, or a backup may have been restored.
  const now = await logState(reader)
  if (now.log !== state.log || isBefore(position, now.floor)) {
    const last = await lastPosition(reader)
    return { state: now, position: last, text: resetAt(now, last), more: false }
  }
  const text = page.events.map((row) => messageOf(now, row)).join('')
  return { state: now, position: page.through, text, more: page.more }
}

/** @returns whether there may be news; false when the time is over */
function newsFor(hub: Hub, waiter: Waiter, ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isNews: boolean): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      leave?.()
      resolve(isNews)
    }
    const onAbort = (): void => end(false)
    const timer = setTimeout(() => end(false), ms)
    signal.addEventListener('abort', onAbort)
    waiter.wake = () => end(true)
    const leave: (() => void) | undefined = hub.wait(waiter)
    if (signal.aborted) end(false)
  })
}

function messageOf(state: LogState, row: EventRow): string {
  const change = shownChange(state, row)
  return `id: ${change.id}\ndata: ${JSON.stringify(change)}\n\n`
}

/** Nothing is told by it: the client knows from where to go on, and that there is somebody. */
function placeAt(state: LogState, position: Position): string {
  return `id: ${writePlace(state, position)}\n\n`
}

function resetAt(state: LogState, position: Position): string {
  return `id: ${writePlace(state, position)}\nevent: reset\ndata: {}\n\n`
}

function rightsChange(before: Reading, now: Reading): string | undefined {
  const gained = [...now.collections].filter((id) => !before.collections.has(id))
  const lost = [...before.collections].filter((id) => !now.collections.has(id))
  if (gained.length + lost.length === 0) return undefined
  return `event: rights\ndata: ${JSON.stringify({ gained, lost })}\n\n`
}
