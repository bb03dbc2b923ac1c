import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listCustomFields } from '../../../storage/fields/custom-fields.ts'
import type { Writer } from '../../../storage/store.ts'
import type { FactKind, FactRestore } from '../history/fact-kinds.ts'
import { findField } from './fields.ts'
import { setBeside } from './party-fields.ts'

/** Values of fields in the history: those beside cards. Those on cards are in the history of the cards. */
export const fieldFact: FactKind = { kind: 'field', label: 'field', restore }

async function restore(tx: Writer, { partyId, key, before, reach, origin }: FactRestore): Promise<void> {
  const field = await findField(tx, reach, Number(key))
  if (!field) {
    const isGone = !(await listCustomFields(tx, reach.bookIds)).some(({ id }) => id === Number(key))
    throw refuseStatus(409, isGone ? 'The field is not there any more.' : 'The field cannot be read.')
  }
  await setBeside(tx, partyId, field, before === undefined ? null : before.value, origin)
}
