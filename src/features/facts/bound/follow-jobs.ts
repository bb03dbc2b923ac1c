import { type CardJob, isSameName } from '../../../../protocol/vcard/bound/read-bound.ts'
import { factsBy } from '../../../../storage/facts/fact-rows.ts'
import { suggest } from '../../../../storage/facts/suggestions.ts'
import { type MembershipRow, membershipTable } from '../../../../storage/facts/tables.ts'
import type { PartyId, PrincipalId } from '../../../../storage/ids.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Writer } from '../../../../storage/store.ts'
import { dayOf } from '../days.ts'
import { primaryOf } from '../memberships.ts'
import { memberships, setFact } from '../row-facts.ts'
import type { ChangedCard, FollowingFacts } from './changed-cards.ts'
import { type OrgMatch, organisationMatcher } from './match-organisations.ts'

/**
 * The primary memberships of people whose cards name another employer, title or role than before. An organisation that is
 * in the books of their owner is linked; none is ever made.
 */
export async function followJobs(
  tx: Writer,
  changed: readonly ChangedCard[],
  following: FollowingFacts,
): Promise<void> {
  const people = changed.filter((one) => one.placement.kind === 'person' && isChanged(one))
  if (people.length === 0) return
  const known = await knownJobs(tx, people)
  for (const [account, cards] of grouped(people, ({ card }) => card.principalId)) {
    const employers = cards.flatMap(({ before, after }) => [before, after].map(named))
    const match = await organisationMatcher(tx, account, employers)
    for (const one of cards) {
      const rows = known.get(one.placement.partyId) ?? []
      const made = await followJob(tx, one, rows, (facts) => match(named(facts)), { ...following, account })
      if (made) known.set(one.placement.partyId, made)
    }
  }
}

/** Of somebody whom the put of a card has made nothing is known. */
async function knownJobs(tx: Writer, people: readonly ChangedCard[]): Promise<Map<PartyId, MembershipRow[]>> {
  const old = people.filter(
    ({ card, placement }) => card.origin.kind !== 'client' || !tx.madeParties.has(placement.partyId),
  )
  const ids = [...new Set(old.map(({ placement }) => placement.partyId))]
  const rows = ids.length === 0 ? [] : await factsBy(tx, membershipTable, 'partyId', ids)
  return grouped(rows, ({ partyId }) => partyId)
}

interface JobFollowing extends FollowingFacts {
  readonly account: PrincipalId
}
type Match = (facts: ChangedCard['after']) => OrgMatch

/** @returns the memberships of the person after that, where they have changed */
async function followJob(
  tx: Writer,
  one: ChangedCard,
  rows: readonly MembershipRow[],
  match: Match,
  following: JobFollowing,
): Promise<MembershipRow[] | undefined> {
  const { card, before, after, placement } = one
  const primary = primaryOf(rows, before.job.orgName)
  // What comes back, or stands in another book too, says nothing against what is known.
  if (card.before === undefined && primary) return undefined
  const isSameOrg = isSameName(primary?.orgName ?? before.job.orgName, after.job.orgName)
  if (primary && isSameOrg && !saysNothing(after.job)) {
    const next = patched(primary, before.job, after.job)
    const saved = await setFact(tx, memberships, primary, next, card.origin)
    return saved && rows.map((row) => (row.id === saved.id ? saved : row))
  }
  const closed = await closeJob(tx, one, primary, isSameOrg, match)
  const others = await onlyOne(tx, one, rows, primary)
  const left = [...others, ...closed]
  const hasRoom = left.length < following.settings.limits.membershipsPerParty
  const opened = await openJob(tx, one, left, { only: match(after).only, from: closed.length > 0, hasRoom })
  if (opened && opened.orgId === null && !isEmpty(after.job.orgName)) {
    const { candidates } = match(after)
    if (card.before !== undefined || candidates.length > 0)
      await ask(tx, placement.partyId, opened, candidates, following)
  }
  return [...left.filter(({ id }) => id !== opened?.id), ...(opened ? [opened] : [])]
}

