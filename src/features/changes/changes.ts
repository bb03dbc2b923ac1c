import { lastPosition, logState } from '../../../storage/events/position.ts'
import { type EventFilter, type EventRow, readEvents } from '../../../storage/events/read-events.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Change } from './schema.ts'
import { readPlace, shownChange, writePlace } from './shown.ts'
import { readingOf } from './sight.ts'

/** What happened after a place in the log, for clients that ask from time to time. */
export interface Changes {
  readonly changes: readonly Change[]
  readonly next: string
  readonly more: boolean
  readonly reset: boolean
}

/** So many slices of the log are looked through for one answer: it may be empty, and say that there is more. */
const mostSlices = 20

/**
 * What a session may know of what happened, oldest first.
 * @param after  `next` of the answer before; without it only where to begin
 */
export async function changesAfter(
  store: Pick<Store, 'read'>,
  session: Session,
  { after, filter, limit }: { after: string | undefined; filter: EventFilter; limit: number },
): Promise<Changes> {
  return store.read(async (reader) => {
    const state = await logState(reader)
    const from = after === undefined ? undefined : readPlace(state, after)
    if (after === undefined || !from) return beginning(reader, after !== undefined)
    const sight = await readingOf(reader, session)
    const rows: EventRow[] = []
    let position = from
    let more = true
    for (let round = 0; more && rows.length < limit && round < mostSlices; round += 1) {
      const page = await readEvents(reader, position, sight, { filter, limit: limit - rows.length })
      rows.push(...page.events)
      position = page.through
      more = page.more
    }
    // Meanwhile a purge may have taken what was to be read.
    if (!readPlace(await logState(reader), after)) return beginning(reader, true)
    const changes = rows.map((row) => shownChange(state, row))
    return { changes, next: writePlace(state, position), more, reset: false }
  })
}

async function beginning(reader: Reader, reset: boolean): Promise<Changes> {
  const state = await logState(reader)
  const next = writePlace(state, await lastPosition(reader))
  return { changes: [], next, more: false, reset }
}
