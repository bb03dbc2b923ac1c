import { addFactEvent, addFactEvents } from '../../../storage/events.ts'
import { addRole, removeRole, rolesOf } from '../../../storage/facts/roles.ts'
import type { PartyId, PrincipalId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { changeParty, passOwner, passOwnerBack } from '../../../storage/people/parties.ts'
import type { Writer } from '../../../storage/store.ts'
import { recordFact } from '../history/history.ts'
import type { Opened } from '../people/asking.ts'
import { checkRoom } from './row-facts.ts'
import { knownRoles } from './schema.ts'

/** A role as it is kept: those that everybody knows in lower case, own ones as they are written. */
export function roleNamed(given: string): string {
  const folded = given.trim().toLowerCase()
  return knownRoles.some((role) => role === folded) ? folded : given.trim().replace(/\s+/g, ' ')
}

/** Gives somebody these roles and no others. @throws refusal 422 where they are too many */
export async function setRoles(tx: Writer, opened: Opened, given: readonly string[]): Promise<void> {
  const { id } = opened.party.row
  const before = (await rolesOf(tx, [id])).map(({ role }) => role)
  const known = new Map(before.map((role) => [role.toLowerCase(), role]))
  const wanted = new Map(
    given.map(roleNamed).map((role) => [role.toLowerCase(), known.get(role.toLowerCase()) ?? role]),
  )
  checkRoom(wanted.size - 1, opened.settings.limits.rolesPerParty, 'roles')
  const after = new Set(wanted.values())
  for (const role of before) if (!after.has(role)) await setRole(tx, id, role, false, opened.origin)
  for (const role of after) await setRole(tx, id, role, true, opened.origin)
}

export async function setRole(
  tx: Writer,
  id: PartyId,
  role: string,
  has: boolean,
  origin: Origin,
): Promise<void> {
  const isChanged = has ? await addRole(tx, id, role) : await removeRole(tx, id, role)
  if (!isChanged) return
  await changeParty(tx, id)
  const [before, after] = has ? [undefined, { role }] : [{ role }, undefined]
  await recordFact(tx, { partyId: id, kind: 'role', key: role, before, after }, origin)
  await addFactEvent(tx, { kind: has ? 'role-added' : 'role-removed', parties: [id] }, origin)
}

/** @param before  who it was @param after  who looks after somebody; null for nobody */
export async function setOwner(
  tx: Writer,
  id: PartyId,
  { before, after }: { readonly before: PrincipalId | null; readonly after: PrincipalId | null },
  origin: Origin,
): Promise<void> {
  if (before === after) return
  await changeParty(tx, id, { ownerId: after })
  const state = (owner: PrincipalId | null) => (owner === null ? undefined : { owner })
  await recordFact(
    tx,
    { partyId: id, kind: 'owner', key: '', before: state(before), after: state(after) },
    origin,
  )
  await addFactEvent(tx, { kind: 'owner-changed', parties: [id] }, origin)
}

/** Whoever somebody looked after is looked after by another from now on, or by nobody. @returns whom */
export async function handOverOwned(
  tx: Writer,
  from: PrincipalId,
  to: PrincipalId | null,
  origin: Origin,
): Promise<readonly PartyId[]> {
  const ids = await passOwner(tx, from, to)
  await tellOwner(tx, ids, { from, to }, origin)
  return ids
}

/** Whoever is looked after still by whom he was given to then, or by nobody, is looked after by the one before. @returns how many */
export async function giveOwnedBack(
  tx: Writer,
  people: readonly PartyId[],
  { from, to }: { readonly from: PrincipalId | null; readonly to: PrincipalId },
  origin: Origin,
): Promise<number> {
  const ids = await passOwnerBack(tx, people, { from, to })
  await tellOwner(tx, ids, { from, to }, origin)
  return ids.length
}

async function tellOwner(
  tx: Writer,
  ids: readonly PartyId[],
  { from, to }: { readonly from: PrincipalId | null; readonly to: PrincipalId | null },
  origin: Origin,
): Promise<void> {
  const state = (owner: PrincipalId | null) => (owner === null ? undefined : { owner })
  const [before, after] = [state(from), state(to)]
  for (const partyId of ids) await recordFact(tx, { partyId, kind: 'owner', key: '', before, after }, origin)
  await addFactEvents(
    tx,
    ids.map((id) => ({ kind: 'owner-changed', parties: [id] })),
    origin,
  )
}
