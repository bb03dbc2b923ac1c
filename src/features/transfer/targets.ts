import { type CollectionRow, isServerOnly, listCollections } from '../../../storage/collections.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import { takenBy } from '../collections.ts'
import { TransferError } from './transfer-error.ts'

/** Where imported objects go, by their component; a reason where nothing takes it. */
export type Targets = (component: string) => CollectionRow | { readonly reason: string }

/**
 * Events go into the default calendar, cards into the default book, tasks and journals into the first calendar that
 * takes them.
 * @param into  the name, or the display name, of the collection that shall have them all
 * @throws TransferError when the account has no such collection
 */
export async function findTargets(
  reader: Reader,
  principalId: PrincipalId,
  into: string | undefined,
): Promise<Targets> {
  const all: CollectionRow[] = []
  for (const { id } of await listHomes(reader, principalId)) all.push(...(await listCollections(reader, id)))
  const open = into === undefined ? all : named(all, into)
  return (component) => {
    const kind = component === 'VCARD' ? 'addressbook' : 'calendar'
    const found = open.find((collection) => collection.kind === kind && takes(collection, component))
    if (found) return found
    return {
      reason:
        into === undefined
          ? `No collection of the account takes ${component}.`
          : `The collection "${into}" is not one that takes ${component}.`,
    }
  }
}

/** A calendar without a list of components takes every one. @see RFC 4791 §5.2.3 */
function takes(collection: CollectionRow, component: string): boolean {
  const { kind, components } = collection
  const isOpen = kind === 'calendar' && components === null && !isServerOnly(collection)
  return isOpen || takenBy(collection).includes(component)
}

/** Those of that name, else those of that display name. @throws TransferError when there is none */
export function named(all: readonly CollectionRow[], into: string): CollectionRow[] {
  const byName = all.filter(({ name }) => name === into)
  const found = byName.length > 0 ? byName : all.filter(({ displayname }) => displayname === into)
  if (found.length > 0) return found
  const names = all.map(({ name }) => name).join(', ')
  throw new TransferError(`The account has no collection "${into}"; it has ${names}.`)
}