/** The other memberships; of two who were merged, both may have had a primary one. */
async function onlyOne(
  tx: Writer,
  { card }: ChangedCard,
  rows: readonly MembershipRow[],
  primary: MembershipRow | undefined,
): Promise<MembershipRow[]> {
  const others: MembershipRow[] = []
  for (const row of rows) {
    if (row.id === primary?.id) continue
    const next = { ...row, isPrimary: 0 }
    others.push((row.isPrimary === 1 && (await setFact(tx, memberships, row, next, card.origin))) || row)
  }
  return others
}

/** The job that is over, also one that only the card had told of. */
async function closeJob(
  tx: Writer,
  { card, before, placement }: ChangedCard,
  primary: MembershipRow | undefined,
  isSameOrg: boolean,
  match: Match,
): Promise<MembershipRow[]> {
  const today = dayOf(tx.now)
  if (primary) {
    const over = { ...primary, isPrimary: 0, untilOn: today }
    const saved = await setFact(tx, memberships, primary, over, card.origin)
    return saved ? [saved] : []
  }
  // A card that the API changes follows what is known: there it tells of nothing that is not.
  if (isSameOrg || isEmpty(before.job.orgName) || card.origin.kind !== 'client') return []
  const over = { ...employment(placement.partyId, before.job, match(before).only), untilOn: today }
  const saved = await setFact(tx, memberships, undefined, { ...over, isPrimary: 0 }, card.origin)
  return saved ? [saved] : []
}

/** The one that the card names now: one that was over today goes on. @param opening.from  whether it begins today */
async function openJob(
  tx: Writer,
  { card, after, placement }: ChangedCard,
  rows: readonly MembershipRow[],
  opening: { readonly only: PartyId | undefined; readonly from: boolean; readonly hasRoom: boolean },
): Promise<MembershipRow | undefined> {
  const { job } = after
  if (saysNothing(job)) return undefined
  const today = dayOf(tx.now)
  // A card that is made as it was tells of the job that there was then.
  const isBack = card.origin.kind === 'restore'
  const again = rows.findLast(
    ({ untilOn, orgName }) =>
      (isBack || untilOn === null || untilOn === today) && isSameName(orgName, job.orgName),
  )
  if (!again && !opening.hasRoom) return undefined
  const fresh = { ...employment(placement.partyId, job, opening.only), fromOn: opening.from ? today : null }
  const next = again ? { ...again, ...job, untilOn: null, isPrimary: 1 } : { ...fresh, isPrimary: 1 }
  return setFact(tx, memberships, again, next, card.origin)
}

async function ask(
  tx: Writer,
  partyId: PartyId,
  { id, orgName }: MembershipRow,
  candidates: readonly PartyId[],
  { settings, account }: JobFollowing,
): Promise<void> {
  const dataJson = JSON.stringify({ name: orgName, candidates })
  const question = { partyId, kind: 'employer', key: String(id), dataJson } as const
  await suggest(tx, account, question, settings.limits.suggestions)
}

/** What the card says otherwise than before; what it says as before is not what was changed. */
function patched(primary: MembershipRow, before: CardJob, after: CardJob): MembershipRow {
  const news = Object.entries(after).filter(([field, text]) => text !== before[field as keyof CardJob])
  return { ...primary, ...Object.fromEntries(news) }
}

function employment(partyId: PartyId, job: CardJob, orgId: PartyId | undefined) {
  return { partyId, orgId: orgId ?? null, ...job, fromOn: null, untilOn: null }
}

function named({ job, mails }: ChangedCard['after']) {
  return { orgName: job.orgName, mails }
}

function isChanged({ before, after }: ChangedCard): boolean {
  return (['orgName', 'department', 'title', 'role'] as const).some(
    (field) => before.job[field] !== after.job[field],
  )
}

function saysNothing({ orgName, title, role }: CardJob): boolean {
  return [orgName, title, role].every(isEmpty)
}

function isEmpty(text: string): boolean {
  return text === ''
}
