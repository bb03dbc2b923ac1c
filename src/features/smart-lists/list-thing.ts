import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { rekeyThing } from '../../../storage/history/thing-revisions.ts'
import { findSmartList, type SmartListRow } from '../../../storage/smart-lists/lists.ts'
import type { Writer } from '../../../storage/store.ts'
import type { ThingKind, ThingRestore } from '../history/things/kinds.ts'
import { readState } from '../history/things/record.ts'
import { notThere } from '../people/asking.ts'
import { toldFilter } from './asking/told-filter.ts'
import { filter as filterSchema } from './schema.ts'
import { editList, makeList, type WantedList } from './smart-lists.ts'
import { bringBackList, dropList } from './trash.ts'

/** Saved lists in the history: what they are called, and whom they ask for. */
export const listThing: ThingKind = {
  kind: 'list',
  find: async (_reader, { principal }, name) => {
    if (!/^\d{1,15}$/.test(name)) throw notThere()
    return { kind: 'list', key: String(Number(name)), ownerId: principal.id }
  },
  isThere: async (reader, { principal }, { key }) =>
    (await findSmartList(reader, Number(key)))?.principalId === principal.id,
  isShown: async (_reader, { principal }, { ownerId }) => ownerId === principal.id,
  told: async (reader, property, value, _state, session) => {
    if (value === null || property === 'principals') return undefined
    return property === 'filter' ? toldFilter(reader, session, value) : String(value)
  },
  patch: async (tx, restore) => {
    await editList(tx, await mustFind(tx, restore), wishOf(restore.state), restore)
  },
  make: async (tx, restore) => {
    const { session, key, origin, settings, newId } = restore
    const back = await bringBackList(tx, session.principal, Number(key), { origin, settings, newId })
    if (back && 'reason' in back) throw refuseStatus(409, back.reason)
    if (back) {
      await editList(tx, await mustFind(tx, restore), wishOf(restore.state), restore)
      return
    }
    const { name = '', description = '', color = null, filter } = wishOf(restore.state)
    if (!filter) throw notThere()
    const { id } = await makeList(tx, { name, description, color, filter }, restore)
    await rekeyThing(tx, { kind: 'list', key, ownerId: session.principal.id }, String(id))
  },
  remove: async (tx, restore) => dropList(tx, await mustFind(tx, restore), restore),
}

async function mustFind(tx: Writer, { session, key }: ThingRestore): Promise<SmartListRow> {
  const list = await findSmartList(tx, Number(key))
  if (list?.principalId !== session.principal.id) throw notThere()
  return list
}

/** What of a state is there; whom the filter names is looked up again. */
function wishOf(state: ThingRestore['state']): Partial<WantedList> {
  const { name, description, color, filter } = state
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof description === 'string' && { description }),
    ...(color !== undefined && { color: typeof color === 'string' ? color : null }),
    ...(filter !== undefined && { filter: readState(filterSchema, filter) }),
  }
}
