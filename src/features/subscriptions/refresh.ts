import { createHash } from 'node:crypto'
import type { Settings } from '../../../config/defaults.ts'
import { readInterval } from '../../../protocol/ical/feed.ts'
import { patchCollection } from '../../../storage/collection-writes.ts'
import { type CollectionPatch, type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import {
  findSubscription,
  isPurged,
  type SubscriptionRow,
  saveSubscription,
} from '../../../storage/upkeep/subscriptions.ts'
import type { Services } from '../../services.ts'
import { applyFeed, SourceChangedError, sameSource } from './apply-feed.ts'
import { FeedError, type Fetched, fetchFeed } from './fetch-feed.ts'
import { type Feed, readFeed } from './read-feed.ts'
import { nameOf } from './source.ts'

/** What became of a calendar that follows a source. */
export type Refreshed =
  | { readonly kind: 'refreshed'; readonly nextInMs: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryInMs: number | undefined }
  /** It is in the trash, or follows nothing. */
  | { readonly kind: 'resting' }
  /** It is no more. */
  | { readonly kind: 'gone' }

/**
 * Fetches what is published for a calendar, and makes the calendar hold that. After a failure it keeps what it has. The
 * network is only waited for outside of transactions.
 * @throws the reason of the signal
 */
export async function refreshSubscription(
  services: Services,
  id: CollectionId,
  signal: AbortSignal,
): Promise<Refreshed> {
  const { store, settings } = services
  const collection = await store.read((reader) => findCollectionById(reader, id))
  if (!collection?.source) {
    return { kind: (await store.read((reader) => isPurged(reader, id))) ? 'gone' : 'resting' }
  }
  const before = (await store.read((reader) => findSubscription(reader, id))) ?? neverFetched(id)
  try {
    const fetched = await fetchFeed(collection.source, before, settings.subscriptions, signal)
    const { publishedMs } = await take(services, collection, before, fetched, signal)
    return { kind: 'refreshed', nextInMs: intervalMs(collection, publishedMs, settings.subscriptions) }
  } catch (error) {
    if (error instanceof FeedError) {
      return { kind: 'failed', reason: error.message, retryInMs: error.retryInMs }
    }
    // Whoever changed it has made it due anew.
    if (error instanceof SourceChangedError) return { kind: 'resting' }
    throw error
  }
}

function neverFetched(collectionId: CollectionId): SubscriptionRow {
  const nothing = { etag: null, lastModified: null, digest: null, publishedMs: null, fetchedAt: null }
  return { collectionId, ...nothing, skipped: 0 }
}

/** Stores what was fetched, and last of all that it was: after a crash before that, it is fetched again. */
async function take(
  services: Services,
  collection: CollectionRow,
  before: SubscriptionRow,
  fetched: Fetched,
  signal: AbortSignal,
): Promise<SubscriptionRow> {
  const fetchedAt = services.now()
  if (fetched.kind === 'unchanged') return save(services, collection, { ...before, fetchedAt })
  const { body, charset, etag, lastModified } = fetched
  const digest = createHash('sha256').update(body).digest('base64')
  const state = { ...before, etag, lastModified, fetchedAt }
  if (digest === before.digest) return save(services, collection, state)
  const feed = await readFeed(body, charset, collection, services.settings.subscriptions.objects)
  await describe(services, collection, feed, before.fetchedAt === null)
  const { skipped } = await applyFeed(services, collection, feed.objects, signal)
  const publishedMs = feed.refreshMs ?? null
  return save(services, collection, { ...state, digest, publishedMs, skipped: feed.skipped + skipped })
}

async function save(
  { store }: Services,
  collection: CollectionRow,
  row: SubscriptionRow,
): Promise<SubscriptionRow> {
  await store.write(async (tx) => {
    await sameSource(tx, collection)
    await saveSubscription(tx, row)
  })
  return row
}

/** Takes over the name that is published, once, unless there is one; and lets in what components there are. */
async function describe(
  { store }: Services,
  known: CollectionRow,
  { name, objects }: Feed,
  isFirst: boolean,
): Promise<void> {
  await store.write(async (tx) => {
    const collection = await sameSource(tx, known)
    const taken = collection.components?.split(',')
    const found = new Set(objects.map(({ component }) => component))
    const missing = taken ? [...found].filter((component) => !taken.includes(component)) : []
    const isGiven = collection.displayname !== null && collection.displayname !== nameOf(known.source ?? '')
    const isNamed = isGiven || !isFirst || name === undefined
    const patch: CollectionPatch = {
      ...(isNamed ? {} : { displayname: name }),
      ...(taken && missing.length > 0 ? { components: [...taken, ...missing].join(',') } : {}),
    }
    if (Object.keys(patch).length > 0) await patchCollection(tx, collection, patch, { kind: 'job' })
  })
}

const dayMs = 86_400_000
/** What a publisher asks for is followed up to a week, what the calendar's owner asks for up to a month. */
const longestMs = { publisher: 7 * dayMs, owner: 31 * dayMs }

/** A little later than asked for, so that not all are fetched at the same moment. */
function intervalMs(
  { refreshRate }: CollectionRow,
  publishedMs: number | null,
  { refreshMs, minRefreshMs }: Settings['subscriptions'],
): number {
  const own = refreshRate === null ? undefined : readInterval(refreshRate)
  const wanted = own ?? publishedMs ?? refreshMs
  const longest = own === undefined ? longestMs.publisher : longestMs.owner
  return Math.round(Math.max(Math.min(wanted, longest), minRefreshMs) * (1 + Math.random() / 20))
}
