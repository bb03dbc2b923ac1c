import { bit } from '../../../protocol/dav/privileges.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { look, type Route } from '../../api/route.ts'
import type { Session } from '../../auth/session.ts'
import { type Reached, reachOf } from '../people/reach.ts'
import { calendarList } from './schema.ts'

/** The calendars of an account, for whoever ties events to people and makes tasks. */
export const calendarRoutes: readonly Route[] = [
  look(
    {
      ...{ method: 'GET', path: '/calendars', scope: 'calendars' },
      summary: 'The calendars and lists of tasks that I read the events of',
    },
    { reply: calendarList },
    async ({ store, session }) => ({ body: await store.read((reader) => shownCalendars(reader, session)) }),
  ),
]

async function shownCalendars(reader: Reader, session: Session) {
  const { calendars } = await reachOf(reader, session)
  const ids = [...new Set(calendars.map(({ row }) => row.principalId))]
  const owners = new Map((await findPrincipalsByIds(reader, ids)).map((owner) => [owner.id, owner]))
  return {
    calendars: calendars.flatMap((calendar) => {
      const owner = owners.get(calendar.row.principalId)
      return owner ? shown(calendar, owner, session.principal.id) : []
    }),
  }
}

/** Whoever has a calendar of another may call it otherwise, and give it another colour. */
function shown({ row, access, mount }: Reached, owner: PrincipalRow, callerId: number) {
  const isFollowed = row.source !== null || row.generated !== null
  const may = (privilege: 'write-content' | 'bind' | 'unbind'): boolean =>
    !isFollowed && (access & bit[privilege]) !== 0
  return {
    ...{
      id: row.id,
      name: row.name,
      description: row.description,
      components: row.components?.split(',') ?? null,
    },
    title: mount?.displayname ?? row.displayname ?? row.name,
    color: mount?.color ?? row.color,
    order: mount?.sortOrder ?? row.sortOrder,
    timeZone: row.timezoneId,
    owner: { id: owner.id, name: owner.displayName ?? owner.name },
    isOwn: owner.id === callerId,
    isDefault: row.isDefault === 1,
    isShared: row.isShared === 1,
    isFollowed,
    rights: { edit: may('write-content'), add: may('bind'), remove: may('unbind') },
    change: row.feedChange,
  }
}
