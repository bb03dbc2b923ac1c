import type { Settings } from '../../../config/defaults.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { TouchedCard, TouchedTask, Writer } from '../../../storage/store.ts'

/** What a write has done to cards, and to what is known of people beside them. */
export interface Touched {
  readonly cards: readonly TouchedCard[]
  readonly parties: ReadonlySet<PartyId>
  readonly tasks: readonly TouchedTask[]
}

/**
 * Brings up to date what depends on cards and facts, at the end of the write that has changed them, in its transaction.
 * What it writes itself is looked at afterwards, by all of them. It costs no statement where it has nothing to do.
 */
export type Follower = (
  tx: Writer,
  touched: Touched,
  following: { readonly settings: Settings; readonly newId: () => string },
) => Promise<void>
