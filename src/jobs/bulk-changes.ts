import { labelJobKind } from '../../storage/lists/becoming.ts'
import { settleJobKind } from '../../storage/lists/unsettled.ts'
import { bulkJobKind, runBulk } from '../features/bulk-people/run.ts'
import { runUndo, undoJobKind } from '../features/history/undo/undo.ts'
import { runLabelWork } from '../features/labels/labels.ts'
import { settleLists } from '../features/lists/lists.ts'
import { fillJobKind, runFilling } from '../features/virtual/virtual.ts'
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

/** Renames a label on many cards, or takes it off them; its id is that of the batch. One that was stopped goes on where it was. */
export const changeLabelJob: Job = {
  kind: labelJobKind,
  run: (services, signal, id) => runLabelWork(services, Number(id), signal),
}

/** Fills the address book of a list with very many people; its id is that of the batch. One that was stopped goes on where it was. */
export const fillBookJob: Job = {
  kind: fillJobKind,
  run: (services, signal, id) => runFilling(services, Number(id), signal),
}

/** Writes the group cards of a list that whoever changed its people was kept from writing; its id says of which. */
export const settleListsJob: Job = {
  kind: settleJobKind,
  async run(services, _signal, id) {
    await settleLists(services, { kind: 'job' }, [`${settleJobKind}:${id}`])
    return 'over'
  },
}
