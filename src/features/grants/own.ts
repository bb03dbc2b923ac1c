import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { CollectionId, SmartListId } from '../../../storage/ids.ts'
import { findSmartList } from '../../../storage/smart-lists/lists.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { findOwnCollection } from '../accounts/own-collection.ts'
import { findParty } from '../people/parties.ts'
import { reachOf } from '../people/reach.ts'

/** @throws refusal 422 for whom the caller does not see; 403 for one who is in no book of his own */
export async function ownParty(tx: Writer, session: Session, id: number): Promise<number> {
  const reach = await reachOf(tx, session)
  const party = await findParty(tx, reach, id)
  if (!party) throw refuseStatus(422, `There is nobody with the id ${id}.`)
  const own = new Set(
    reach.books.flatMap(({ row }) =>
      row.principalId === session.principal.id && row.generated === null ? [row.id] : [],
    ),
  )
  if (party.placements.some(({ collectionId }) => own.has(collectionId))) return party.row.id
  throw refuseStatus(403, 'You may share those who are in books of your own.')
}

export async function ownBook(tx: Writer, session: Session, name: string): Promise<CollectionId> {
  const row = await findOwnCollection(tx, session.principal, name)
  if (row.kind === 'addressbook' && row.generated === null) return row.id
  throw refuseStatus(422, `"${name}" is no address book that people fill.`)
}

/** @throws refusal 422; the lists of others are none */
export async function ownList(tx: Writer, session: Session, id: number): Promise<SmartListId> {
  const list = await findSmartList(tx, id)
  if (list?.principalId === session.principal.id) return list.id
  throw refuseStatus(422, `There is no list with the id ${id}.`)
}
