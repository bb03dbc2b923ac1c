import type { OutboxRow } from '../../../storage/events/outbox.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'

/** What the other side said, where it said something. */
export interface Answered {
  readonly status?: number | undefined
  /** How its answer began. */
  readonly answer?: string | undefined
}

/** What became of an attempt to send something. */
export type SendOutcome =
  | ({ readonly kind: 'sent' } & Answered)
  /** It is tried again, not before that, until its attempts are over. */
  | ({ readonly kind: 'failed'; readonly reason: string; readonly retryInMs?: number } & Answered)
  /** The other side will never take it. */
  | ({ readonly kind: 'refused'; readonly reason: string } & Answered)
  /** It is not to leave any more. */
  | { readonly kind: 'dropped'; readonly reason: string }

/** Sends what lies in the outbox under its kind. */
export interface Sender {
  readonly kind: string
  /** How long after each attempt that failed the next is made; after the last one it is given up. */
  readonly retryMs: readonly number[]
  /** Lays into the outbox what is to be sent by what happened, if that is not written where it happens. */
  readonly fill?: (services: Services, signal: AbortSignal) => Promise<void>
  /** May be called twice for the same row, whose key says so. Outside of any transaction. */
  readonly send: (services: Services, row: OutboxRow, signal: AbortSignal) => Promise<SendOutcome>
  /** What else is to be written with the outcome. */
  readonly settled?: (
    tx: Writer,
    row: OutboxRow,
    outcome: SendOutcome,
    services: Pick<Services, 'settings' | 'log'>,
  ) => Promise<void>
}
