import type { CollectionRow } from '../../../storage/collections.ts'
import type { MountRow } from '../../../storage/mounts.ts'
import type { MemberRow, ObjectRow } from '../../../storage/objects.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import type { ListDialect, PhotoLimits } from '../devices/kinds.ts'
import { busyView } from './busy-view.ts'
import type { SeenChange, SeenChangesOptions } from './changes.ts'
import { listsView } from './lists-view.ts'
import { personalView } from './personal-view.ts'

/** A collection, the mount through which it is seen, if any, and how lists of people in it are seen, where it has had any. */
export interface Viewed {
  readonly row: CollectionRow
  readonly mount?: MountRow | undefined
  readonly lists?: ListDialect | undefined
}

/** What is wanted of members beside their names and entity tags, each of which costs reading them. */
export interface Wanted {
  /** Every column. */
  readonly row?: boolean
  readonly size?: boolean
  readonly text?: boolean
  /** What the viewer's device takes of photos in cards: those copies of them stand in the texts that were made before. */
  readonly photos?: PhotoLimits | undefined
}

/** A member as the viewer sees it. The row keeps the id of what is stored, and has every column where that was wanted. */
export interface Seen {
  readonly row: MemberRow
  /** There if it was wanted. */
  readonly text: string | undefined
}

/**
 * How somebody sees a collection, where that is not as it is stored: it stands between the stored members and everything that is
 * answered, so that what he is not to see is neither shown to him nor found, counted or measured by what he asks.
 */
export interface View {
  /** In a personal view times, UIDs and names are those stored, of a busy one nothing is but the times; `lists` is of a book. */
  readonly kind: 'personal' | 'busy' | 'lists'
  /** The stored rows of members by the names that the viewer knows them by; what is not there for him is left out. */
  locate(reader: Reader, names: readonly string[]): Promise<ReadonlyMap<string, ObjectRow>>
  /**
   * Stored members as they are seen, in the same order; without those that are not there for the viewer, or gone meanwhile.
   * @param rows  not more than are read at once (see `inParts`)
   */
  see(reader: Reader, rows: readonly MemberRow[], wanted: Wanted): Promise<readonly Seen[]>
  /**
   * What was seen of members all the time since a change number, by their ids: entity tags, or undefined for what was not there. Those that
   * looked now so and now so, and those of which nobody knows, are left out.
   */
  seenSince(
    reader: Reader,
    members: readonly Pick<MemberRow, 'id' | 'name'>[],
    change: number,
  ): Promise<ReadonlyMap<number, string | undefined>>
  /** The name under which a member of this name is seen. */
  nameOf(stored: string): string
  /** What has changed, where the view keeps account of that itself: see `seenChanges`. */
  readonly changes?: (
    store: Pick<Store, 'read'>,
    options: SeenChangesOptions,
  ) => AsyncGenerator<readonly SeenChange[]>
}

/**
 * The view through which a collection is seen; undefined where it is seen as it is stored: by its owner, by his delegates, by whom an
 * access control list lets in at the owner's own address, and through a mount that shows the whole. A book with lists of people is never
 * seen quite as it is stored.
 */
export async function openView(reader: Reader, { row, mount, lists }: Viewed): Promise<View | undefined> {
  if (lists) return listsView(row, lists)
  if (!mount || row.kind !== 'calendar') return undefined
  switch (mount.view) {
    case 'whole':
      return undefined
    case 'busy':
      return busyView(reader, mount)
    case 'personal':
      return personalView(mount)
    default:
      return mount.view satisfies never
  }
}

/** The same outside a read; nothing is read where there cannot be one. */
export async function viewIn(store: Pick<Store, 'read'>, viewed: Viewed): Promise<View | undefined> {
  return viewed.mount || viewed.lists ? store.read((reader) => openView(reader, viewed)) : undefined
}
