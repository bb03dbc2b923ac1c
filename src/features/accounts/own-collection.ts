import { type CollectionRow, listCollections } from '../../../storage/collections.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { AccountError } from './accounts.ts'

/**
 * A collection of an account by what people call it: its segment in URLs, else its display name.
 * @throws AccountError when there is none, or several have the name
 */
export async function findOwnCollection(
  reader: Reader,
  account: PrincipalRow,
  name: string,
): Promise<CollectionRow> {
  const all: CollectionRow[] = []
  for (const home of await listHomes(reader, account.id))
    all.push(...(await listCollections(reader, home.id)))
  const bySegment = all.filter((row) => row.name === name)
  const found = bySegment.length > 0 ? bySegment : all.filter((row) => row.displayname === name)
  const [only, ...others] = found
  if (only && others.length === 0) return only
  const names = (only ? found : all).map((row) => row.name).join(', ')
  throw new AccountError(
    only
      ? `Several collections of "${account.name}" are called "${name}": say which of ${names}.`
      : `"${account.name}" has no collection "${name}", but ${names || 'none at all'}.`,
  )
}

/**
 * An address book of an account by what people call it, or the one that new contacts go into.
 * @throws AccountError when there is none
 */
export async function bookOf(
  reader: Reader,
  account: PrincipalRow,
  name: string | undefined,
): Promise<CollectionRow> {
  if (name !== undefined) return findOwnCollection(reader, account, name)
  const home = (await listHomes(reader, account.id)).find(({ kind }) => kind === 'addressbooks')
  const [first] = home ? await listCollections(reader, home.id) : []
  if (first) return first
  throw new AccountError(`"${account.name}" has no address book.`)
}
