import type { Origin } from '../../../storage/origin.ts'
import { listMaskHoldings, listRoleHoldings, listRoleMasks } from '../../../storage/roles/definitions.ts'
import { listTeamRoles } from '../../../storage/roles/team-roles.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { listMasks } from '../../../storage/virtual/masks.ts'
import { recordThing, type ThingState } from '../history/things/record.ts'

/** Every role, or every mask, as its history has it, by its key. */
type States = ReadonlyMap<string, ThingState>

/**
 * Changes roles or masks, and writes down what of which: what one of them loses by the end of another, too.
 * @param act  what is done, which is not recorded by itself
 */
export async function recorded<T>(tx: Writer, origin: Origin, act: () => Promise<T>): Promise<T> {
  const before = await statesOf(tx)
  const done = await act()
  const after = await statesOf(tx)
  // What came or went is last: whoever goes back makes it again, or takes it away, before what names it.
  for (const isWhole of [false, true])
    for (const kind of ['role', 'mask'] as const)
      for (const key of new Set([...before[kind].keys(), ...after[kind].keys()])) {
        const states = { before: before[kind].get(key), after: after[kind].get(key) }
        if ((states.before === undefined || states.after === undefined) !== isWhole) continue
        await recordThing(tx, { kind, key, ownerId: null, ...states }, origin)
      }
  return done
}

async function statesOf(reader: Reader): Promise<Readonly<Record<'role' | 'mask', States>>> {
  const roleHoldings = await listRoleHoldings(reader)
  const maskHoldings = await listMaskHoldings(reader)
  const carried = await listRoleMasks(reader)
  const roles = (await listTeamRoles(reader)).map(({ id, name, builtIn, capabilities }) => {
    const masks = carried.filter(({ roleId }) => roleId === id).map(({ maskId }) => maskId)
    const holders = roleHoldings.filter(({ roleId }) => roleId === id).map(({ principalId }) => principalId)
    const may = capabilities.split(' ').filter((word) => word !== '')
    return [String(id), { name, builtIn, capabilities: may, masks, holders }] as const
  })
  const masks = (await listMasks(reader)).map(({ id, name, rules }) => {
    const { hide = [], only = null, books = null } = JSON.parse(rules) as ThingState
    const holders = maskHoldings.filter(({ maskId }) => maskId === id).map(({ principalId }) => principalId)
    const ofRoles = carried.filter(({ maskId }) => maskId === id).map(({ roleId }) => roleId)
    return [String(id), { name, hide, only, books, holders, roles: ofRoles }] as const
  })
  return { role: new Map(roles), mask: new Map(masks) }
}
