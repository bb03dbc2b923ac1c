import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { findFact } from '../../../storage/facts/fact-rows.ts'
import {
  type MembershipRow,
  membershipTable,
  type OrgLinkRow,
  orgLinkTable,
  type RelationRow,
  relationTable,
} from '../../../storage/facts/tables.ts'
import type { PartyId } from '../../../storage/ids.ts'
import { findParties } from '../../../storage/people/parties.ts'
import { findLivingPrincipal } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { FactKind, FactRestore } from '../history/fact-kinds.ts'
import { type Acting, mustWrite } from '../people/asking.ts'
import { save as saveLink } from './hierarchy.ts'
import { membershipsOf, saveMembership } from './memberships.ts'
import { saveRelation } from './relations.ts'
import { setOwner, setRole } from './roles.ts'
import { orgLinks, setFact } from './row-facts.ts'

const day = z.string().nullable()
const membershipState = z.object({
  ...{ id: z.int(), partyId: z.int(), orgId: z.int().nullable(), isPrimary: z.int() },
  ...{ orgName: z.string(), department: z.string(), title: z.string(), role: z.string() },
  ...{ fromOn: day, untilOn: day },
})
const relationState = z.object({
  ...{ id: z.int(), partyId: z.int(), otherId: z.int().nullable(), type: z.string(), inverse: z.string() },
  ...{ name: z.string(), otherName: z.string(), sinceOn: day, untilOn: day },
})
const linkState = z.object({
  ...{ id: z.int(), partyId: z.int(), parentId: z.int(), kind: z.string() },
  ...{ fromOn: day, untilOn: day },
})

/** The kinds of facts of this feature, for the history: each can be brought back. */
export const partyFacts: readonly FactKind[] = [
  {
    kind: 'owner',
    label: 'owner',
    restore: async (tx, restore, services) => {
      const { party } = await opened(tx, restore, services)
      const id = z.object({ owner: z.int() }).safeParse(restore.before).data?.owner
      const after = id === undefined ? null : ((await findLivingPrincipal(tx, id))?.id ?? null)
      await setOwner(tx, party, { before: await ownerOf(tx, party), after }, restore.origin)
    },
  },
  {
    kind: 'role',
    label: 'role',
    restore: async (tx, restore, services) => {
      const { party } = await opened(tx, restore, services)
      await setRole(tx, party, restore.key, restore.before !== undefined, restore.origin)
    },
  },
  {
    kind: 'membership',
    label: 'membership',
    names: ['partyId', 'orgId'],
    properties: ['ORG', 'TITLE', 'ROLE'],
    restore: async (tx, restore, services) => {
      const { acting, party } = await opened(tx, restore, services)
      const now = await findFact<MembershipRow>(tx, membershipTable, Number(restore.key))
      const before = restore.before && membershipState.parse(restore.before)
      const wanted = before && { ...before, partyId: party, orgId: await stillThere(tx, before.orgId) }
      await saveMembership(tx, acting, await membershipsOf(tx, party), now, wanted)
    },
  },
  {
    kind: 'relation',
    label: 'relation',
    names: ['partyId', 'otherId'],
    properties: ['RELATED'],
    restore: async (tx, restore, services) => {
      const { acting } = await opened(tx, restore, services)
      const now = await findFact<RelationRow>(tx, relationTable, Number(restore.key))
      const before = restore.before && relationState.parse(restore.before)
      const ids = before && [await mustBeThere(tx, before.partyId), await stillThere(tx, before.otherId)]
      const [partyId, otherId = null] = ids ?? []
      const wanted = before && partyId != null ? { ...before, partyId, otherId } : undefined
      await saveRelation(tx, acting, now, wanted)
    },
  },
  {
    kind: 'organisation',
    label: 'organisation above',
    names: ['partyId', 'parentId'],
    restore: async (tx, restore, services) => {
      const { acting } = await opened(tx, restore, services)
      const now = await findFact<OrgLinkRow>(tx, orgLinkTable, Number(restore.key))
      if (!restore.before) return void (await setFact(tx, orgLinks, now, undefined, restore.origin))
      const state = linkState.parse(restore.before)
      const partyId = await mustBeThere(tx, state.partyId)
      const parentId = await mustBeThere(tx, state.parentId)
      await saveLink(tx, acting, now, { ...state, partyId, parentId })
    },
  },
]

/** Whoever restores may write what he restores. @throws refusal 404, 403 */
async function opened(
  tx: Writer,
  { partyId, session, reach, origin }: FactRestore,
  { settings }: Pick<Acting, 'settings'>,
): Promise<{ readonly acting: Acting; readonly party: PartyId }> {
  const acting = { session, reach, origin, settings }
  return { acting, party: (await mustWrite(tx, acting, partyId)).row.id }
}

async function ownerOf(reader: Reader, id: PartyId) {
  return (await findParties(reader, [id])).get(id)?.ownerId ?? null
}

/** The party, or the one that it was merged into; null for one who is gone for good. */
async function stillThere(reader: Reader, id: PartyId | null): Promise<PartyId | null> {
  if (id === null) return null
  const row = (await findParties(reader, [id])).get(id)
  return row ? (row.mergedInto ?? row.id) : null
}

/** @throws refusal 409 */
async function mustBeThere(reader: Reader, id: PartyId): Promise<PartyId> {
  const found = await stillThere(reader, id)
  if (found === null) throw refuseStatus(409, 'Whom this is about is gone for good.')
  return found
}
