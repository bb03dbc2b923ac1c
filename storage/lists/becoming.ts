import { type BatchRow, findBatchById } from '../batches/batches.ts'
import type { CollectionId } from '../ids.ts'
import type { Reader } from '../store.ts'
import { formerNames } from './unsettled.ts'

/** The kind of job that renames a label on many cards, or takes it off them; its id is that of the batch. */
export const labelJobKind = 'change-label'

/** What such a job keeps of what was asked for, and of where it is to go on. */
export interface LabelWork {
  readonly action: { readonly do: string; readonly from: string; readonly to?: string }
}

/**
 * What a label of a book is still called on some cards while it is renamed, by a job or a request: its group cards have the new name
 * already. Whoever leaves the list by them leaves it by its former name too.
 */
export async function labelsBecoming(
  reader: Reader,
  collectionId: CollectionId,
  label: string,
): Promise<string[]> {
  const text = 'SELECT key FROM jobs WHERE key >= $1 AND key < $2'
  const jobs = await reader.sql.all<{ key: string }>(text, [`${labelJobKind}:`, `${labelJobKind};`])
  const former = new Set(await formerNames(reader, collectionId, label))
  for (const { key } of jobs) {
    const batch = await findBatchById(reader, Number(key.slice(labelJobKind.length + 1)))
    if (batch?.state === 'running' && renames(batch, collectionId, label)) former.add(fromOf(batch))
  }
  return [...former]
}

const fromOf = ({ source }: BatchRow): string => (JSON.parse(source) as LabelWork).action.from

function renames({ source, options }: BatchRow, id: CollectionId, label: string): boolean {
  const { action } = JSON.parse(source) as LabelWork
  const { books = [] } = JSON.parse(options) as { readonly books?: readonly CollectionId[] }
  return action.do === 'rename' && action.to === label && books.includes(id)
}
