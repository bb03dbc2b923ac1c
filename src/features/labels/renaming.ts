import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId, PrincipalId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { RenamedLabel, Writer } from '../../../storage/store.ts'

/** A label that is called otherwise by now, in some books. */
export interface Renaming {
  readonly from: string
  readonly to: string
  /** Who renames it: of what goes over all books of somebody else he changes nothing. */
  readonly authorId: PrincipalId | undefined
  /** By what he does it. */
  readonly origin?: Origin | undefined
  readonly books: ReadonlySet<CollectionId>
  /** Whose books they are. */
  readonly owners: ReadonlySet<PrincipalId>
}

/** A label, and what it is still called on some cards. */
export interface LabelNames {
  readonly label: string
  readonly was: readonly string[]
}

/** Names that one label is remembered by, at most. */
const mostNames = 20

/**
 * What goes by a label, after that is called otherwise.
 * @param isLeft  whether it still has its former name on cards that are meant
 * @returns undefined where it does not go by it
 */
export function renamedIn(
  { label, was }: LabelNames,
  { from, to }: Pick<Renaming, 'from' | 'to'>,
  isLeft: boolean,
): LabelNames | undefined {
  if (label !== from && !was.includes(from)) return undefined
  const now = label === from ? to : label
  const others = was.filter((name) => name !== from && name !== now)
  return { label: now, was: (isLeft && from !== now ? [from, ...others] : others).slice(0, mostNames) }
}

/** Tells that a label is called otherwise in a book: whatever goes by it follows in the same write. */
export function noteRenamed(
  tx: Writer,
  { id, principalId }: CollectionRow,
  { from, to, authorId, origin }: Pick<Renaming, 'from' | 'to' | 'authorId' | 'origin'>,
): void {
  tx.renamedLabels.add({ collectionId: id, principalId, authorId, origin, from, to })
}

/** What was noted in a write, each name that somebody gives with all its books. */
export function renamingsOf(renamed: Iterable<RenamedLabel>): Renaming[] {
  const found = new Map<string, Renaming & { books: Set<CollectionId>; owners: Set<PrincipalId> }>()
  for (const { collectionId, principalId, authorId, origin, from, to } of renamed) {
    const key = JSON.stringify([from, to, authorId])
    const known = found.get(key) ?? { from, to, authorId, origin, books: new Set(), owners: new Set() }
    found.set(key, known)
    known.books.add(collectionId)
    known.owners.add(principalId)
  }
  return [...found.values()]
}
