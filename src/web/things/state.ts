import type { QueryKey } from '@tanstack/react-query'
import type { z } from 'zod'
import type { listedState, stateDetail } from '../../features/history/schema.ts'

export type ListedState = z.infer<typeof listedState>
export type StateDetail = z.infer<typeof stateDetail>

/** A card, an event or a task of which states are kept. */
export interface Kept {
  /** Its id. */
  readonly object: number
  /** Begins of the keys of what shows it. */
  readonly keys: readonly QueryKey[]
  /** Before it is brought back: what is told the tag that it has then. */
  readonly awaitTag?: (object: number) => (etag: string | undefined) => void
}

/** A state that can be there again, and how that is called. */
export interface Way {
  readonly revision: number
  readonly says: 'takeBackChange' | 'bringBackState'
  /** Of the last state that is seen: what others write meanwhile stays. Null where not all of it is shown. */
  readonly etag: string | null
}

type Step = Pick<ListedState, 'revision' | 'kind' | 'etag' | 'isKept'>

/**
 * Where an entry leads back to: the last change to what was there before it, an older one to what it made.
 * @param states  all of the object that are shown, the newest first
 */
export function wayOf(item: Step, [last, before]: readonly Step[]): Way | undefined {
  if (!last) return
  const { etag } = last
  if (item !== last) {
    const isSame = etag !== null && item.etag === etag
    return item.isKept && !isSame ? { revision: item.revision, says: 'bringBackState', etag } : undefined
  }
  const isBack = item.kind === 'updated' && before?.isKept
  return isBack ? { revision: before.revision, says: 'takeBackChange', etag } : undefined
}
