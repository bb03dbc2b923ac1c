import type { Writer } from '../../../storage/store.ts'
import type { ThingKind, ThingRestore } from '../history/things/kinds.ts'
import { notThere } from '../people/asking.ts'
import { reachOf } from '../people/reach.ts'
import { capabilitiesOf } from '../team/team-roles.ts'
import { bringBackField, dropField, editField, findField } from './fields.ts'
import { fieldPatchOf, goneFieldOf } from './record.ts'
import type { FieldOptions } from './schema.ts'

/** What fields are called, and what can be chosen in them, in the history. What stands in them is in that of people. */
export const fieldThing: ThingKind = {
  kind: 'field',
  find: async (_reader, _session, name) => {
    if (!/^\d{1,15}$/.test(name)) throw notThere()
    return { kind: 'field', key: String(Number(name)), ownerId: null }
  },
  isThere: async (reader, session, { key }) =>
    (await findField(reader, await reachOf(reader, session), Number(key))) !== undefined,
  isShown: async (reader, session, _thing, { book = null }) => {
    if (book === null) return (await capabilitiesOf(reader, session)).has('define-fields')
    return (await reachOf(reader, session)).bookIds.some((id) => id === book)
  },
  told: async (_reader, property, value) => {
    if (value === null || property === 'book' || property === 'key') return undefined
    return typeof value === 'object' ? JSON.stringify(value) : String(value)
  },
  patch: async (tx, restore) => {
    const { found, reach } = await mustFind(tx, restore)
    const { options, ...patch } = fieldPatchOf(restore.state)
    const wanted = { ...patch, ...(options && { options: withAnswers(options, found.options) }) }
    await editField(tx, restore.session, reach, found, wanted, restore.origin)
  },
  make: async (tx, { session, key, state, origin }) => {
    const field = goneFieldOf(Number(key), state)
    if (!field) throw notThere()
    await bringBackField(tx, session, await reachOf(tx, session), field, origin)
  },
  remove: async (tx, restore) => {
    const { found, reach } = await mustFind(tx, restore)
    await dropField(tx, restore.session, reach, found, restore.origin)
  },
}

async function mustFind(tx: Writer, { session, key }: ThingRestore) {
  const reach = await reachOf(tx, session)
  const found = await findField(tx, reach, Number(key))
  if (!found) throw notThere()
  return { found, reach }
}

/** Answers that came later may have been given: they are retired, and not taken away. */
function withAnswers(then: FieldOptions, now: FieldOptions): FieldOptions {
  if (!then.choices) return then
  const known = new Set(then.choices.map(({ key }) => key))
  const later = (now.choices ?? []).filter(({ key }) => !known.has(key))
  return { ...then, choices: [...then.choices, ...later.map((one) => ({ ...one, isRetired: true }))] }
}
