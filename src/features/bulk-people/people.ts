import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { PartyId } from '../../../storage/ids.ts'
import { findSmartList } from '../../../storage/smart-lists/lists.ts'
import { type Place, sortedPeople } from '../../../storage/smart-lists/people.ts'
import type { Reader } from '../../../storage/store.ts'
import type { ApiCall } from '../../api/route.ts'
import { type AskedPeople, openPeople } from '../smart-lists/people.ts'
import { filter } from '../smart-lists/schema.ts'
import type { ChosenPeople } from './schema.ts'

const pagePeople = 2_000

/** Somebody asks for people. */
export type Choosing = Pick<ApiCall<ChosenPeople>, 'body' | 'session' | 'settings' | 'now'>

/**
 * The ids of those who are meant, each once. Those of a request are taken as they are: who of them is seen shows when it is done.
 * @throws refusal 404 for a list that is not the caller's; 413 where they are too many; 422 for a filter without meaning
 */
export async function idsOf(reader: Reader, call: Choosing): Promise<readonly PartyId[]> {
  const { body, settings } = call
  const most = settings.api.bulkPeople
  const ids =
    'ids' in body ? [...new Set(body.ids)] : await found(reader, call, await askedIn(reader, call, body))
  if (ids.length > most) throw refuseStatus(413, `It may be done to ${most} people at once at most.`)
  return ids
}

interface Found {
  readonly asked: AskedPeople
  readonly except: readonly PartyId[]
}

async function askedIn(
  reader: Reader,
  { session }: Choosing,
  body: Exclude<ChosenPeople, { ids: unknown }>,
): Promise<Found> {
  const { except } = body
  if ('filter' in body) return { asked: { filter: body.filter, q: body.q }, except }
  const list = await findSmartList(reader, body.list)
  if (list?.principalId !== session.principal.id) throw refuseStatus(404, 'There is no such list.')
  return { asked: { filter: filter.parse(JSON.parse(list.filter)) }, except }
}

/** One more than there may be, where they are too many. */
async function found(reader: Reader, call: Choosing, { asked, except }: Found): Promise<PartyId[]> {
  const { people } = await openPeople(reader, call.session, asked, call.now())
  const most = call.settings.api.bulkPeople
  const leftOut = new Set(except)
  const ids = new Set<PartyId>()
  let after: Place | undefined
  while (ids.size <= most) {
    const page = await sortedPeople(reader, people, {
      ...{ order: 'name', isDescending: false, after, limit: pagePeople },
    })
    for (const { partyId } of page) if (!leftOut.has(partyId)) ids.add(partyId)
    after = page.at(-1)?.place
    if (page.length < pagePeople) break
  }
  return [...ids]
}
