import { z } from 'zod'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { findLivingPrincipal, type PrincipalRow } from '../../../storage/principals.ts'
import { findShare, findShareById } from '../../../storage/shares.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { ThingKind, ThingRestore } from '../history/things/kinds.ts'
import { readState } from '../history/things/record.ts'
import { notThere } from '../people/asking.ts'
import { isShareeFor } from './sharees.ts'
import { shareCollection, unshare } from './sharing.ts'

/** What somebody shares of his calendars and address books as a whole, in the history: with whom, and what they may do. */
export const shareThing: ThingKind = {
  kind: 'share',
  areas: ['sharing'],
  find: async (reader, { principal }, name) => {
    const at = (key: string) => ({ kind: 'share', key, ownerId: principal.id }) as const
    if (isKey.test(name)) return at(name)
    const row = /^\d{1,15}$/.test(name) ? await findShareById(reader, Number(name)) : undefined
    if (!row) throw notThere()
    return at(`${row.collectionId}-${row.principalId}`)
  },
  isThere: async (reader, session, { key }) => {
    const { collection, receiver } = await bothOf(reader, session, key)
    return collection !== undefined && (await findShare(reader, collection.id, receiver?.id)) !== undefined
  },
  isShown: async (reader, session, { key }) => {
    const { collection, receiver } = await bothOf(reader, session, key)
    return collection !== undefined && receiver !== undefined && isShareeFor(reader, session, receiver)
  },
  told: async (reader, property, value) => {
    if (value === null || value === undefined) return undefined
    if (property === 'receiver') {
      const receiver = await findLivingPrincipal(reader, Number(value))
      return receiver && (receiver.displayName || receiver.name)
    }
    if (property !== 'collection') return String(value)
    const collection = await findCollectionById(reader, Number(value))
    return collection && (collection.displayname || collection.name)
  },
  patch: share,
  make: share,
  remove: async (tx, restore) => {
    await unshare(tx, await mustFindBoth(tx, restore), restore)
  },
}

const isKey = /^\d{1,15}-\d{1,15}$/

interface Both {
  readonly collection: CollectionRow | undefined
  readonly receiver: PrincipalRow | undefined
}

/** What is shared, where it is there and one's own, and with whom, where he is there. */
async function bothOf(reader: Reader, { principal }: Session, key: string): Promise<Both> {
  const [collectionId, receiverId] = key.split('-').map(Number)
  const collection = await findCollectionById(reader, collectionId ?? 0)
  const receiver = await findLivingPrincipal(reader, receiverId ?? 0)
  return { collection: collection?.principalId === principal.id ? collection : undefined, receiver }
}

async function mustFindBoth(reader: Reader, { session, key }: Pick<ThingRestore, 'session' | 'key'>) {
  const { collection, receiver } = await bothOf(reader, session, key)
  if (!collection || !receiver) throw notThere()
  return { collection, principal: receiver }
}

const states = z
  .object({
    access: z.enum(['read', 'read-write', 'no-delete', 'free-busy']),
    summary: z.string().nullable(),
  })
  .partial()

async function share(tx: Parameters<ThingKind['patch']>[0], restore: ThingRestore): Promise<void> {
  const both = await mustFindBoth(tx, restore)
  const { access, summary } = readState(states, restore.state)
  const known = await findShare(tx, both.collection.id, both.principal.id)
  if (!known && !(await isShareeFor(tx, restore.session, both.principal))) throw notThere()
  const given = { access: access ?? known?.access ?? 'read', summary }
  await shareCollection(tx, { ...both, ...given }, restore)
}
