import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { PrincipalId, SmartListId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { booksOfLists } from '../../../storage/smart-lists/books.ts'
import {
  addSmartList,
  changeSmartList,
  findSmartList,
  findSmartListNamed,
  listSmartLists,
  type SmartListRow,
} from '../../../storage/smart-lists/lists.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { findVirtualBook, type VirtualBook, virtualBooksOfList } from '../../../storage/virtual/books.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { renameGivenList } from '../grants/grants.ts'
import { findShareeFor } from '../sharing/sharees.ts'
import { dropBooks, lookAgainAt, makeListBook } from './books-of-list.ts'
import { questionsOf } from './compile.ts'
import { type NamedFilter, openGiven } from './evaluate.ts'
import { recordList, stateOfList } from './record.ts'
import type { Filter } from './schema.ts'
import { ownViewing } from './sight.ts'

export { forgetInLists } from './forget.ts'
export { relabelLists } from './relabel.ts'
export { bringBackList, dropList } from './trash.ts'

/** What changing lists needs to know. */
export interface Listing extends Pick<Services, 'settings' | 'newId'> {
  readonly session: Session
  readonly origin: Origin
}

/** A list that somebody wants to have. */
export interface WantedList {
  readonly name: string
  readonly description: string
  readonly color: string | null
  readonly filter: Filter
}

/** @throws refusal 422 where there are too many, the name is taken, or the filter has no meaning */
export async function makeList(tx: Writer, wanted: WantedList, listing: Listing): Promise<SmartListRow> {
  const { id: principalId } = listing.session.principal
  const most = listing.settings.limits.smartLists
  if ((await listSmartLists(tx, principalId)).length >= most)
    throw refuseStatus(422, `There may be ${most} lists of one account at most.`)
  await checkName(tx, principalId, wanted.name)
  const { name, description, color } = wanted
  const id = await addSmartList(tx, {
    ...{ principalId, name, description, color },
    ...(await writtenFilter(tx, wanted.filter, listing.session)),
  })
  const made = await mustFind(tx, id)
  await recordList(tx, made, { before: undefined, after: stateOfList(made) }, listing.origin)
  return made
}

/** Changes a list; the address books that are made of it follow a moment later. @throws refusal 422 */
export async function editList(
  tx: Writer,
  list: SmartListRow,
  patch: { readonly [Key in keyof WantedList]?: WantedList[Key] | undefined },
  { session, origin }: Listing,
): Promise<SmartListRow> {
  const { name = list.name, description = list.description, color = list.color, filter } = patch
  if (name !== list.name) await checkName(tx, list.principalId, name)
  const written = filter === undefined ? {} : await writtenFilter(tx, filter, session)
  await changeSmartList(tx, { ...list, name, description, color, ...written })
  if (name !== list.name) await renameGivenList(tx, list, name, session.principal, { origin })
  if (filter !== undefined) await lookAgainAt(tx, list.id)
  const edited = await mustFind(tx, list.id)
  await recordList(tx, edited, { before: stateOfList(list), after: stateOfList(edited) }, origin)
  return edited
}

/**
 * Makes a list an address book, which devices subscribe to; one that is there already stays.
 * @throws max-collections; refusal 422 for an account without address books
 */
export async function subscribeList(
  tx: Writer,
  list: SmartListRow,
  { session, settings, newId, origin }: Listing,
): Promise<VirtualBook> {
  const known = (await booksOfLists(tx, [list.id])).get(list.id)
  const there = known && (await findVirtualBook(tx, known.id))
  if (there) return there
  const made = await makeListBook(tx, list, session.principal, { origin, settings, newId })
  if (!made) throw refuseStatus(422, 'The account has no address books.')
  return made
}

/** Takes the address book away that somebody has his list as. */
export async function unsubscribeList(tx: Writer, list: SmartListRow, { origin }: Listing): Promise<void> {
  const known = (await booksOfLists(tx, [list.id])).get(list.id)
  if (!known) throw refuseStatus(404, 'The list is no address book.')
  const books = await virtualBooksOfList(tx, list.id)
  const own = books.filter(({ collectionId, twinOf }) => collectionId === known.id || twinOf === known.id)
  await dropBooks(tx, own, origin)
}

/**
 * Whom a filter names, by what it calls them: `me` is whoever has made it.
 * @throws refusal 422 for whom he does not see
 */
export async function namedIn(reader: Reader, filter: Filter, session: Session): Promise<NamedFilter> {
  const principals = new Map<string, PrincipalId>()
  for (const question of questionsOf(filter)) {
    if (question.field !== 'owner' || question.who === undefined || principals.has(question.who)) continue
    const { who } = question
    principals.set(who, who === 'me' ? session.principal.id : (await findShareeFor(reader, session, who)).id)
  }
  return { filter, principals }
}

async function writtenFilter(
  tx: Writer,
  filter: Filter,
  session: Session,
): Promise<Pick<SmartListRow, 'filter' | 'principals'>> {
  const named = await namedIn(tx, filter, session)
  await openGiven(tx, await ownViewing(tx, session), named, tx.now)
  const principals = Object.fromEntries(named.principals)
  return { filter: JSON.stringify(filter), principals: JSON.stringify(principals) }
}

async function checkName(reader: Reader, principalId: PrincipalId, name: string): Promise<void> {
  if (await findSmartListNamed(reader, principalId, name))
    throw refuseStatus(422, `There is a list "${name}" already.`)
}

async function mustFind(reader: Reader, id: SmartListId): Promise<SmartListRow> {
  const list = await findSmartList(reader, id)
  if (!list) throw new Error('The list was not made.')
  return list
}
