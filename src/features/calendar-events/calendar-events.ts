import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { type CollectionRow, findCollectionById, isServerOnly } from '../../../storage/collections.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import { findMountOn, type MountRow } from '../../../storage/mounts.ts'
import { findObjectById, type MemberRow, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { notThere } from '../people/asking.ts'
import type { Reach, Reached } from '../people/reach.ts'
import { mountAccess } from '../rights/mount-access.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'
import { readObjectTexts } from '../texts.ts'
import { openView, type View } from '../views/view.ts'

/** A calendar as somebody sees it. */
export interface SeenCalendar {
  readonly row: CollectionRow
  readonly access: PrivilegeSet
  readonly mount: MountRow | undefined
  /** How he sees it, where that is not as it is stored. */
  readonly view: View | undefined
}

/** An event or a task as somebody sees it. */
export interface SeenObject {
  readonly calendar: SeenCalendar
  /** As it is stored. */
  readonly stored: ObjectRow
  /** As he sees it: its entity tag is another where he has alarms of his own. */
  readonly row: MemberRow
  readonly text: string
}

/** A calendar by its id. @throws refusal 404 for one that is not there, or that the caller does not read */
export async function mustSeeCalendar(
  reader: Reader,
  session: Session,
  id: CollectionId,
): Promise<SeenCalendar> {
  const row = await findCollectionById(reader, id)
  if (row?.kind !== 'calendar') throw notThere()
  const place = collectionPlace(row)
  const rights = await rightsAt(reader, session, place, await readLists(reader, place.path))
  const isOwn = row.principalId === session.principal.id
  const mounted = isOwn ? undefined : await findMountOn(reader, id, session.principal.id)
  const mount = mounted?.mount.state === 'accepted' ? mounted.mount : undefined
  const access = mount ? mountAccess(session, mount, rights) : rights
  if ((access & bit.read) === 0) throw notThere()
  return { row, access, mount, view: await openView(reader, { row, mount }) }
}

/** An event, or a task, by its id. @throws refusal 404 */
export async function mustSeeObject(
  reader: Reader,
  session: Session,
  { id, component }: { readonly id: ObjectId; readonly component: 'VEVENT' | 'VTODO' },
): Promise<SeenObject> {
  const stored = await findObjectById(reader, id)
  if (stored?.component !== component) throw notThere()
  const calendar = await mustSeeCalendar(reader, session, stored.collectionId)
  const [seen] = await seeObjects(reader, calendar, [stored])
  if (!seen) throw notThere()
  return { calendar, stored, ...seen }
}

/** Members as they are seen, in no order; what is not there for whoever asks is left out. @param rows  see `inParts` */
export async function seeObjects(
  reader: Reader,
  { view }: Pick<SeenCalendar, 'view'>,
  rows: readonly ObjectRow[],
): Promise<{ readonly row: MemberRow; readonly text: string }[]> {
  if (view) {
    const seen = await view.see(reader, rows, { row: true, text: true })
    return seen.flatMap(({ row, text }) => (text === undefined ? [] : [{ row, text }]))
  }
  const texts = await readObjectTexts(reader, rows)
  return rows.flatMap((row) => {
    const text = texts.get(row.id)
    return text === undefined ? [] : [{ row, text }]
  })
}

/** What somebody reads, with what he sees of it; of some, or of all. */
export async function seenCalendars(
  reader: Reader,
  { calendars, busyCalendars }: Reach,
  wanted: readonly CollectionId[] | undefined,
): Promise<SeenCalendar[]> {
  const all: readonly Reached[] = [...calendars, ...busyCalendars]
  const named = wanted === undefined ? all : all.filter(({ row }) => wanted.includes(row.id))
  const seen: SeenCalendar[] = []
  for (const { row, access, mount } of named)
    seen.push({ row, access, mount, view: await openView(reader, { row, mount }) })
  return seen
}

/** What may be done with the members of a calendar. */
export function rightsIn(calendar: Pick<SeenCalendar, 'row' | 'access' | 'mount'>): {
  readonly edit: boolean
  readonly add: boolean
  readonly remove: boolean
  /** Alarms of his own may have whoever sees the calendar with such, though he only reads. */
  readonly alarms: boolean
} {
  const { row, access, mount } = calendar
  const isOpen = !isServerOnly(row) && mount?.view !== 'busy'
  const may = (privilege: 'write-content' | 'bind' | 'unbind'): boolean =>
    isOpen && (access & bit[privilege]) !== 0
  const edit = may('write-content')
  return { edit, add: may('bind'), remove: may('unbind'), alarms: edit || mount?.view === 'personal' }
}

/** @throws refusal 403 for what the caller reads, and where he may not do that */
export function mustBeAllowed(calendar: SeenCalendar, what: 'edit' | 'add' | 'remove'): void {
  if (rightsIn(calendar)[what]) return
  throw refuse('need-privileges', { message: refusals[what] })
}

const refusals = {
  edit: 'You may read this calendar, not change what is in it.',
  add: 'You may not add anything to this calendar.',
  remove: 'You may not take anything out of this calendar.',
} as const

/** What cannot be read as a calendar object is given as a file only. */
export function cannotBeRead(): Error {
  return refuseStatus(409, 'It cannot be read as it is stored: take it as a file.')
}
