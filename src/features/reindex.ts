import { InvalidObjectError } from '../../protocol/text/invalid-object.ts'
import { countAllObjects, type IndexedObjectRow, listIndexedObjects } from '../../storage/indexed-objects.ts'
import type { MemberIndex } from '../../storage/member-index.ts'
import { settleSearch } from '../../storage/search/settle.ts'
import type { Store } from '../../storage/store.ts'
import type { Progress } from '../../storage/upkeep/jobs.ts'
import { replaceIndex } from '../../storage/write-path.ts'
import type { Services } from '../services.ts'
import { indexEventObject, indexWindow } from './calendars/calendar-object.ts'
import { readCardObject } from './contacts/card-object.ts'
import { reindexFiles } from './documents/file-documents.ts'
import { reindexValues } from './fields/follow-values.ts'
import { inParts } from './parts.ts'
import { readObjectTexts } from './texts.ts'

export interface ReindexCounts {
  /** Objects whose rows were written anew. */
  readonly indexed: number
  /** Objects that changed meanwhile: whoever changed them wrote their rows. */
  readonly changed: number
  /** Objects that cannot be read; their rows stay as they were. */
  readonly unreadable: number
}

/** The job that does it after an update. */
export const reindexJob = 'reindex'

/** Rows of one write at most, so that others can write in between. */
const batchRows = 2_000

/**
 * Derives the index of every object from its octets again. An object keeps the window its rows were complete for; one
 * without rows gets today's. ETags, change numbers and revisions are not touched (law 1).
 * @param onProgress  told how far it is after each part
 * @param from  where it was stopped before
 */
export async function reindexAll(
  services: Pick<Services, 'store' | 'settings' | 'now' | 'log'>,
  onProgress: (progress: Progress) => unknown = () => {},
  { from, signal }: { readonly from?: Progress | undefined; readonly signal?: AbortSignal } = {},
): Promise<ReindexCounts> {
  const { store } = services
  const total = await store.read(countAllObjects)
  const counts = { indexed: 0, changed: 0, unreadable: 0 }
  let done = from?.done ?? 0
  for await (const page of listIndexedObjects(store, from?.after)) {
    for (const part of inParts(page)) {
      if (signal?.aborted) return counts
      await reindexPart(services, part, counts)
      done += part.length
      await onProgress({ done, total: Math.max(total, done), after: part.at(-1)?.id ?? 0 })
    }
  }
  await reindexFiles(store)
  await reindexValues(store)
  for (let settled = 1; settled > 0; ) settled = await store.write(settleSearch)
  return counts
}

async function reindexPart(
  services: Pick<Services, 'store' | 'settings' | 'now' | 'log'>,
  part: readonly IndexedObjectRow[],
  counts: { -readonly [Name in keyof ReindexCounts]: number },
): Promise<void> {
  const { store, log } = services
  const texts = await store.read((reader) => readObjectTexts(reader, part, { withMedia: false }))
  const found = part.filter(({ id }) => texts.has(id))
  const derived: Derived[] = []
  for (const object of found) {
    try {
      const index = derive(texts.get(object.id) ?? '', object, services)
      derived.push({ object, index: index.lists ? await whole(object, index, services) : index })
    } catch (error) {
      if (!(error instanceof InvalidObjectError)) throw error
      counts.unreadable += 1
      log.warn({ object: object.id, reason: error.message }, 'an object cannot be read for the index')
    }
  }
  const indexed = await writeAll(store, derived)
  counts.indexed += indexed
  counts.changed += derived.length - indexed + (part.length - found.length)
}

interface Derived {
  readonly object: IndexedObjectRow
  readonly index: MemberIndex
}

/** The entity tag of what is seen of a card without its CATEGORIES is that of its photos too. */
async function whole(
  object: IndexedObjectRow,
  index: MemberIndex,
  services: Pick<Services, 'store' | 'settings' | 'now'>,
): Promise<MemberIndex> {
  const text = (await services.store.read((reader) => readObjectTexts(reader, [object]))).get(object.id)
  return text === undefined ? index : derive(text, object, services)
}

/** @throws InvalidObjectError */
function derive(
  text: string,
  { kind, expandedFrom, expandedUntil }: IndexedObjectRow,
  { settings, now }: Pick<Services, 'settings' | 'now'>,
): MemberIndex {
  if (kind === 'addressbook') return readCardObject(text, settings).index
  const today = indexWindow(settings, now())
  return indexEventObject(text, {
    ...today,
    from: expandedFrom ?? today.from,
    until: expandedUntil ?? today.until,
  })
}

/** @returns how many were written, the others having changed */
async function writeAll(store: Store, derived: readonly Derived[]): Promise<number> {
  let written = 0
  for (const batch of batches(derived)) {
    written += await store.write(async (tx) => {
      let count = 0
      for (const { object, index } of batch) count += (await replaceIndex(tx, object, index)) ? 1 : 0
      return count
    })
  }
  return written
}

function* batches(derived: readonly Derived[]): Generator<readonly Derived[]> {
  let batch: Derived[] = []
  let rows = 0
  for (const item of derived) {
    batch.push(item)
    rows += 1 + (item.index.calendar?.instances.length ?? item.index.contact?.length ?? 0)
    if (rows < batchRows) continue
    yield batch
    batch = []
    rows = 0
  }
  if (batch.length > 0) yield batch
}
