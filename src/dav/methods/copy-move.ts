import { readDepth, readDestination, readOverwrite } from '../../../protocol/dav/headers.ts'
import { encodeSegment } from '../../../protocol/dav/href.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { moveCollection } from '../../../storage/collection-writes.ts'
import { copyDeadProperties } from '../../../storage/dead-properties.ts'
import { lockFeeds } from '../../../storage/feeds.ts'
import type { HomeId } from '../../../storage/ids.ts'
import { renameMount } from '../../../storage/mount-writes.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { copyCollection, removeCollection, requireFree } from '../../features/collections.ts'
import type { HeldLocks } from '../../features/locks/locks.ts'
import { checkName } from '../../features/names.ts'
import { declineInvite } from '../../features/sharing/sharing.ts'
import { checkComponent } from '../../features/store-object.ts'
import { openView } from '../../features/views/view.ts'
import { authorize, type Guarded, isAuthorized, isReadable, needs } from '../access.ts'
import { type Call, originOf, preferencesOf } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { type Change, checkLocks, dropLocks } from '../locks/guard.ts'
import { type LockPlace, placeIn, placeInHome, placeOf } from '../locks/places.ts'
import { targetOf } from '../pages.ts'
import { collectionPath, type Location, locate } from '../paths.ts'
import { empty, type Reply } from '../reply.ts'
import type { CollectionResource } from '../resource.ts'
import { requireWhole } from '../seen/collections.ts'
import {
  findCollectionAt,
  findHome,
  findMemberIn,
  findParent,
  findUnseen,
  mustFind,
  notFound,
} from '../tree.ts'
import { represent } from './get.ts'
import { copyMember, moveMember } from './transfer-member.ts'

type Member = Extract<Location, { kind: 'member' }>
type Whole = Extract<Location, { kind: 'collection' }>
type Action = 'copy' | 'move'

/** @see RFC 4918 §9.8 */
export function copy(call: Call): Promise<Reply> {
  return transfer(call, 'copy')
}

/** @see RFC 4918 §9.9; changing an event's calendar on an iPhone is this (IOS-23) */
export function move(call: Call): Promise<Reply> {
  return transfer(call, 'move')
}

async function transfer(call: Call, action: Action): Promise<Reply> {
  const { location } = call
  const destination = locate(readDestination(call.headers.destination as string | undefined))
  if (destination.kind === 'member') checkName(destination.name)
  if (destination.kind === 'collection') checkName(destination.collection)
  const overwrite = readOverwrite(call.headers.overwrite as string | undefined)
  if (location.kind === 'member') {
    if (destination.kind === 'member') return transferMember(call, action, location, destination, overwrite)
    await call.store.read((reader) => mustFind(reader, call.session, location))
    throw refuseStatus(
      destination.kind === 'collection' ? 409 : 403,
      'An object can only go into a collection.',
    )
  }
  const resource = await call.store.read((reader) => mustFind(reader, call.session, location))
  if (location.kind === 'collection' && destination.kind === 'collection') {
    return transferWhole(call, action, location, destination, overwrite)
  }
  throw needs(call.session, resource.href, [action === 'move' ? 'unbind' : 'bind'])
}

async function transferMember(
  call: Call,
  action: Action,
  from: Member,
  to: Member,
  overwrite: boolean,
): Promise<Reply> {
  const { session, store } = call
  const replaced = await store.write(async (tx) => {
    const source = await findCollectionAt(tx, session, from)
    if (source) authorize(session, 'read', { resource: source })
    const member = source && (await findMemberIn(tx, source, from.name))
    if (!source || !member) throw notFound()
    const target = await findCollectionAt(tx, session, to)
    if (!target) throw refuseStatus(409, 'The destination collection does not exist.')
    const existing = await findMemberIn(tx, target, to.name)
    if (!existing && (await findUnseen(tx, target, to.name))) throw takenUnseen()
    authorizeTransfer(session, action, {
      resource: member,
      parent: source,
      target: existing,
      targetParent: target,
    })
    if (existing?.row.id === member.row.id)
      throw refuseStatus(403, 'The source and the destination are the same.')
    if (source.kind !== target.kind) throw wrongKind(target)
    await lockFeeds(tx, [source.row.feedId, target.row.feedId])
    await checkConditions(tx, call, member)
    if (existing && !overwrite) throw refuseStatus(412, 'There is something at the destination.')
    const places = { from: placeIn(placeOf(source), member.row.name), to: placeIn(placeOf(target), to.name) }
    const held = await checkTransfer(tx, call, action, places, {
      act: !existing ? 'make' : action === 'move' ? 'remove' : 'change',
    })
    checkComponent(target.row, member.row.component)
    const transferred = { member, target, name: to.name, existing }
    if (action === 'copy') await copyMember(tx, call, transferred)
    else {
      await moveMember(tx, call, transferred)
      for (const place of [places.from, places.to]) await dropLocks(tx, held, place)
    }
    return existing !== undefined
  })
  return arrivedMember(call, to, replaced)
}

/**
 * Who may not read the destination is refused the same whether or not there is something.
 * @param places  `target` is what is there
 * @throws need-privileges
 */
function authorizeTransfer(
  session: Session,
  action: Action,
  {
    target,
    ...places
  }: Record<'resource' | 'parent' | 'targetParent', Guarded> & {
    readonly target: Guarded | undefined
  },
): void {
  const over = target && { ...places, target }
  const isTold = over && (isReadable(places.targetParent) || isAuthorized(`${action}-over`, over))
  if (!isTold) authorize(session, `${action}-new`, places)
  if (over) authorize(session, `${action}-over`, over)
}

