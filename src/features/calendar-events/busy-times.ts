import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { instantText } from '../../../protocol/ical/details/moments.ts'
import { listCollections } from '../../../storage/collections.ts'
import { listHomes } from '../../../storage/homes.ts'
import { findPrincipalByName } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { foldName } from '../../auth/basic.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { type BusyRange, findBusyPeriods } from '../calendars/free-busy.ts'
import { notThere } from '../people/asking.ts'
import { findVisiblePrincipal } from '../rights/directory.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'

/**
 * When somebody is busy, by those of his calendars that tell the caller.
 * @throws refusal 404 for whom the caller does not see; 422 for a range that ends before it begins
 * @see RFC 4791 §7.10, RFC 6638 §9.1
 */
export async function busyTimes(
  services: Pick<Services, 'store' | 'settings' | 'log'>,
  session: Session,
  { who, ...range }: BusyRange & { readonly who: string },
) {
  if (range.end <= range.start) throw refuseStatus(422, 'The range ends before it begins.')
  const { principal, calendars } = await services.store.read((reader) => toldOf(reader, session, who))
  const periods = await findBusyPeriods(services, calendars, range)
  return {
    who: { id: principal.id, name: principal.name, displayName: principal.displayName || principal.name },
    periods: periods.map(({ start, end, type }) => ({
      start: instantText(start),
      end: instantText(end),
      type,
    })),
  }
}

async function toldOf(reader: Reader, session: Session, who: string) {
  const named = await findPrincipalByName(reader, foldName(who))
  const principal = await findVisiblePrincipal(reader, session, named?.segment ?? '')
  if (!principal) throw notThere()
  const home = (await listHomes(reader, principal.id)).find(({ kind }) => kind === 'calendars')
  const all = home ? await listCollections(reader, home.id, { kind: 'calendar' }) : []
  const lists = await readLists(
    reader,
    all.flatMap((row) => collectionPlace(row).path),
  )
  const calendars = []
  for (const row of all.filter(({ transparent }) => transparent === 0)) {
    const rights = await rightsAt(reader, session, collectionPlace(row), lists)
    if ((rights & bit['read-free-busy']) !== 0) calendars.push({ row })
  }
  return { principal, calendars }
}
