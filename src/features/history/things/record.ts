import type { z } from 'zod'
import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { addThingRevision, type ThingId } from '../../../../storage/history/thing-revisions.ts'
import type { PartyId } from '../../../../storage/ids.ts'
import type { Origin } from '../../../../storage/origin.ts'
import type { Writer } from '../../../../storage/store.ts'

/** What can be written as JSON. */
export type ThingState = Readonly<Record<string, unknown>>

/** What a state says, in the form that it has by now. @throws refusal 409 where it has another */
export function readState<T extends z.ZodType>(schema: T, state: unknown): z.output<T> {
  const read = schema.safeParse(state)
  if (!read.success) throw refuseStatus(409, 'That is not known any more in the form that it had.')
  return read.data
}

/** A change of something that is beside everybody: a label, a list, a field, what is shared, a role or a mask. */
export interface ThingChange extends ThingId {
  /** Whom it is about, of a single person. */
  readonly partyId?: PartyId | null
  /** All of it, before and after; undefined where it is new, or gone. */
  readonly before: ThingState | undefined
  readonly after: ThingState | undefined
}

/** Writes down that it was changed, in the write that changes it, and what of it. Where nothing was, nothing is written. */
export async function recordThing(tx: Writer, change: ThingChange, origin: Origin): Promise<void> {
  const { kind, key, ownerId, partyId = null } = change
  const { before, after } = differing(change)
  if (before === undefined && after === undefined) return
  const of = { kind, key, ownerId, partyId }
  await addThingRevision(tx, { ...of, beforeJson: written(before), afterJson: written(after) }, origin)
}

function differing({ before, after }: ThingChange): Pick<ThingChange, 'before' | 'after'> {
  if (!before || !after) return { before, after }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  if (changed.length === 0) return { before: undefined, after: undefined }
  const of = (state: ThingState): ThingState =>
    Object.fromEntries(changed.map((name) => [name, state[name] ?? null]))
  return { before: of(before), after: of(after) }
}

function written(state: ThingState | undefined): string | null {
  return state === undefined ? null : JSON.stringify(state)
}
