import type { Origin } from '../../../storage/origin.ts'
import type { SmartListRow } from '../../../storage/smart-lists/lists.ts'
import type { Writer } from '../../../storage/store.ts'
import { recordThing, type ThingChange, type ThingState } from '../history/things/record.ts'

/** A list as its history has it. */
export function stateOfList({ name, description, color, filter, principals }: SmartListRow): ThingState {
  return {
    ...{ name, description, color, filter: JSON.parse(filter) as unknown },
    principals: JSON.parse(principals) as unknown,
  }
}

/** Writes down that a list was changed. */
export function recordList(
  tx: Writer,
  { id, principalId }: SmartListRow,
  states: Pick<ThingChange, 'before' | 'after'>,
  origin: Origin,
): Promise<void> {
  return recordThing(tx, { kind: 'list', key: String(id), ownerId: principalId, ...states }, origin)
}
