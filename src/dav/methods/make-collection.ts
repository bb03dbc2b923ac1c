import { propstats } from '../../../protocol/dav/multistatus.ts'
import { caldav, carddav, cs, dav } from '../../../protocol/dav/names.ts'
import { type Refusal, refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type PropertyOperation, readMakeCollection } from '../../../protocol/dav/propertyupdate.ts'
import { children, elements, type XmlElement } from '../../../protocol/dav/xml-read.ts'
import { fixedDeclarations } from '../../../protocol/dav/xml-write.ts'
import type { NewCollection } from '../../../storage/collection-writes.ts'
import type { CollectionPatch } from '../../../storage/collections.ts'
import { setDeadProperty } from '../../../storage/dead-properties.ts'
import { calendarComponents, makeCollection } from '../../features/collections.ts'
import { firstComponents, makeSubscription } from '../../features/subscriptions/subscriptions.ts'
import { authorize } from '../access.ts'
import { type Call, originOf, preferencesOf, readXmlBody } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { checkLocks } from '../locks/guard.ts'
import { placeIn, placeOf } from '../locks/places.ts'
import type { HomeKind, Location } from '../paths.ts'
import { appliedPreferences } from '../preferences.ts'
import { type PropertyChanges, readChanges, refusedPropstats } from '../property-changes.ts'
import { empty, type Reply, xmlType } from '../reply.ts'
import { findCollectionAt, findHome, findParent, findResource } from '../tree.ts'

type CollectionLocation = Extract<Location, { kind: 'collection' }>
type CollectionKind = NewCollection['kind']

/** @see RFC 4791 §5.3.1; success is 201 without a body (DVX-08) */
export function mkcalendar(call: Call): Promise<Reply> {
  return make(call, 'mkcalendar')
}

/** Extended MKCOL: the resource type says what is made; success has no body, as RFC 8144 §2.2 prefers. @see RFC 5689 §3 */
export function mkcol(call: Call): Promise<Reply> {
  return make(call, 'mkcol')
}

async function make(call: Call, method: 'mkcalendar' | 'mkcol'): Promise<Reply> {
  const { session, store, settings } = call
  const location = await freeLocation(call, method)
  authorize(session, 'make-collection', {
    parent: await store.read((reader) => findParent(reader, session, location)),
  })
  const operations = readMakeCollection(await readXmlBody(call))
  const kind = kindOf(operations, method, location.home)
  const changes = readChanges(operations, kind, settings, [dav('resourcetype'), componentSet])
  if (changes.refused.length > 0) return refusedBody(method, changes)
  const made: NewCollection = {
    kind,
    name: location.collection,
    resourceId: call.newId(),
    components: kind === 'calendar' ? componentsOf(operations, changes.patch) : null,
    subscribed: isSubscribed(operations, changes.patch) ? 1 : 0,
    ...changes.patch,
  }
  await store.write(async (tx) => {
    if (await findCollectionAt(tx, session, location)) throw exists(method)
    await checkConditions(tx, call, undefined)
    const home = await findHome(tx, session, location)
    authorize(session, 'make-collection', { parent: home })
    await checkLocks(tx, call, [
      { place: placeIn(placeOf(home), location.collection), act: 'make', isWhole: true },
    ])
    const collection =
      typeof made.source === 'string'
        ? await makeSubscription(tx, home.row.id, { ...made, source: made.source }, originOf(call), settings)
        : await makeCollection(tx, home.row.id, made, originOf(call), settings)
    for (const [name, xml] of changes.dead) {
      if (xml !== undefined)
        await setDeadProperty(tx, { kind: 'collection', id: collection.id }, { name, xml })
    }
  })
  const { minimal } = preferencesOf(call)
  return empty(201, { 'Cache-Control': 'no-cache', ...(minimal && appliedPreferences({ minimal })) })
}

