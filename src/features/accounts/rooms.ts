import type { Settings } from '../../../config/defaults.ts'
import {
  type ChangedBookable,
  createHome,
  insertPrincipal,
  type PrincipalRow,
  setBookableTraits,
} from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { makeCollection } from '../collections.ts'
import { findNamed, type NewName, nameNew } from './named.ts'

/** What can be booked. */
export type BookableKind = 'room' | 'resource'

/**
 * Makes a room or a thing that can be booked, with a calendar of its own. Nobody signs in to it: delegates and access
 * control lists say who may do what there.
 * @throws AccountError when the name is taken or cannot be one
 */
export async function createBookable(
  tx: Writer,
  kind: BookableKind,
  { description, place, capacity, ...named }: NewName & ChangedBookable,
  { settings, newId }: { readonly settings: Settings; readonly newId: () => string },
): Promise<void> {
  const id = await insertPrincipal(tx, await nameNew(tx, kind, named))
  await setBookableTraits(tx, id, { description, place, capacity })
  const homeId = await createHome(tx, id, 'calendars')
  const calendar = {
    kind: 'calendar',
    name: 'calendar',
    displayname: 'Calendar',
    components: 'VEVENT',
    isDefault: true,
    resourceId: newId(),
  } as const
  await makeCollection(tx, homeId, calendar, { kind: 'job' }, settings)
}

/** @throws AccountError when there is none of that name */
export function findBookable(reader: Reader, kind: BookableKind, name: string): Promise<PrincipalRow> {
  return findNamed(reader, name, kind)
}
