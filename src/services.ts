import type { Settings } from '../config/defaults.ts'
import type { BlobStore } from '../storage/blobs/blob-store.ts'
import type { Store } from '../storage/store.ts'
import type { Logger } from './log.ts'

/** What every face is given by main. */
export interface Services {
  readonly store: Store
  /** The octets of documents. */
  readonly blobs: BlobStore
  readonly settings: Settings
  readonly log: Logger
  /** Epoch milliseconds. */
  readonly now: () => number
  /** A new UUID. */
  readonly newId: () => string
}
