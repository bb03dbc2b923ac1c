import { importJobs, runImportJob, runUndoJob } from '../features/imports/uploads.ts'
import type { Job } from './runner.ts'

/** Imports a file that was sent; its id is that of the batch. One that was stopped goes on where it was. */
export const importJob: Job = {
  kind: importJobs.run,
  run: (services, signal, id) => runImportJob(services, Number(id), signal),
}

/** Undoes an import; its id is that of the batch. */
export const undoJob: Job = {
  kind: importJobs.undo,
  run: (services, signal, id) => runUndoJob(services, Number(id), { signal, isForced: false }),
}

/** Undoes it with what was changed since. */
export const forcedUndoJob: Job = {
  kind: importJobs.forcedUndo,
  run: (services, signal, id) => runUndoJob(services, Number(id), { signal, isForced: true }),
}
