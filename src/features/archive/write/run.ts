import type { CollectionId, NodeId, ObjectId } from '../../../../storage/ids.ts'
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

/** Where a card, an event or a task is in an archive: by its name, or by which of those in the trash it is. */
export type ObjectAt = { readonly in: string } & ({ readonly name: string } | { readonly trash: number })

/** Where things have been written, for what names them. */
export interface Places {
  /** Folders of collections. */
  readonly books: Map<CollectionId, string>
  /** What is in the trash. */
  readonly dead: Map<ObjectId, ObjectAt>
  /** Files and folders that facts name. */
  readonly nodes: Map<NodeId, string>
  readonly namedNodes: ReadonlySet<NodeId>
}

/** What is being written into an archive. */
export interface Run {
  readonly services: Pick<Services, 'store' | 'blobs'>
  /** The time of the files that describe others, epoch milliseconds. */
  readonly now: number
  readonly history: boolean
  readonly places: Places
  count(what: keyof Head['counts']): void
  leftOut(path: string, reason: string): void
  /** A folder is written, and holds so much. */
  written(path: string, count: number): void
}
