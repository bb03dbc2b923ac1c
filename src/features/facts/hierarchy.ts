import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { factsBy } from '../../../storage/facts/fact-rows.ts'
import { orgLinksFrom } from '../../../storage/facts/people-of.ts'
import { type OrgLinkRow, orgLinkTable } from '../../../storage/facts/tables.ts'
import type { OrgLinkId, PartyId } from '../../../storage/ids.ts'
import { changeParty } from '../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { type Acting, mustSee, type Opened } from '../people/asking.ts'
import { type SeenParty, seeParties } from '../people/parties.ts'
import { dayOf, isCurrent } from './days.ts'
import { stripped } from './memberships.ts'
import { checkRoom, orgLinks, setFact, type Wanted } from './row-facts.ts'

export interface OrgLinkInput {
  readonly kind?: string | undefined
  readonly from?: string | null | undefined
  readonly until?: string | null | undefined
}

/** Makes an organisation part of another. @throws refusal 422 for a circle, or too many levels */
export async function addParent(
  tx: Writer,
  opened: Opened,
  parent: PartyId,
  { kind = 'subsidiary', from: fromOn = null, until: untilOn = null }: OrgLinkInput,
): Promise<OrgLinkRow> {
  const { party } = opened
  const above = await mustSee(tx, opened, parent)
  for (const { placements } of [party, above])
    if (placements[0].kind !== 'org') throw refuseStatus(422, 'organisation: this is a person')
  const rows = await factsBy(tx, orgLinkTable, 'partyId', [party.row.id])
  checkRoom(rows.length, opened.settings.limits.parentsPerParty, 'organisations that one is part of')
  const wanted = { partyId: party.row.id, parentId: above.row.id, kind, fromOn, untilOn }
  const today = dayOf(tx.now)
  if (rows.some((row) => row.parentId === above.row.id && isCurrent(row, today)))
    throw refuseStatus(422, 'It is part of that already.')
  return save(tx, opened, undefined, wanted)
}

/** @throws refusal 404, 422 */
export async function changeParent(
  tx: Writer,
  opened: Opened,
  item: OrgLinkId,
  { kind, from: fromOn, until: untilOn }: OrgLinkInput,
): Promise<OrgLinkRow> {
  const row = await mustFind(tx, opened, item)
  return save(tx, opened, row, { ...row, ...stripped({ kind, fromOn, untilOn }) })
}

/** @throws refusal 404 */
export async function removeParent(tx: Writer, opened: Opened, item: OrgLinkId): Promise<void> {
  await setFact(tx, orgLinks, await mustFind(tx, opened, item), undefined, opened.origin)
}

/** @throws refusal 422 for a circle, or too many levels */
export async function save(
  tx: Writer,
  { settings, origin }: Pick<Acting, 'settings' | 'origin'>,
  before: OrgLinkRow | undefined,
  wanted: Wanted<OrgLinkRow>,
): Promise<OrgLinkRow> {
  const { partyId, parentId, fromOn, untilOn } = wanted
  if (fromOn !== null && untilOn !== null && untilOn < fromOn)
    throw refuseStatus(422, 'until: it is over before it begins')
  // Two who make halves of a circle at once wait for each other.
  for (const id of [partyId, parentId].sort((one, other) => one - other)) await changeParty(tx, id)
  if (isCurrent(wanted, dayOf(tx.now))) await checkLevels(tx, { partyId, parentId }, settings.limits)
  const saved = await setFact(tx, orgLinks, before, wanted, origin)
  if (!saved) throw new Error('The fact was not written.')
  return saved
}

async function checkLevels(
  tx: Writer,
  { partyId, parentId }: Pick<OrgLinkRow, 'partyId' | 'parentId'>,
  { organisationLevels: most, organisationLinks: limit }: Opened['settings']['limits'],
): Promise<void> {
  const asked = { today: dayOf(tx.now), levels: most + 1, limit }
  const above = await orgLinksFrom(tx, parentId, 'above', asked)
  if (partyId === parentId || above.some((link) => link.parentId === partyId))
    throw refuseStatus(422, 'organisation: it would be part of itself')
  const below = await orgLinksFrom(tx, partyId, 'below', asked)
  const levels = (links: readonly { level: number }[]): number =>
    links.reduce((deepest, { level }) => Math.max(deepest, level), 0)
  if (levels(above) + 1 + levels(below) > most)
    throw refuseStatus(422, `Organisations may be part of each other over ${most} levels.`)
}

/** The organisations around one, over all levels: those that the caller sees, and to which a way of such leads. */
export interface OrgTree {
  readonly nodes: readonly { readonly party: SeenParty; readonly level: number }[]
  readonly links: readonly OrgLinkRow[]
  readonly isWhole: boolean
}

export async function treeOf(
  reader: Reader,
  { reach, settings }: Pick<Acting, 'reach' | 'settings'>,
  { party, now }: { readonly party: SeenParty; readonly now: number },
): Promise<OrgTree> {
  const { organisationLevels: levels, organisationLinks: most } = settings.limits
  const { id } = party.row
  const asked = { today: dayOf(now), levels, limit: most + 1 }
  const above = await orgLinksFrom(reader, id, 'above', asked)
  const below = await orgLinksFrom(reader, id, 'below', asked)
  const all = [...above, ...below]
  const ids = new Set([id, ...all.flatMap(({ partyId, parentId }) => [partyId, parentId])])
  const seen = await seeParties(reader, reach, [...ids])
  const nodes = new Map<PartyId, number>([[id, 0]])
  const links = new Map<OrgLinkId, OrgLinkRow>()
  for (const [found, step] of [[above, -1] as const, [below, 1] as const]) {
    for (const link of found) {
      const [near, far] = step < 0 ? [link.partyId, link.parentId] : [link.parentId, link.partyId]
      if (!nodes.has(near) || !seen.has(far)) continue
      links.set(link.id, link)
      if (!nodes.has(far)) nodes.set(far, step * link.level)
    }
  }
  return {
    nodes: [...nodes].flatMap(([node, level]) => {
      const one = seen.get(node)
      return one ? { party: one, level } : []
    }),
    links: [...links.values()],
    isWhole: above.length <= most && below.length <= most,
  }
}

async function mustFind(reader: Reader, { party, reach }: Opened, item: OrgLinkId): Promise<OrgLinkRow> {
  const rows = await factsBy(reader, orgLinkTable, 'partyId', [party.row.id])
  const row = rows.find(({ id }) => id === item)
  if (!row || !(await seeParties(reader, reach, [row.parentId])).has(row.parentId))
    throw refuseStatus(404, 'There is no such link.')
  return row
}
