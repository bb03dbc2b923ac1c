import type { ObjectId } from '../ids.ts'

/** What may go. Times are epoch milliseconds: what is older goes. */
export interface Retention {
  readonly revisionsBefore: number
  /** Until when a state stays that a rule wrote and a rule went on from; see `takeSteps`. */
  readonly stepsBefore?: number | undefined
  /** So many of an object's newest revisions stay, however old. */
  readonly keepRevisions: number
  readonly trashBefore: number
  readonly tombstonesBefore: number
  readonly eventsBefore: number
  readonly notificationsBefore: number
  /** Rows of each kind at most, so that a write stays short. */
  readonly batch: number
  /** Where the look at revisions goes on: `nextObject` of the answer before. */
  readonly afterObject?: ObjectId | undefined
}

export interface PurgeCounts {
  readonly revisions: number
  readonly trash: number
  readonly tombstones: number
  readonly events: number
  readonly locks: number
  readonly notifications: number
  /** Smaller copies of photos that are not kept beside their cards. */
  readonly scaled: number
  readonly members: number
  readonly collections: number
  readonly bodies: number
  /** Undefined when every object's revisions have been looked at. */
  readonly nextObject: ObjectId | undefined
  /** Whether a batch was full: the caller comes again. */
  readonly more: boolean
}
