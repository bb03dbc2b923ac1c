import { Readable } from 'node:stream'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import type { Store } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { type StreamRequest, streamChanges } from './stream.ts'

interface Open {
  readonly principalId: PrincipalId
  readonly ending: AbortController
}

/** The streams that are open in this process. */
const streams = new WeakMap<Store, Set<Open>>()

function streamsOf(store: Store): Set<Open> {
  const known = streams.get(store) ?? new Set<Open>()
  streams.set(store, known)
  return known
}

/**
 * Opens a stream of changes; it ends with the connection.
 * @throws refusal 429 where the account, or the process, has as many as it may
 */
export function openStream(services: Services, request: Omit<StreamRequest, 'signal'>): Readable {
  const { store, settings } = services
  const open = streamsOf(store)
  const { id: principalId } = request.session.principal
  const own = [...open].filter((other) => other.principalId === principalId).length
  if (own >= settings.events.streams || open.size >= settings.events.allStreams) {
    const message = `An account may listen ${settings.events.streams} times at once.`
    throw refuseStatus(429, message, { 'Retry-After': '30' })
  }
  const stream: Open = { principalId, ending: new AbortController() }
  open.add(stream)
  const { signal } = stream.ending
  const told = streamChanges(services, { ...request, signal })
  const end = (): void => {
    open.delete(stream)
    stream.ending.abort()
  }
  const body = Readable.from(endedAtOnce(told, end), { highWaterMark: 1 })
  body.once('close', end)
  return body
}

/** A generator waits for its next step before it returns, and here that may be long: who goes is heard before. */
function endedAtOnce(told: AsyncGenerator<string>, end: () => void): AsyncIterable<string> {
  const back = (): Promise<IteratorResult<string>> => {
    end()
    return told.return(undefined)
  }
  return { [Symbol.asyncIterator]: () => ({ next: () => told.next(), return: back }) }
}

/** Ends every stream of this process, so that it can stop: their clients go on elsewhere. */
export function endStreams({ store }: Pick<Services, 'store'>): void {
  for (const { ending } of streamsOf(store)) ending.abort()
}
