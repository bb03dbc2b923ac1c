import type { Settings } from '../../../config/defaults.ts'
import type { NewCollection } from '../../../storage/collection-writes.ts'
import type { CollectionPatch, CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId, HomeId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import { forgetSubscription } from '../../../storage/upkeep/subscriptions.ts'
import { makeCollection } from '../collections.ts'

/** The key of the job that fetches what a calendar follows. */
export function subscriptionJob(id: CollectionId): string {
  return `subscription:${id}`
}

/** Until something else is found in what is published: a calendar for tasks shows among the task lists of phones. */
export const firstComponents = 'VEVENT'

/**
 * Makes a calendar that follows a source; it is fetched at once. Its events leave the owner free unless he says otherwise.
 * @throws max-collections
 */
export async function makeSubscription(
  tx: Writer,
  homeId: HomeId,
  made: Omit<NewCollection, 'kind'> & { readonly source: string },
  origin: Origin,
  settings: Settings,
): Promise<CollectionRow> {
  const calendar = { transparent: 1, ...made, components: made.components ?? firstComponents }
  const collection = await makeCollection(tx, homeId, { ...calendar, kind: 'calendar' }, origin, settings)
  await scheduleJob(tx, subscriptionJob(collection.id), tx.now)
  return collection
}

/** After a change of properties: where it is about what is fetched, all of it is fetched again, at once. */
export async function noticePatch(
  tx: Writer,
  { id, source }: CollectionRow,
  patch: CollectionPatch,
): Promise<void> {
  const isAboutIt = ['source', 'refreshRate', 'stripAlarms', 'stripAttachments', 'stripTodos'].some(
    (field) => field in patch,
  )
  if (source === null || !isAboutIt) return
  await forgetSubscription(tx, id)
  await scheduleJob(tx, subscriptionJob(id), tx.now)
}
