import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Writer } from '../../../storage/store.ts'
import { authorize } from '../access.ts'
import type { Call } from '../call.ts'
import { createEmptyFile } from '../files/make-empty.ts'
import { isBelowHome } from '../files/tree.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import type { Resource } from '../resource.ts'
import { findCollectionAt, notFound } from '../tree.ts'

/**
 * Makes an empty resource where a LOCK found none: an empty file among files. Calendars and address books cannot hold one: what is in them is a
 * calendar object or a card, so there a name is not locked before something is put under it.
 * @throws valid-calendar-data, valid-address-data; refusal 409 where nothing can be put, 403 in a home
 * @see RFC 4918 §7.3, §9.10.4
 */
export async function makeEmpty(tx: Writer, call: Call): Promise<Resource> {
  const { location, session } = call
  if (location.kind === 'collection' || location.kind === 'home') {
    throw refuseStatus(403, 'Calendars and address books are made with MKCALENDAR or MKCOL, then locked.')
  }
  if (isBelowHome(location)) return createEmptyFile(tx, call, location)
  if (location.kind !== 'member') throw notFound()
  const parent = await findCollectionAt(tx, session, location)
  if (!parent) throw refuseStatus(409, 'There is no collection at this address to lock a name in.')
  authorize(session, 'lock-new', { parent })
  await checkLocks(tx, call, [{ place: placeIn(placeOf(parent), location.name), act: 'make' }])
  const name = parent.kind === 'calendar' ? 'valid-calendar-data' : 'valid-address-data'
  throw refuse(name, { message: 'An empty object cannot be kept here: put it first, then lock it.' })
}
