import type { BatchCounts } from '../../../../storage/batches/batches.ts'
import type { BatchItem, Meets } from '../../../../storage/batches/items.ts'
import type { CollectionRow } from '../../../../storage/collections.ts'
import type { ObjectRow } from '../../../../storage/objects.ts'
import type { PutResult } from '../../../../storage/write-path.ts'
import type { PreparedObject } from '../../objects.ts'
import type { ImportOutcome } from '../import-outcome.ts'

/** What became of an item, and what its batch has to know of it. */
export interface Done {
  readonly outcome: ImportOutcome
  readonly collection?: CollectionRow
  readonly existing?: ObjectRow | undefined
  readonly result?: Partial<PutResult>
  /** As it is, or would be, stored. */
  readonly object?: PreparedObject
  /** Of the octets that came. */
  readonly etag?: string
  readonly meets?: Meets | undefined
}

/** @param title  what the item is called */
export function itemOf(number: number, title: string, done: Done): BatchItem {
  const { outcome, collection, existing, result, etag, meets = null } = done
  const item = { number, place: placeOf(outcome), outcome: outcome.kind, title: title || null, meets }
  if (outcome.kind === 'refused' || outcome.kind === 'skipped') return { ...item, note: outcome.reason }
  const { notes, component, name, uid } = outcome
  return {
    ...item,
    note: notes.join(', '),
    component,
    collectionId: collection?.id ?? null,
    objectId: result?.objectId ?? existing?.id ?? null,
    name,
    uid,
    etag: result?.etag ?? etag ?? null,
    change: result?.change ?? null,
    beforeBodyId: outcome.kind === 'updated' ? (existing?.bodyId ?? null) : null,
    beforeEtag: outcome.kind === 'updated' ? (existing?.etag ?? null) : null,
  }
}

export function countsOf(outcomes: readonly ImportOutcome[]): BatchCounts {
  const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0 }
  for (const { kind } of outcomes) counts[kind] += 1
  return counts
}

export function refused({ file, line }: { file: string; line: number }, reason: string): ImportOutcome {
  return { kind: 'refused', file, line, reason }
}

export function placeOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return line === 0 ? file : `${file}:${line}`
}