/** Collections are made in the homes, at names that are free. */
async function freeLocation(call: Call, method: 'mkcalendar' | 'mkcol'): Promise<CollectionLocation> {
  const { location, session, store } = call
  if (await store.read((reader) => findResource(reader, session, location))) throw exists(method)
  if (location.kind === 'collection') return location
  if (location.kind === 'member') {
    const parent = await store.read((reader) => findCollectionAt(reader, session, location))
    if (!parent) throw refuseStatus(409, 'The folder to make it in does not exist.')
  }
  throw notHere(location.kind === 'member' ? location.home : 'calendars')
}

function notHere(home: HomeKind): Refusal {
  const name = home === 'calendars' ? 'calendar-collection-location-ok' : 'addressbook-collection-location-ok'
  return refuse(name, { message: 'Calendars and address books are made in the homes of an account.' })
}

/** @see RFC 4791 §5.3.1.1, RFC 5689 §3 */
function exists(method: 'mkcalendar' | 'mkcol'): Refusal {
  const status = method === 'mkcalendar' ? 403 : 405
  return refuse('resource-must-be-null', { status, message: 'There is something at this address already.' })
}

/** What is to be made, and whether it may be made in that home. */
function kindOf(
  operations: readonly PropertyOperation[],
  method: 'mkcalendar' | 'mkcol',
  home: HomeKind,
): CollectionKind {
  const type = operations.find(({ property }) => property.name === dav('resourcetype'))?.property
  const fallback = method === 'mkcalendar' || home === 'calendars' ? 'calendar' : 'addressbook'
  const kind = method === 'mkcalendar' ? 'calendar' : type ? typeOf(type) : fallback
  if ((kind === 'calendar') !== (home === 'calendars')) throw notHere(home)
  return kind
}

function typeOf(resourcetype: XmlElement): CollectionKind {
  const names = elements(resourcetype).map(({ name }) => name)
  if (names.includes(caldav('calendar')) || names.includes(cs('subscribed'))) return 'calendar'
  if (names.includes(carddav('addressbook'))) return 'addressbook'
  throw refuse('valid-resourcetype', { message: 'Only calendars and address books can be made here.' })
}

/**
 * Whether the type CS:subscribed is asked for, as Apple's clients do: since macOS 10.9 by MKCALENDAR, before by MKCOL.
 * @throws valid-resourcetype without an address to subscribe to
 */
function isSubscribed(operations: readonly PropertyOperation[], { source }: CollectionPatch): boolean {
  const type = operations.find(({ property }) => property.name === dav('resourcetype'))?.property
  const isAsked = type !== undefined && elements(type).some(({ name }) => name === cs('subscribed'))
  if (isAsked && typeof source !== 'string') {
    throw refuse('valid-resourcetype', { message: 'A subscribed calendar needs a CS:source.' })
  }
  return isAsked
}

const componentSet = caldav('supported-calendar-component-set')

/**
 * The components asked for; names we do not store are passed over as long as one is known (EVO-05, KDE-03). What a
 * subscribed calendar holds is not known yet.
 * @throws supported-calendar-component
 */
function componentsOf(operations: readonly PropertyOperation[], { source }: CollectionPatch): string {
  const asked = operations.find(({ property }) => property.name === componentSet)?.property
  if (!asked) return typeof source === 'string' ? firstComponents : calendarComponents.join(',')
  const names = children(asked, caldav('comp')).map((comp) =>
    (comp.attributes.get('name') ?? '').toUpperCase(),
  )
  const known = storable.filter((name) => names.includes(name))
  if (known.length === 0)
    throw refuse('supported-calendar-component', { message: 'None of these components is stored.' })
  return known.join(',')
}

const storable = [...calendarComponents, 'VFREEBUSY', 'VAVAILABILITY']

/** Nothing was made: which properties are to blame. @see RFC 5689 §3.4, RFC 4791 §5.3.1.2 */
function refusedBody(method: 'mkcalendar' | 'mkcol', changes: PropertyChanges): Reply {
  const root = method === 'mkcalendar' ? 'c:mkcalendar-response' : 'd:mkcol-response'
  const inner = propstats('', '', refusedPropstats(changes))
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<${root}${fixedDeclarations}>${inner}</${root}>`
  return { status: 424, headers: { 'Content-Type': xmlType }, body }
}
