import { fold } from '../../../../protocol/text/fold.ts'
import { InvalidObjectError } from '../../../../protocol/text/invalid-object.ts'
import { patchEmployer } from '../../../../protocol/vcard/bound/patch-bound.ts'
import { isSameName } from '../../../../protocol/vcard/bound/read-bound.ts'
import { jobsAt, unlinkedJobs } from '../../../../storage/facts/bound-rows.ts'
import { dropSuggestion, suggest } from '../../../../storage/facts/suggestions.ts'
import type { PrincipalId } from '../../../../storage/ids.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Writer } from '../../../../storage/store.ts'
import { patchCards } from '../../people/patch-cards.ts'
import { dayOf } from '../days.ts'
import { memberships, setFact } from '../row-facts.ts'
import type { ChangedCard, FollowingFacts } from './changed-cards.ts'
import { organisationMatcher } from './match-organisations.ts'
import { followingCards } from './patch-relations.ts'

/**
 * What follows from cards of organisations. Whoever works for one that is called otherwise now has the new name in his cards,
 * unless they call it in their own way; whose card has named it before it was there is linked to it.
 */
export async function followCompanies(
  tx: Writer,
  changed: readonly ChangedCard[],
  following: FollowingFacts,
): Promise<void> {
  const companies = changed.filter(({ before, after, placement }) => {
    return placement.kind === 'org' && after.company !== '' && after.company !== before.company
  })
  if (companies.length === 0) return
  for (const one of companies) if (one.before.company !== '') await rename(tx, one, following)
  for (const [account, some] of grouped(companies, ({ card }) => card.principalId))
    await linkLate(tx, account, some, following)
}

/** Of an organisation with very many people the cards stay as they are: the links say where they work all the same. */
async function rename(
  tx: Writer,
  { card, placement, before, after }: ChangedCard,
  { settings }: FollowingFacts,
): Promise<void> {
  const most = settings.limits.cardsOfRenamed
  const jobs = await jobsAt(tx, [placement.partyId], { today: dayOf(tx.now), limit: most + 1 })
  const named = jobs.filter(({ orgName }) => isSameName(orgName, before.company))
  if (jobs.length > most || named.length === 0) return
  const ids = named.map(({ partyId }) => partyId)
  const { placements, books } = await followingCards(tx, card, ids)
  const origin = { ...card.origin, kind: 'rule' } as const
  const reached = new Set(placements.map(({ partyId }) => partyId))
  for (const job of named)
    if (reached.has(job.partyId))
      await setFact(tx, memberships, job, { ...job, orgName: after.company }, origin)
  const shown = new Set(named.filter(({ isPrimary }) => isPrimary === 1).map(({ partyId }) => partyId))
  const cards = placements.filter(({ kind, partyId }) => kind === 'person' && shown.has(partyId))
  const patch = (text: string): string => patched(text, before.company, after.company, tx.now)
  await patchCards(tx, cards, patch, { origin, settings, books })
}

/** A card that cannot be read is left alone (law 9). */
function patched(text: string, was: string, is: string, now: number): string {
  try {
    return patchEmployer(text, was, is, now)
  } catch (error) {
    if (error instanceof InvalidObjectError) return text
    throw error
  }
}

/** Where several organisations are called so it is asked who is meant. */
async function linkLate(
  tx: Writer,
  account: PrincipalId,
  companies: readonly ChangedCard[],
  { settings }: FollowingFacts,
): Promise<void> {
  const names = [...new Set(companies.map(({ after }) => fold(after.company)))]
  const span = { today: dayOf(tx.now), limit: settings.limits.cardsOfRenamed }
  const jobs = await unlinkedJobs(tx, account, names, span)
  const meant = jobs.filter(({ orgName }) => names.includes(fold(orgName)))
  if (meant.length === 0) return
  const employers = meant.map(({ orgName }) => ({ orgName, mails: [] }))
  const match = await organisationMatcher(tx, account, employers)
  const origin = { ...companies[0]?.card.origin, kind: 'rule' } as const
  for (const job of meant) {
    const { only, candidates } = match({ orgName: job.orgName, mails: [] })
    const about = { partyId: job.partyId, kind: 'employer', key: String(job.id) } as const
    if (only === undefined) {
      const dataJson = JSON.stringify({ name: job.orgName, candidates })
      await suggest(tx, account, { ...about, dataJson }, settings.limits.suggestions)
    } else if (only !== job.partyId) {
      await setFact(tx, memberships, job, { ...job, orgId: only }, origin)
      await dropSuggestion(tx, about)
    }
  }
}
