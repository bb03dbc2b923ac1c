import { bit } from '../../../protocol/dav/privileges.ts'
import { type CollectionRow, findTree, listCollections } from '../../../storage/collections.ts'
import { listMounts } from '../../../storage/mounts.ts'
import type { Reader } from '../../../storage/store.ts'
import { masksOfSession } from '../../features/masks/masks.ts'
import { collectionPlace, readLists, rightsAt } from '../../features/rights/rights.ts'
import { readyTwins } from '../../features/virtual/virtual.ts'
import type { Call } from '../call.ts'
import type { Location } from '../paths.ts'

type Asked = Extract<Location, { kind: 'home' | 'collection' | 'member' }>

/**
 * Has what stands for books of others for a caller who does not see all of them, where he asks for these: what is not
 * there when he is answered he does not see at all.
 */
export async function readyMasked(call: Call, asked: Asked): Promise<void> {
  const { store, session } = call
  const books = await store.read(async (reader) => {
    const { key } = await masksOfSession(reader, session)
    return key === '' ? [] : readable(reader, call, await booksAsked(reader, call, asked))
  })
  await readyTwins(call, session, books)
}

async function booksAsked(reader: Reader, { session }: Call, asked: Asked): Promise<CollectionRow[]> {
  const name = asked.kind === 'home' ? undefined : asked.collection
  const tree = await findTree(reader, asked.segment, asked.home, name)
  if (!tree) return []
  const isOwn = tree.principal.id === session.principal.id
  if (!isOwn && name === undefined) return listCollections(reader, tree.home.id)
  if (!isOwn) return tree.collection ? [tree.collection] : []
  const mounts = await listMounts(reader, tree.home.id)
  return mounts
    .filter(({ mount }) => name === undefined || mount.name === name)
    .map(({ collection }) => collection)
}

/** Nothing is made for who may not read it. */
async function readable(
  reader: Reader,
  { session }: Call,
  books: readonly CollectionRow[],
): Promise<CollectionRow[]> {
  const targets = books.flatMap((book) => collectionPlace(book).path)
  const lists = await readLists(reader, targets)
  const found: CollectionRow[] = []
  for (const book of books)
    if (((await rightsAt(reader, session, collectionPlace(book), lists)) & bit.read) !== 0) found.push(book)
  return found
}
