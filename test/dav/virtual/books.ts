import { findOwnCollection } from '../../../src/features/accounts/own-collection.ts'
import { makeVirtualBook, type NewVirtualBook } from '../../../src/features/virtual/virtual.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { VirtualBook, WriteThrough } from '../../../storage/virtual/books.ts'
import { addVirtualPeople } from '../../../storage/virtual/people.ts'
import { placedAt } from '../../features/people/sessions.ts'
import { rowOf } from '../../features/world.ts'
import type { Account, TestServer } from '../server.ts'

/** A virtual book, and its path at who has it. */
export interface Made {
  readonly book: VirtualBook
  readonly path: string
}

type Wanted = Partial<Pick<NewVirtualBook, 'masks' | 'writeThrough'>>

async function make(
  server: TestServer,
  viewer: Account,
  owner: Account,
  made: Pick<NewVirtualBook, 'kind' | 'definition' | 'sourceId'>,
  { masks = [], writeThrough = 'never' }: Wanted,
  parties: readonly PartyId[] = [],
): Promise<Made> {
  const { store, settings, newId } = server.services
  const [viewerRow, ownerRow] = [await rowOf(server, viewer), await rowOf(server, owner)]
  const book = await store.write(async (tx) => {
    const one = await makeVirtualBook(
      tx,
      {
        ...{ viewerId: viewerRow.id, ownerId: ownerRow.id, name: made.kind, displayname: made.kind },
        ...{ ...made, masks, writeThrough },
      },
      { origin: { kind: 'job' }, settings, newId },
    )
    if (one) await addVirtualPeople(tx, one.collectionId, parties)
    return one
  })
  if (!book) throw new Error('The viewer has no address books.')
  return { book, path: `${viewer.books}${book.collection.name}/` }
}

/** Some people of an owner, by the paths of their cards. */
export async function peopleBook(
  server: TestServer,
  { viewer, owner, paths }: { viewer: Account; owner: Account; paths: readonly string[] },
  wanted: Wanted = {},
): Promise<Made> {
  const parties = await Promise.all(paths.map(async (path) => (await placedAt(server, path)).partyId))
  const made = { kind: 'people', definition: '{}', sourceId: null }
  return make(server, viewer, owner, made, wanted, parties)
}

/** The cards of an owner's default book that have a label; all of them without one. */
export async function labelBook(
  server: TestServer,
  { viewer, owner, label }: { viewer: Account; owner: Account; label?: string },
  wanted: Wanted = {},
): Promise<Made> {
  const ownerRow = await rowOf(server, owner)
  const name = owner.contacts.split('/').at(-2) ?? ''
  const { id } = await server.services.store.read((reader) => findOwnCollection(reader, ownerRow, name))
  const kind = label === undefined ? 'book' : 'label'
  const definition = JSON.stringify(label === undefined ? {} : { label })
  return make(server, viewer, owner, { kind, definition, sourceId: id }, wanted)
}

export const through: readonly WriteThrough[] = ['never', 'rights', 'always']

/** What a book holds, by the full names on the cards. */
export async function namesIn(viewer: Account, path: string): Promise<string[]> {
  const { changed } = await viewer.syncAll(path, '')
  const names = await Promise.all(
    changed.map(async (href) => /\r\nFN:(.*)\r\n/.exec((await viewer.get(href)).text)?.[1] ?? '?'),
  )
  return names.sort()
}

/** The path of the copy of whoever is called so. */
export async function copyOf(viewer: Account, path: string, name: string): Promise<string> {
  for (const href of (await viewer.syncAll(path, '')).changed)
    if ((await viewer.get(href)).text.includes(`FN:${name}\r\n`)) return href
  throw new Error(`Nobody is called ${name} in ${path}.`)
}
