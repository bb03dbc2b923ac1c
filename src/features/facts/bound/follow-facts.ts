import type { Follower } from '../../people/follower.ts'
import { changedCards } from './changed-cards.ts'
import { followCompanies } from './follow-companies.ts'
import { followJobs } from './follow-jobs.ts'
import { followRelations } from './follow-relations.ts'

/**
 * What cards say of jobs, relations and the names of organisations, brought into what is known beside them. Where the API has changed a card so that it
 * says what is known, nothing is left to do: so neither is an echo of the other.
 */
export const followFacts: Follower = async (tx, { cards }, following) => {
  if (cards.length === 0) return
  for await (const changed of changedCards(tx, cards)) {
    await followJobs(tx, changed, following)
    await followRelations(tx, changed, following)
    await followCompanies(tx, changed, following)
  }
}
