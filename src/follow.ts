import { encodeSegment } from '../protocol/dav/href.ts'
import { markListsOfCalendars } from '../storage/smart-lists/books.ts'
import type { Writer } from '../storage/store.ts'
import { collectionPath } from './dav/paths.ts'
import { followBooks } from './features/birthdays/birthdays.ts'
import { followTasks } from './features/cadence/follow-tasks.ts'
import { followFiles } from './features/documents/file-documents.ts'
import { followDuplicates } from './features/duplicates/follow.ts'
import { followFacts } from './features/facts/bound/follow-facts.ts'
import { followValues } from './features/fields/follow-values.ts'
import { followGrants } from './features/grants/grants.ts'
import { watchBursts } from './features/history/bursts.ts'
import { followRenamedLabels } from './features/labels/labels.ts'
import type { Follower } from './features/people/follower.ts'
import { followVirtual } from './features/virtual/virtual.ts'
import type { Services } from './services.ts'

/** What depends on cards alone, in the order it is brought up to date. */
const ofCards: readonly Follower[] = [followFacts, followDuplicates]

/** What depends on facts about people too: on those as well that follow from cards. */
const ofFacts: readonly Follower[] = [followGrants, followVirtual, followTasks, followValues]

/** Followers that touch cards call for another look; more than so many follow each other in a circle. */
const mostRounds = 8

/**
 * What the store does at the end of a write: what depends on what has changed is brought up to date in the same
 * transaction.
 */
export function createFollower({
  settings,
  newId,
}: Pick<Services, 'settings' | 'newId'>): (tx: Writer) => Promise<void> {
  const base = settings.publicUrl.replace(/\/$/, '')
  const cardUrl = (segment: string, book: string, card: string): string | undefined =>
    base === '' ? undefined : base + collectionPath('addressbooks', segment, book) + encodeSegment(card)
  return async (tx) => {
    if (tx.deviceChanges.size > 0) await watchBursts(tx, settings)
    if (tx.touchedNodes.size > 0) await followFiles(tx)
    if (tx.renamedLabels.size > 0) await followRenamedLabels(tx, { settings, newId })
    await followPeople(tx, { settings, newId })
    if (tx.touchedCalendars.size > 0) await markListsOfCalendars(tx, [...tx.touchedCalendars])
    if (tx.followed.size > 0) await followBooks(tx, tx.followed, { settings, newId, cardUrl })
  }
}

async function followPeople(tx: Writer, following: Pick<Services, 'settings' | 'newId'>): Promise<void> {
  const { touched, touchedParties, touchedTasks } = tx
  for (let round = 0; touched.size + touchedParties.size + touchedTasks.size > 0; round += 1) {
    if (round === mostRounds) throw new Error('What follows a change of a card does not come to an end.')
    const tasks = [...touchedTasks.values()]
    const cards = [...touched.values()]
    touched.clear()
    touchedTasks.clear()
    if (cards.length > 0)
      for (const follow of ofCards) await follow(tx, { cards, parties: new Set(), tasks }, following)
    const parties = new Set(touchedParties)
    touchedParties.clear()
    for (const follow of ofFacts) await follow(tx, { cards, parties, tasks }, following)
  }
}