/** @see RFC 8144 §3.1 */
async function arrivedMember(call: Call, to: Member, replaced: boolean): Promise<Reply> {
  const href = collectionPath(to.home, to.segment, to.collection) + encodeSegment(to.name)
  const isShown = preferencesOf(call).representation
  const shown = isShown ? await represent(call, to, replaced ? 200 : 201) : undefined
  if (!shown) return arrived(replaced, href)
  return replaced ? shown : { ...shown, headers: { ...shown.headers, Location: href } }
}

interface Places {
  readonly from: LockPlace
  readonly to: LockPlace
}

/** COPY touches the destination, MOVE the source too. @see RFC 4918 §7.4, §7.5 */
function checkTransfer(
  tx: Writer,
  call: Call,
  action: Action,
  { from, to }: Places,
  how: Omit<Change, 'place'>,
): Promise<HeldLocks> {
  const source = action === 'move' ? [{ ...how, place: from, act: 'remove' as const }] : []
  return checkLocks(tx, call, [...source, { ...how, place: to }])
}

/** 201 names what was made, which is not what the request was sent to. @see RFC 9110 §15.3.2 */
function arrived(replaced: boolean, href: string): Reply {
  return replaced ? empty(204) : empty(201, { Location: href })
}

function takenUnseen(): Error {
  return refuse('resource-must-be-null', {
    message: 'A list of people that this device does not see is there.',
  })
}

function wrongKind(target: CollectionResource): Error {
  const name = target.kind === 'calendar' ? 'supported-calendar-data' : 'supported-address-data'
  return refuse(name, { message: 'Cards belong into address books, events and tasks into calendars.' })
}

async function transferWhole(
  call: Call,
  action: Action,
  from: Whole,
  to: Whole,
  overwrite: boolean,
): Promise<Reply> {
  const { session, store, settings } = call
  const depth = readDepth(call.headers.depth as string | undefined) ?? 'infinity'
  if (depth === 1 || (action === 'move' && depth === 0)) {
    throw refuseStatus(400, 'A collection is copied with Depth 0 or infinity, and moved whole.')
  }
  if (from.collection === to.collection && from.home === to.home && from.segment === to.segment) {
    throw refuseStatus(403, 'The source and the destination are the same.')
  }
  const replaced = await store.write(async (tx) => {
    const source = await findCollectionAt(tx, session, from)
    if (!source) throw notFound()
    const home = await findHome(tx, session, to)
    const existing = await findCollectionAt(tx, session, to)
    const parent = await findParent(tx, session, from)
    authorizeTransfer(session, action, { resource: source, parent, target: existing, targetParent: home })
    if (existing) authorize(session, 'replace-whole', { targetParent: home })
    if (existing) requireWhole(session, existing)
    if (action === 'move') requireWhole(session, source)
    if (from.home !== to.home) throw wrongHome(to)
    if (action === 'move' && source.principal.id !== home.principal.id) throw otherAccount()
    await checkConditions(tx, call, source)
    if (existing && !overwrite) throw refuseStatus(412, 'There is something at the destination.')
    const places = { from: placeInHome(source), to: placeIn(placeOf(home), to.collection) }
    const held = await checkTransfer(tx, call, action, places, {
      act: existing ? 'remove' : 'make',
      isWhole: true,
    })
    const origin = originOf(call, action)
    if (existing?.mount) await declineInvite(tx, existing.mount, { origin, settings })
    else if (existing) await removeCollection(tx, existing.row, origin, settings)
    const place = { homeId: home.row.id, name: to.collection }
    await requireFree(tx, place.homeId, place.name)
    if (action === 'copy') await copyWhole(tx, call, source, { ...place, withMembers: depth !== 0 })
    else if (source.mount) await renameMount(tx, source.mount, to.collection, origin)
    else await moveCollection(tx, source.row, place, origin)
    if (action === 'move') await dropLocks(tx, held, places.from)
    await dropLocks(tx, held, places.to)
    return existing !== undefined
  })
  return arrived(replaced, collectionPath(to.home, to.segment, to.collection))
}

/** A copy of a collection, with the properties that the caller sees on it. */
async function copyWhole(
  tx: Writer,
  call: Call,
  source: CollectionResource,
  to: { readonly homeId: HomeId; readonly name: string; readonly withMembers: boolean },
): Promise<void> {
  const made = { ...to, resourceId: call.newId() }
  // Lists go along both ways.
  const viewed = { row: source.row, view: await openView(tx, { ...source, lists: undefined }) }
  const origin = originOf(call, 'copy')
  const copied = await copyCollection(tx, viewed, made, origin, call.settings, call.now())
  const properties = targetOf(source)
  if (properties) await copyDeadProperties(tx, properties, { kind: 'collection', id: copied.id })
}

/** What a collection is shared with, and who may see its history, hangs on its owner. */
function otherAccount(): Error {
  return refuseStatus(403, 'A collection goes to another account by an administrator: copy it instead.')
}

function wrongHome(to: Whole): Error {
  const name =
    to.home === 'calendars' ? 'calendar-collection-location-ok' : 'addressbook-collection-location-ok'
  return refuse(name, { message: 'Calendars and address books stay in their own homes.' })
}
