import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Origin } from '../../../storage/origin.ts'
import { setHoldersOfRole } from '../../../storage/roles/definitions.ts'
import { setMasksOfRole } from '../../../storage/roles/role-masks.ts'
import { findTeamRole, type TeamRoleRow } from '../../../storage/roles/team-roles.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { findMaskById } from '../../../storage/virtual/masks.ts'
import type { ThingKind, ThingRestore } from '../history/things/kinds.ts'
import { readState, type ThingState } from '../history/things/record.ts'
import { notThere } from '../people/asking.ts'
import { reviewMasks } from '../virtual/virtual.ts'
import { dropRole } from './edit-roles.ts'
import { recorded } from './record.ts'
import { capabilities } from './schema.ts'
import {
  checkSomebodyAdministers,
  editTeamRole,
  makeTeamRole,
  may,
  mustAdministerInPerson,
} from './team-roles.ts'
import { toldHolders, toldMasks } from './told.ts'

/** What roles let do, and who holds them, in the history. */
export const roleThing: ThingKind = {
  kind: 'role',
  isInPerson: true,
  find: async (_reader, _session, name) => {
    if (!/^\d{1,15}$/.test(name)) throw notThere()
    return { kind: 'role', key: String(Number(name)), ownerId: null }
  },
  isThere: async (reader, session, { key }) =>
    (await may(reader, session, 'administer')) && (await findTeamRole(reader, Number(key))) !== undefined,
  isShown: (reader, session) => may(reader, session, 'administer'),
  told,
  patch: async (tx, restore) => {
    const role = await mustFind(tx, restore)
    const state = readState(patches, restore.state)
    await settled(tx, restore.origin, async () => {
      const { name, capabilities: allowed } = state
      if (name !== undefined || allowed) await editTeamRole(tx, role, { name, capabilities: allowed })
      await setRest(tx, role, state)
    })
  },
  make: async (tx, restore) => {
    await mustAdministerInPerson(tx, restore.session)
    const state = readState(states, restore.state)
    await settled(tx, restore.origin, async () => {
      const role = await makeTeamRole(tx, state.name, state.capabilities, Number(restore.key))
      await setRest(tx, role, state)
    })
  },
  remove: async (tx, restore) => {
    await dropRole(tx, await mustFind(tx, restore), restore.origin)
    await checkSomebodyAdministers(tx)
  },
}

const ids = z.array(z.int())
const states = z.object({
  name: z.string(),
  // What is not known by now lets nobody do anything.
  capabilities: z
    .array(z.string())
    .transform((words) => capabilities.filter((capability) => words.includes(capability))),
  masks: ids,
  holders: ids,
})
const patches = states.partial()

async function told(
  reader: Reader,
  property: string,
  value: unknown,
  { builtIn }: ThingState,
): Promise<string | undefined> {
  if (value === null || property === 'builtIn') return undefined
  if (property === 'holders')
    return builtIn === 'everyone' ? undefined : toldHolders(reader, ids.parse(value))
  if (property === 'masks') return toldMasks(reader, ids.parse(value))
  return Array.isArray(value) ? value.join(', ') : String(value)
}

async function mustFind(tx: Writer, restore: ThingRestore): Promise<TeamRoleRow> {
  await mustAdministerInPerson(tx, restore.session)
  const role = await findTeamRole(tx, Number(restore.key))
  if (!role) throw notThere()
  return role
}

/** Somebody has to be able to change it back. */
async function settled(tx: Writer, origin: Origin, act: () => Promise<void>): Promise<void> {
  await recorded(tx, origin, async () => {
    await act()
    await reviewMasks(tx, origin)
  })
  await checkSomebodyAdministers(tx)
}

/** Who holds it of those who are there still, and what they do not see: without a mask that is gone they would see more. */
async function setRest(
  tx: Writer,
  { id, builtIn }: TeamRoleRow,
  { masks, holders }: z.output<typeof patches>,
): Promise<void> {
  for (const mask of masks ?? [])
    if (!(await findMaskById(tx, mask)))
      throw refuseStatus(409, 'A mask of this role was removed: bring that back first.')
  if (masks) await setMasksOfRole(tx, id, masks)
  if (holders && builtIn !== 'everyone') await setHoldersOfRole(tx, id, holders)
}
