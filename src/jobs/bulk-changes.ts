import { bulkJobKind, runBulk } from '../features/bulk-people/run.ts'
import { runUndo, undoJobKind } from '../features/history/undo/undo.ts'
import type { Job } from './runner.ts'

/** Undoes what a device did, or what an undo did; its id is that of the batch. One that was stopped goes on where it was. */
export const undoChangesJob: Job = {
  kind: undoJobKind,
  run: (services, signal, id) => runUndo(services, Number(id), signal),
}

/** Does the same to many people; its id is that of the batch. One that was stopped goes on where it was. */
export const bulkPeopleJob: Job = {
  kind: bulkJobKind,
  run: (services, signal, id) => runBulk(services, Number(id), signal),
}
