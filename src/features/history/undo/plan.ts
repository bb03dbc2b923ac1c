import type { BodyId, CollectionId } from '../../../../storage/ids.ts'
import type { ObjectRow } from '../../../../storage/objects.ts'
import type { RevisionRow } from '../../../../storage/revisions.ts'

/** Changes that follow each other: what they made of an object, and what it was before them. */
export interface Run {
  readonly base: BodyId
  readonly target: BodyId
}

export interface Place {
  readonly collectionId: CollectionId
  readonly name: string
}

/** How what was done to one object is undone. */
export type Plan =
  | { readonly kind: 'nothing' }
  /** It stays as it is. */
  | { readonly kind: 'keep'; readonly reason: string }
  /** It was new: it goes to the trash. */
  | { readonly kind: 'remove' }
  | {
      readonly kind: 'lead back'
      /** The deletion that is undone first. */
      readonly deletion: RevisionRow | undefined
      /** What is undone in its text, the latest first. */
      readonly runs: readonly Run[]
      /** Where it goes back to. */
      readonly place: Place | undefined
    }

/**
 * How everything that is meant of what was done to an object is undone, so that what others have done stays. Judged by rows
 * alone: whether others have changed the same lines shows when it is done.
 * @param revisions  all of the object, the oldest first
 * @param now  the object; undefined where it is in the trash
 * @param isMeant  what is to be undone
 */
export function planUndo(
  revisions: readonly RevisionRow[],
  now: ObjectRow | undefined,
  isMeant: (revision: RevisionRow) => boolean,
): Plan {
  const first = revisions.findIndex(isMeant)
  const [before, begun] = [revisions[first - 1], revisions[first]]
  if (!begun) return { kind: 'nothing' }
  if (!before && begun.kind !== 'created') return keep('What it was before is no longer kept.')
  const others = revisions.slice(first).filter((revision) => !isMeant(revision) && !byServer(revision))
  if (!before || before.kind === 'deleted') {
    if (!now) return { kind: 'nothing' }
    return others.length > 0 ? keep('Somebody else has changed it since.') : { kind: 'remove' }
  }
  const last = revisions.at(-1)
  const deletion = !now && last?.kind === 'deleted' ? last : undefined
  if (!now && !(deletion && isMeant(deletion))) return keep('Somebody else has deleted it since.')
  const runs = runsIn(revisions, first, isMeant)
  if (!runs) return keep('What it was before is no longer kept.')
  const place = placeBefore(revisions, first, isMeant)
  if (!deletion && runs.length === 0 && !place) return { kind: 'nothing' }
  return { kind: 'lead back', deletion, runs, place }
}

const keep = (reason: string): Plan => ({ kind: 'keep', reason })

/** What the server wrote beside what somebody wrote is nobody's change. */
export function byServer({ origin }: Pick<RevisionRow, 'origin'>): boolean {
  return origin === 'rule' || origin === 'job'
}

/** What was made of the text between changes of others, the latest first; undefined where a text is gone. */
function runsIn(
  revisions: readonly RevisionRow[],
  first: number,
  isMeant: (revision: RevisionRow) => boolean,
): Run[] | undefined {
  const runs: Run[] = []
  for (let at = first; at < revisions.length; at += 1) {
    const [before, begun] = [revisions[at - 1], revisions[at]]
    if (!before || !begun || !isMeant(begun)) continue
    let end = begun
    for (let next = revisions[at + 1]; next && isMeant(next); next = revisions[at + 1]) {
      end = next
      at += 1
    }
    if (end.etag === before.etag) continue
    if (end.bodyId === null || before.bodyId === null) return undefined
    runs.unshift({ base: end.bodyId, target: before.bodyId })
  }
  return runs
}

/** Where it was before, if it was moved away from there, and by nobody else since. */
function placeBefore(
  revisions: readonly RevisionRow[],
  first: number,
  isMeant: (revision: RevisionRow) => boolean,
): Place | undefined {
  const [before, last] = [revisions[first - 1], revisions.at(-1)]
  if (!before || !last || isSamePlace(before, last)) return undefined
  const moves = revisions.filter((revision, at) => {
    const earlier = revisions[at - 1]
    return at >= first && earlier !== undefined && !isSamePlace(earlier, revision)
  })
  const move = moves.at(-1)
  return move && isMeant(move) ? { collectionId: before.collectionId, name: before.name } : undefined
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.collectionId === other.collectionId && one.name === other.name
}
