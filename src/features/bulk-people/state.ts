import type { z } from 'zod'
import type { BatchRow } from '../../../storage/batches/batches.ts'
import { totalOf } from './run.ts'
import type { peopleChangeState } from './schema.ts'

/** How far a job is that changes many people, or how it ended. */
export function shown(batch: BatchRow) {
  const { id, key, reached, updated, removed, unchanged, skipped } = batch
  const [total, done] = [totalOf(batch), Number(reached ?? 0)]
  return {
    ...{ id, state: stateOf(batch, done < total), request: key, total, done },
    counts: { changed: updated, removed, unchanged, skipped },
    startedAt: new Date(batch.startedAt).toISOString(),
    touchedAt: new Date(batch.touchedAt).toISOString(),
  }
}

/** It is undone as a request is: see `POST /history/undo`. */
function stateOf(
  { state }: Pick<BatchRow, 'state'>,
  isPart: boolean,
): z.output<typeof peopleChangeState>['state'] {
  if (state === 'running' || state === 'failed') return state
  return isPart ? 'stopped' : 'finished'
}
