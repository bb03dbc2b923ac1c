import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { MembershipRow, OrgLinkRow, RelationRow } from '../../../storage/facts/tables.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { type ChangeCall, change, type Described, idIn, type Method, type Route } from '../../api/route.ts'
import { etagNow, type Opened, openParty } from '../people/asking.ts'
import { seeParties } from '../people/parties.ts'
import { isVeiled, jobVeil } from '../people/veil.ts'
import { addParent, changeParent, removeParent } from './hierarchy.ts'
import { addMembership, changeMembership, removeMembership } from './memberships.ts'
import { addRelation, changeRelation, removeRelation } from './relations.ts'
import {
  membership,
  membershipChange,
  newMembership,
  newOrgLink,
  newRelation,
  orgLink,
  orgLinkChange,
  relation,
  relationChange,
} from './schema.ts'
import { shownLink, shownMembership, shownRelation } from './show.ts'

const lists = {
  memberships: { path: '/parties/:id/memberships', affects: 'cards' },
  relations: { path: '/parties/:id/relations', affects: 'cards' },
  parents: { path: '/parties/:id/parents', affects: 'facts' },
} as const

/** What cards say of jobs. */
const jobProperties = ['ORG', 'TITLE', 'ROLE']

/** Where people work, whom they know, and what organisations are part of; an If-Match is of the party's version. */
export const factRoutes: readonly Route[] = [
  change(
    to('POST', 'memberships', 'Say where somebody works'),
    { body: newMembership, reply: membership, statuses: [201] },
    async (tx, call) => {
      const opened = await openVeiled(tx, call, jobProperties)
      return membershipAnswer(tx, opened, await addMembership(tx, opened, call.body))
    },
  ),
  change(
    to('PATCH', 'memberships', 'Change what is said of it'),
    { body: membershipChange, reply: membership },
    async (tx, call) => {
      const opened = await openVeiled(tx, call, jobProperties)
      return membershipAnswer(tx, opened, await changeMembership(tx, opened, itemIn(call), call.body))
    },
  ),
  change(to('DELETE', 'memberships', 'Somebody has never worked there'), {}, async (tx, call) => {
    const opened = await openVeiled(tx, call, jobProperties)
    await removeMembership(tx, opened, itemIn(call))
    return { etag: await etagNow(tx, opened.party.row.id) }
  }),
  change(
    to('POST', 'relations', 'Say whom somebody knows, and as what'),
    { body: newRelation, reply: relation, statuses: [201] },
    async (tx, call) => {
      const opened = await openVeiled(tx, call, ['RELATED'])
      return relationAnswer(tx, opened, await addRelation(tx, opened, call.body))
    },
  ),
  change(
    to('PATCH', 'relations', 'Change what is said of it'),
    { body: relationChange, reply: relation },
    async (tx, call) => {
      const opened = await openVeiled(tx, call, ['RELATED'])
      return relationAnswer(tx, opened, await changeRelation(tx, opened, itemIn(call), call.body))
    },
  ),
  change(to('DELETE', 'relations', 'They are not that to each other'), {}, async (tx, call) => {
    const opened = await openVeiled(tx, call, ['RELATED'])
    await removeRelation(tx, opened, itemIn(call))
    return { etag: await etagNow(tx, opened.party.row.id) }
  }),
  change(
    to('POST', 'parents', 'Make an organisation part of another'),
    { body: newOrgLink, reply: orgLink, statuses: [201] },
    async (tx, call) => {
      const opened = await openParty(tx, call)
      const { organisation, ...input } = call.body
      return linkAnswer(tx, opened, await addParent(tx, opened, organisation, input))
    },
  ),
  change(
    to('PATCH', 'parents', 'Change what is said of that'),
    { body: orgLinkChange, reply: orgLink },
    async (tx, call) => {
      const opened = await openParty(tx, call)
      return linkAnswer(tx, opened, await changeParent(tx, opened, itemIn(call), call.body))
    },
  ),
  change(to('DELETE', 'parents', 'It has never been part of that'), {}, async (tx, call) => {
    const opened = await openParty(tx, call)
    await removeParent(tx, opened, itemIn(call))
    return { etag: await etagNow(tx, opened.party.row.id) }
  }),
]

function to(
  method: Method,
  list: keyof typeof lists,
  summary: string,
): Described & { readonly affects: 'facts' | 'cards' } {
  const { path, affects } = lists[list]
  return { method, path: method === 'POST' ? path : `${path}/:item`, summary, scope: 'people', affects }
}

/** The same where all of what cards say of it is seen: what one does not see one does not change. @throws refusal 403 */
async function openVeiled(
  tx: Writer,
  call: ChangeCall<unknown>,
  properties: readonly string[],
): Promise<Opened> {
  const opened = await openParty(tx, call)
  if (properties.some((property) => isVeiled(opened.reach, opened.party.placements, property)))
    throw refuseStatus(403, 'You do not see all that is known of this, so you cannot change it.')
  return opened
}

/** The id of a fact in the path. */
function itemIn({ params }: Pick<ChangeCall<unknown>, 'params'>): number {
  return idIn({ params: { id: params.item ?? '' } })
}

async function membershipAnswer(reader: Reader, { reach, party }: Opened, row: MembershipRow) {
  const body = shownMembership(row, await seeing(reader, reach, row.orgId), jobVeil(reach, party.placements))
  return { body: must(body), etag: await etagNow(reader, party.row.id) }
}

async function relationAnswer(reader: Reader, { reach, party }: Opened, row: RelationRow) {
  const body = shownRelation(row, await seeing(reader, reach, row.otherId))
  return { body: must(body), etag: await etagNow(reader, party.row.id) }
}

async function linkAnswer(reader: Reader, { reach, party }: Opened, row: OrgLinkRow) {
  const above = (await seeing(reader, reach, row.parentId)).get(row.parentId)
  return { body: must(shownLink(row, above)[0]), etag: await etagNow(reader, party.row.id) }
}

function seeing(reader: Reader, reach: Opened['reach'], id: PartyId | null) {
  return seeParties(reader, reach, id === null ? [] : [id])
}

function must<T>(shown: T | undefined): T {
  if (shown === undefined) throw new Error('What was written is not seen.')
  return shown
}
