import type { Services } from '../../../services.ts'
import type { Head } from '../format.ts'

/** Something that stays behind, and why. */
export interface LeftOut {
  readonly kind: 'refused'
  readonly path: string
  readonly reason: string
}

/** A folder that was written: a collection, or documents. */
export interface Exported {
  readonly kind: 'exported'
  readonly path: string
  /** Objects; folders and files. */
  readonly count: number
}

/** What is being written into an archive. */
export interface Run {
  readonly services: Pick<Services, 'store' | 'blobs'>
  /** The time of the files that describe others, epoch milliseconds. */
  readonly now: number
  readonly history: boolean
  count(what: keyof Head['counts']): void
  leftOut(path: string, reason: string): void
  /** A folder is written, and holds so much. */
  written(path: string, count: number): void
}
