import { caldav } from '../../../protocol/dav/names.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { readFreeBusyQuery } from '../../../protocol/dav/reports.ts'
import { writeFreeBusy } from '../../../protocol/ical/freebusy.ts'
import { findBusyPeriods } from '../../features/calendars/free-busy.ts'
import type { Call } from '../call.ts'
import type { CollectionResource, Resource } from '../resource.ts'
import { childrenOf } from '../tree.ts'
import type { Report } from './report.ts'

/**
 * When a calendar makes its owner busy, or all those of a home that are not transparent. Depth does not matter: macOS
 * asks with 1, Evolution with infinity (EVO-07), and a home holds calendars, not events.
 */
export const freeBusyQuery: Report = {
  name: caldav('free-busy-query'),
  rfc: 'RFC 4791 §7.10',
  on: ['calendar', 'calendar-home'],
  privilege: 'read-free-busy',
  answer: async (call, resource, body) => {
    const range = readFreeBusyQuery(body)
    const periods = await findBusyPeriods(call, await calendarsOf(call, resource), range)
    const text = writeFreeBusy(periods, { range, uid: call.newId(), stampAt: call.now() })
    return { status: 200, headers: { 'Content-Type': 'text/calendar; charset=utf-8' }, body: text }
  },
}

/** A calendar asked for by itself counts although it is transparent. @see RFC 6638 §9.1 */
async function calendarsOf(
  { store, session }: Call,
  resource: Resource,
): Promise<readonly CollectionResource[]> {
  if (resource.kind === 'calendar') return [resource]
  if (resource.kind !== 'calendar-home') return []
  const all = await store.read((reader) => childrenOf(reader, session, resource, 'read-free-busy'))
  const told = all.filter(({ access }) => (access & bit['read-free-busy']) !== 0)
  return told.filter(({ row }) => !row.transparent)
}
