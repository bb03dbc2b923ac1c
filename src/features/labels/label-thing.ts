import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { ThingKind, ThingRestore } from '../history/things/kinds.ts'
import { notThere } from '../people/asking.ts'
import { mustMay } from '../team/team-roles.ts'
import { colorLabel, dropOwn, renameOwn, seenLabel } from './own.ts'
import { labelName } from './schema.ts'

/** Labels that somebody has made, or given a colour, in the history: what they are called, and how they look. */
export const labelThing: ThingKind = {
  kind: 'label',
  find: async (_reader, { principal }, name) => {
    const read = labelName.safeParse(name)
    if (!read.success) throw notThere()
    return { kind: 'label', key: read.data, ownerId: principal.id }
  },
  isThere: async (reader, session, { key }) => (await seenLabel(reader, session, key)) !== undefined,
  isShown: async (_reader, { principal }, { ownerId }) => ownerId === principal.id,
  told: async (_reader, property, value) =>
    value === null || property === 'isMade' ? undefined : String(value),
  patch: async (tx, { session, key, state, origin, settings, isUndo }) => {
    // Nobody made it: the cards that have it are all of it.
    if (state.isMade === false) return
    await mustMay(tx, session, 'define-labels')
    const { name = key, color } = state
    if (name !== key && !isUndo)
      throw refuseStatus(409, 'It was renamed on cards too: undo the request that did it.')
    if (typeof name === 'string' && name !== key)
      await renameOwn(tx, session.principal.id, { from: key, to: name }, origin)
    if (color !== undefined)
      await colorLabel(tx, session, { name: String(name), color: colorOf(color) }, { settings, origin })
  },
  make: async (tx, { session, key, state, origin, settings, isUndo }: ThingRestore) => {
    // One that nobody made is there again by the cards that have it.
    if (isUndo && state.isMade === false) return
    await mustMay(tx, session, 'define-labels')
    await colorLabel(tx, session, { name: key, color: colorOf(state.color) }, { settings, origin })
  },
  remove: async (tx, { session, key, origin }) => {
    await mustMay(tx, session, 'define-labels')
    await dropOwn(tx, session.principal.id, key, origin)
  },
}

const colorOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
