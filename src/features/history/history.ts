import { addFactRevision, type NewFactRevision } from '../../../storage/history/fact-revisions.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'

/** What can be written as JSON; what is undefined is left out. */
export type FactState = Readonly<Record<string, unknown>>

/** A change of one fact beside the cards of somebody. */
export interface FactChange {
  readonly partyId: PartyId
  /** Whom it is about too, such as the organisation of a membership: it stands in the history of both. */
  readonly otherId?: PartyId | undefined
  /** What kind of fact: that of an entry in `factKinds`. */
  readonly kind: string
  /** Which of that kind: the id of its row, the name of a field, or empty where there is only one. */
  readonly key: string | number
  /** The state before: all that bringing it back needs, and the id of its row; undefined for a fact that is new. */
  readonly before: FactState | undefined
  /** The state after; undefined for one that was taken away. */
  readonly after: FactState | undefined
}

/**
 * Writes down that a fact was changed, in the write that changes it: who, when and with what is what `origin` says. Where
 * both states are the same nothing is written. Each kind of fact is entered in `factKinds`: without that it is not shown.
 */
export async function recordFact(tx: Writer, change: FactChange, origin: Origin): Promise<void> {
  const beforeJson = written(change.before)
  const afterJson = written(change.after)
  if (beforeJson === afterJson) return
  const { partyId, kind } = change
  const fact: NewFactRevision = {
    partyId,
    otherId: change.otherId === partyId ? null : (change.otherId ?? null),
    kind,
    key: String(change.key),
    beforeJson,
    afterJson,
  }
  await addFactRevision(tx, fact, origin)
}

/** Keys in one order, so that states can be compared as texts. */
function written(state: FactState | undefined): string | null {
  return state === undefined ? null : JSON.stringify(inOrder(state))
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, inOrder(item)]))
}
