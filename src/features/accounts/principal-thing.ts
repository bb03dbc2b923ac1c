import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listGroupMembers } from '../../../storage/groups.ts'
import {
  findLivingPrincipal,
  findPrincipalByName,
  findPrincipalsByIds,
  type PrincipalRow,
  setBookableTraits,
  setLocked,
} from '../../../storage/principals.ts'
import { setQuota } from '../../../storage/quotas.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { foldName } from '../../auth/basic.ts'
import type { ThingKind, ThingRestore } from '../history/things/kinds.ts'
import { readState } from '../history/things/record.ts'
import { notThere } from '../people/asking.ts'
import { may, mustAdministerInPerson } from '../team/team-roles.ts'
import { AccountError } from './account-error.ts'
import { renameAccount } from './accounts.ts'
import { changeNames } from './asked.ts'
import { putIn, takeOut } from './groups.ts'
import { recordedPrincipal, thingOfKind } from './record.ts'
import { changeTraits } from './traits.ts'

/** What accounts, groups, rooms and resources are called and like, and who is in a group, in the history. */
export const accountThing = thing('account')
export const groupThing = thing('group')
export const roomThing = thing('room')

function thing(kind: (typeof thingOfKind)[keyof typeof thingOfKind]): ThingKind {
  return {
    kind,
    isInPerson: true,
    lists: ['members'],
    find: async (reader, _session, name) => {
      const row = await findPrincipalByName(reader, foldName(name))
      if (!row || thingOfKind[row.kind] !== kind) throw notThere()
      return { kind, key: String(row.id), ownerId: null }
    },
    isThere: async (reader, session, { key }) =>
      (await may(reader, session, 'administer')) &&
      (await findLivingPrincipal(reader, Number(key))) !== undefined,
    isShown: (reader, session) => may(reader, session, 'administer'),
    told,
    patch,
    // Who was removed comes back with all that he had, and not by his history.
    make: gone,
    remove: gone,
  }
}

async function gone(): Promise<never> {
  throw refuseStatus(409, 'It was removed: bring that back first.')
}

const states = z
  .object({
    ...{ displayName: z.string(), email: z.string().nullable(), name: z.string() },
    ...{ language: z.string().nullable(), timeZone: z.string().nullable() },
    ...{ requestLimit: z.int().nullable(), limitBytes: z.int().nullable(), isLocked: z.boolean() },
    ...{ description: z.string().nullable(), place: z.string().nullable(), capacity: z.int().nullable() },
    members: z.array(z.int()),
  })
  .partial()
type State = z.output<typeof states>

async function told(reader: Reader, property: string, value: unknown): Promise<string | undefined> {
  if (value === null) return undefined
  if (property !== 'members') return String(value)
  const rows = await findPrincipalsByIds(reader, z.array(z.int()).parse(value))
  return rows.map((row) => row.displayName || row.name).join(', ')
}

async function patch(tx: Writer, restore: ThingRestore): Promise<void> {
  const { session, key, origin } = restore
  await mustAdministerInPerson(tx, session)
  const row = await findLivingPrincipal(tx, Number(key))
  if (!row) throw notThere()
  const state = readState(states, restore.state)
  try {
    await recordedPrincipal(tx, row.id, origin, () => makeSo(tx, row, state, restore))
  } catch (error) {
    if (error instanceof AccountError) throw refuseStatus(409, error.message)
    throw error
  }
}

async function makeSo(tx: Writer, row: PrincipalRow, state: State, restore: ThingRestore): Promise<void> {
  await changeNames(tx, row, state)
  const { language, timeZone, requestLimit, description, place, capacity } = state
  await changeTraits(tx, row.id, { language, timeZone, requestLimit })
  await setBookableTraits(tx, row.id, { description, place, capacity })
  if (state.limitBytes !== undefined) await setQuota(tx, row.id, state.limitBytes)
  if (state.isLocked !== undefined && state.isLocked !== (row.lockedAt !== null)) {
    if (row.id === restore.session.principal.id)
      throw refuseStatus(422, 'That is your own account: somebody else has to lock it.')
    await setLocked(tx, row.id, state.isLocked)
  }
  if (state.members) await setMembers(tx, row, state.members, restore)
  if (state.name !== undefined && state.name !== row.name) await renameAccount(tx, row.name, state.name)
}

/** Those who are there still. */
async function setMembers(
  tx: Writer,
  group: PrincipalRow,
  wanted: readonly number[],
  { settings, newId, origin }: ThingRestore,
): Promise<void> {
  const sharing = { settings, newId, origin }
  const now = await listGroupMembers(tx, group.id)
  const isIn = new Set(now.map(({ id }) => id))
  for (const member of now) if (!wanted.includes(member.id)) await takeOut(tx, group, member, sharing)
  for (const id of wanted) {
    const member = isIn.has(id) ? undefined : await findLivingPrincipal(tx, id)
    if (member) await putIn(tx, group, member, sharing)
  }
}
