import { isServerOnly } from '../../../storage/collections.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { rightsIn } from '../calendar-events/calendar-events.ts'
import { type Reached, reachOf } from '../people/reach.ts'

/** The calendars and lists of tasks that somebody sees, with whose they are and what he may do there. */
export async function shownCalendars(reader: Reader, session: Session) {
  const { calendars: whole, busyCalendars } = await reachOf(reader, session)
  const calendars = [...whole, ...busyCalendars]
  const ids = [...new Set(calendars.map(({ row }) => row.principalId))]
  const owners = new Map((await findPrincipalsByIds(reader, ids)).map((owner) => [owner.id, owner]))
  return {
    calendars: calendars.flatMap((calendar) => {
      const owner = owners.get(calendar.row.principalId)
      return owner ? shownCalendar(calendar, owner, session.principal.id) : []
    }),
  }
}

const shown = { whole: 'all', personal: 'own-alarms', busy: 'busy' } as const

/** Whoever has a calendar of another may call it otherwise, and give it another colour. */
function shownCalendar({ row, access, mount }: Reached, owner: PrincipalRow, callerId: number) {
  const isBusy = mount?.view === 'busy'
  const { edit, add, remove } = rightsIn({ row, access, mount })
  return {
    ...{
      id: row.id,
      name: row.name,
      description: isBusy ? null : (mount?.description ?? row.description),
      components: isBusy ? ['VEVENT'] : (row.components?.split(',') ?? null),
    },
    title: mount?.displayname ?? row.displayname ?? row.name,
    color: mount?.color ?? row.color,
    order: mount?.sortOrder ?? row.sortOrder,
    timeZone: mount?.timezoneId ?? row.timezoneId,
    owner: { id: owner.id, name: owner.displayName ?? owner.name },
    isOwn: owner.id === callerId,
    isDefault: row.isDefault === 1,
    isShared: row.isShared === 1,
    isFollowed: !isBusy && isServerOnly(row),
    shows: shown[mount?.view ?? 'whole'],
    isTransparent: (mount?.transparent ?? row.transparent) === 1,
    isSubscription: !isBusy && row.source !== null,
    madeOf: row.generated,
    rights: { edit, add, remove },
    // How often what is not seen changes is not told either.
    change: isBusy ? 0 : row.feedChange,
  }
}
