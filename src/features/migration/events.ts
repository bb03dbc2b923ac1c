import type { Difference } from '../../../protocol/text/differences.ts'
import type { Verdict } from '../../../storage/migration-sources/items.ts'

/** What a migration tells of, as it happens. */
export type MigrationEvent =
  | {
      /** A collection of the other server, and where it goes; `left` says why it goes nowhere. */
      readonly kind: 'collection'
      readonly url: string
      readonly displayname: string | null
      readonly into: string | undefined
      readonly left: string | undefined
    }
  | {
      /** What became of an object. */
      readonly kind: 'item'
      readonly what: ItemFate
      readonly href: string
      /** `collection/name` here; empty where there is none. */
      readonly place: string
      /** What was changed in it, or why it was not taken. */
      readonly note: string
      /** The octets of what was refused. */
      readonly body?: Buffer | undefined
    }
  | {
      readonly kind: 'compared'
      readonly verdict: Verdict
      readonly href: string
      readonly place: string
      /** `one` as the other server has it, `other` as we do. */
      readonly differences: readonly Difference[]
    }
  | {
      /** Too much is gone at once: nothing of it was deleted here. */
      readonly kind: 'held'
      readonly url: string
      readonly place: string
      readonly count: number
    }
  | {
      /** A collection that could not be asked, or a round that could not be made. */
      readonly kind: 'problem'
      readonly url: string
      readonly reason: string
    }
  | {
      /** A round is over; whoever follows waits now. */
      readonly kind: 'round'
    }

/**
 * `vanished`: it was listed and then was gone. `removed`: it was deleted there, and so here. `conflict`: ours was changed
 * or was there before, and stays. `failed`: it is tried again at the next run.
 */
export type ItemFate =
  | 'copied'
  | 'updated'
  | 'unchanged'
  | 'conflict'
  | 'refused'
  | 'failed'
  | 'removed'
  | 'vanished'
