import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { rolesOf } from '../../../storage/facts/roles.ts'
import type { CollectionId, PrincipalId } from '../../../storage/ids.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { may, mustSeeBook, mustSeeCard } from '../cards/cards.ts'
import { copyCard, moveCard, removeCard } from '../cards/edit-cards.ts'
import { roleNamed, setOwner, setRoles } from '../facts/roles.ts'
import { labelPerson } from '../labels/labels.ts'
import type { Folding } from '../lists/lists.ts'
import { type Acting, mustWrite } from '../people/asking.ts'
import type { SeenParty } from '../people/parties.ts'
import { findShareeFor } from '../sharing/sharees.ts'
import type { PeopleAction } from './schema.ts'

/** Who acts, and with what. */
export interface BulkActing extends Acting, Pick<Services, 'now' | 'newId'> {
  /** Gathers what all of their cards say of lists. */
  readonly folding: Folding
}

export type Done = 'changed' | 'removed' | 'unchanged'

/** An action, with the ids of whom and what it names. */
export type OpenAction =
  | Exclude<PeopleAction, { do: 'owner' } | { do: 'move' | 'copy' }>
  | { readonly do: 'owner'; readonly ownerId: PrincipalId | null }
  | { readonly do: 'move' | 'copy'; readonly book: CollectionId }

/** @throws refusal 422 for an owner, 404 for a book, that the caller does not see; 403 where he may add nothing to that */
export async function openAction(
  reader: Reader,
  session: Session,
  action: PeopleAction,
): Promise<OpenAction> {
  switch (action.do) {
    case 'owner': {
      const { owner } = action
      const ownerId = owner === null ? null : (await findShareeFor(reader, session, owner)).id
      return { do: 'owner', ownerId }
    }
    case 'move':
    case 'copy': {
      const book = await mustSeeBook(reader, session, action.book)
      if (!may(book, 'bind')) throw refuseStatus(403, 'You may not add cards to this address book.')
      return { do: action.do, book: book.row.id }
    }
    default:
      return action
  }
}

/** Does it to one person. @throws refusal  where he stays as he is */
export async function act(
  tx: Writer,
  acting: BulkActing,
  party: SeenParty,
  action: OpenAction,
): Promise<Done> {
  switch (action.do) {
    case 'label': {
      const change = { adding: action.add, without: new Set(action.remove) }
      return doneIf((await labelPerson(tx, acting, party, change, acting)) > 0)
    }
    case 'role':
      return changeRoles(tx, acting, party, action)
    case 'owner': {
      await mustWrite(tx, acting, party.row.id)
      const { ownerId: before } = party.row
      await setOwner(tx, party.row.id, { before, after: action.ownerId }, acting.origin)
      return doneIf(before !== action.ownerId)
    }
    case 'move':
    case 'copy':
      return placeParty(tx, acting, party, action)
    case 'delete':
      await removeParty(tx, acting, party)
      return 'removed'
    default:
      return action satisfies never
  }
}

const doneIf = (isChanged: boolean): Done => (isChanged ? 'changed' : 'unchanged')

async function changeRoles(
  tx: Writer,
  acting: BulkActing,
  party: SeenParty,
  { add, remove }: Extract<PeopleAction, { do: 'role' }>,
): Promise<Done> {
  await mustWrite(tx, acting, party.row.id)
  const before = (await rolesOf(tx, [party.row.id])).map(({ role }) => role)
  const without = new Set(remove.map((role) => roleNamed(role).toLowerCase()))
  const wanted = [...before.filter((role) => !without.has(role.toLowerCase())), ...add]
  await setRoles(tx, { ...acting, party }, wanted)
  const after = (await rolesOf(tx, [party.row.id])).map(({ role }) => role)
  return doneIf(before.toSorted().join('\n') !== after.toSorted().join('\n'))
}

async function placeParty(
  tx: Writer,
  acting: BulkActing,
  { placements }: SeenParty,
  { do: what, book }: Extract<OpenAction, { book: unknown }>,
): Promise<Done> {
  if (placements.some(({ collectionId }) => collectionId === book)) return 'unchanged'
  const target = await mustSeeBook(tx, acting.session, book)
  const seen = await mustSeeCard(tx, acting.session, placements[0].objectId)
  await (what === 'copy' ? copyCard : moveCard)(tx, seen, target, acting)
  return 'changed'
}

/**
 * Sends all cards of somebody to the trash that the caller may delete; what is known beside them waits there for their return.
 * @throws refusal 403 where he may delete none; 423
 */
export async function removeParty(
  tx: Writer,
  acting: Omit<BulkActing, 'folding'>,
  { placements }: SeenParty,
): Promise<{ readonly removed: number; readonly left: number }> {
  let [removed, left] = [0, 0]
  for (const { objectId } of placements) {
    const seen = await mustSeeCard(tx, acting.session, objectId)
    if (may(seen.book, 'unbind')) {
      await removeCard(tx, seen, acting)
      removed += 1
    } else left += 1
  }
  if (removed === 0) throw refuseStatus(403, 'You may read this, and not delete it.')
  return { removed, left }
}
