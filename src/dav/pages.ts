import type { PropertyRequest } from '../../protocol/dav/propfind.ts'
import { utcZone, type Zone } from '../../protocol/ical/timezone.ts'
import {
  type DeadProperty,
  deadProperties,
  type PropertyTarget,
  targetKey,
} from '../../storage/dead-properties.ts'
import type { MemberRow, ObjectRow } from '../../storage/objects.ts'
import type { Reader } from '../../storage/store.ts'
import { floatingZone } from '../features/calendars/timezone.ts'
import type { PhotoLimits } from '../features/devices/kinds.ts'
import { fullRows } from '../features/full-rows.ts'
import { inParts } from '../features/parts.ts'
import { createPause } from '../features/pause.ts'
import { readPhotoTexts, withPhotosFor } from '../features/photos/photo-texts.ts'
import { readObjectTexts } from '../features/texts.ts'
import { type Seen, type View, viewIn } from '../features/views/view.ts'
import { createPageAces } from './acl/page-aces.ts'
import { type Call, photosOf, timezonesWanted } from './call.ts'
import { createPageViews } from './files/tokens.ts'
import { createPageLocks } from './locks/page-locks.ts'
import { createPageChildren } from './page-children.ts'
import { createPageQuotas } from './page-quotas.ts'
import { createPageDirectory } from './principals/page-directory.ts'
import type { Ask } from './properties/property.ts'
import { type DeadProperties, type Responder, responder } from './propstats.ts'
import { reportsOn } from './reports/index.ts'
import {
  type CollectionResource,
  type HomeResource,
  isMember,
  type Kind,
  type MemberResource,
  memberKind,
  type Resource,
} from './resource.ts'
import { memberResource } from './seen/collections.ts'
import { createPageSharees } from './sharing/page-sharees.ts'

/** Renders resources for one request, loading for a whole page what the asked properties need. */
export interface Renderer {
  /** The response of one resource. */
  one(resource: Resource): Promise<string>
  /** The responses of resources of like kinds, looked up together: no members of collections. */
  alike(resources: readonly Resource[]): Promise<string>
  /**
   * Prepares for the members of one collection; gives the responses of a page of rows, in pieces.
   * @param zone  of dates and floating times, where it is not that of the collection
   */
  members(collection: CollectionResource, zone?: Zone): (rows: readonly MemberRow[]) => AsyncGenerator<string>
  /** The collections of a home that the caller may see; looked up once, for the home's own properties too. */
  children(home: HomeResource): Promise<readonly CollectionResource[]>
  /** Reads what is asked of resources of this kind; throws where it cannot be given, before there is one. */
  check(kind: Kind): void
}

/** @param minimal  leave out the propstats of properties that are not there */
export function createRenderer(call: Call, request: PropertyRequest, minimal: boolean): Renderer {
  const { store } = call
  const { ask, children, load, loadMembers } = createAsking(call)

  async function one(resource: Resource): Promise<string> {
    const zone = isMember(resource) ? floatingZone(resource.collection.row) : utcZone
    const made = responder(request, resource.kind, ask(zone), minimal)
    await load(made, [resource])
    const loaded = isMember(resource) && made.needs.has('text') ? await withText(call, resource) : resource
    const target = targetOf(resource)
    if (!target || !made.needs.has('dead')) return made.response(loaded)
    const dead = await store.read((reader) => deadProperties(reader, [target]))
    return made.response(loaded, named(dead.get(targetKey(target))))
  }

  async function alike(resources: readonly Resource[]): Promise<string> {
    const [first, ...others] = resources
    if (!first) return ''
    if (others.length === 0 || isMember(first)) {
      const texts: string[] = []
      for (const resource of resources) texts.push(await one(resource))
      return texts.join('')
    }
    const kinds = [...new Set(resources.map(({ kind }) => kind))]
    const made = new Map(kinds.map((kind) => [kind, responder(request, kind, ask(), minimal)]))
    const needs = new Set([...made.values()].flatMap((each) => [...each.needs]))
    const targets = resources.map(targetOf)
    const wanted = targets.filter((target) => target !== undefined)
    const dead = needs.has('dead') ? await store.read((reader) => deadProperties(reader, wanted)) : new Map()
    await load({ needs }, resources)
    const text = resources.map((resource, at) => {
      const target = targets[at]
      return made.get(resource.kind)?.response(resource, target && named(dead.get(targetKey(target))))
    })
    return text.join('')
  }

  function members(
    collection: CollectionResource,
    zone = floatingZone(collection.row),
  ): (rows: readonly MemberRow[]) => AsyncGenerator<string> {
    const made = responder(request, memberKind(collection.kind), ask(zone), minimal)
    return async function* (rows) {
      await loadMembers(made, collection)
      const view = await viewIn(store, collection)
      if (view) yield* viewedPage(call, collection, view, made, rows)
      else yield* memberPage(call, collection, made, rows)
    }
  }

  const check = (kind: Kind): void => void responder(request, kind, ask(), minimal)
  return { one, alike, members, children, check }
}

/** What the getters of one request look at beside their resource, and how it is looked up for a page of them. */
function createAsking(call: Call) {
  const { session, settings, store, now, userAgent } = call
  const instances = { left: settings.limits.answerInstances }
  const locks = createPageLocks(now)
  const quotas = createPageQuotas(settings)
  const timezones = timezonesWanted(call)
  const aces = createPageAces()
  const directory = createPageDirectory(session)
  const sharees = createPageSharees()
  const views = createPageViews()
  const children = createPageChildren(session)
  const pages = { locks, quotas, aces, directory, sharees, views, children }
  const shared = { session, settings, userAgent, reportsOn, instances, timezones, ...pages }
  return {
    ask: (zone = utcZone): Ask => ({ ...shared, zone }),
    children: async (home: HomeResource): Promise<readonly CollectionResource[]> => {
      await store.read((reader) => children.load(reader, [home]))
      return children.of(home)
    },
    load: async ({ needs }: Pick<Responder, 'needs'>, resources: readonly Resource[]): Promise<void> => {
      if (needs.has('children')) await store.read((reader) => children.load(reader, resources))
      if (needs.has('locks')) await store.read((reader) => locks.load(reader, resources))
      if (needs.has('quota')) await store.read((reader) => quotas.load(reader, resources))
      if (needs.has('aces')) await store.read((reader) => aces.load(reader, resources))
      if (needs.has('view')) await store.read((reader) => views.load(reader, session, resources))
      if (needs.has('directory')) await store.read((reader) => directory.load(reader, resources))
      if (needs.has('sharees')) await store.read((reader) => sharees.load(reader, resources))
    },
    loadMembers: async ({ needs }: Responder, collection: CollectionResource): Promise<void> => {
      if (needs.has('locks')) await store.read((reader) => locks.loadMembers(reader, collection))
      if (needs.has('quota')) await store.read((reader) => quotas.load(reader, [collection]))
      if (needs.has('aces')) await store.read((reader) => aces.load(reader, [collection]))
    },
  }
}

async function withText(call: Call, member: MemberResource): Promise<MemberResource> {
  const { kind, full, stored } = member
  if (stored) return member
  const texts = full && (await readTextsOf(call, kind, [full]))
  const text = texts?.get(member.row.id)
  return text === undefined ? member : { ...member, text }
}

/** The texts of members, by their ids; those of cards with photos that the device takes. */
function readTextsOf(
  call: Call,
  kind: MemberResource['kind'],
  rows: readonly ObjectRow[],
): Promise<ReadonlyMap<number, string>> {
  if (kind === 'card') return readPhotoTexts(call, rows, photosOf(call, kind))
  return call.store.read((reader) => readObjectTexts(reader, rows))
}

/** Members as they are seen, with photos that the device takes. */
async function fitting(
  call: Call,
  seen: readonly Seen[],
  limits: PhotoLimits | undefined,
): Promise<readonly Seen[]> {
  if (!limits) return seen
  const texts = new Map(
    seen.flatMap(({ row, text }): [number, string][] => (text === undefined ? [] : [[row.id, text]])),
  )
  const fit = await withPhotosFor(call, texts, limits)
  return seen.map(({ row, text }) => ({ row, text: fit.get(row.id) ?? text }))
}

async function* memberPage(
  call: Call,
  collection: CollectionResource,
  made: Responder,
  rows: readonly MemberRow[],
): AsyncGenerator<string> {
  const { store } = call
  const { needs } = made
  const needsDead = needs.has('dead')
  if (!needs.has('text')) {
    const wanted = needs.has('row')
      ? await store.read((reader) => fullRows(reader, collection.row.id, rows))
      : rows
    const dead = needsDead ? await store.read((reader) => deadOf(reader, wanted)) : noDead
    let text = ''
    for (const row of wanted) text += made.response(memberResource(collection, row), dead.get(row.id))
    yield text
    return
  }
  const pause = createPause()
  for (const part of inParts(rows)) {
    const full = await store.read((reader) => fullRows(reader, collection.row.id, part))
    const texts = await readTextsOf(call, memberKind(collection.kind), full)
    const dead = needsDead ? await store.read((reader) => deadOf(reader, full)) : noDead
    const present = full.filter(({ id }) => texts.has(id)).map((row) => ({ row, text: texts.get(row.id) }))
    yield* responses(collection, made, present, dead, pause)
  }
}

/** The same of what is seen through a view. */
async function* viewedPage(
  call: Call,
  collection: CollectionResource,
  view: View,
  made: Responder,
  rows: readonly MemberRow[],
): AsyncGenerator<string> {
  const { store } = call
  const { needs } = made
  const photos = photosOf(call, memberKind(collection.kind))
  const wanted = { row: needs.has('row'), size: needs.has('size'), text: needs.has('text'), photos }
  const needsDead = needs.has('dead') && view.kind !== 'busy'
  const pause = createPause()
  // Lists are seen without reading a card.
  const parts = view.kind === 'lists' && !wanted.text ? [rows] : inParts(rows)
  for (const part of parts) {
    const seen = await fitting(call, await store.read((reader) => view.see(reader, part, wanted)), photos)
    const ids = seen.map(({ row }) => row)
    const dead = needsDead ? await store.read((reader) => deadOf(reader, ids)) : noDead
    yield* responses(collection, made, seen, dead, pause)
  }
}

async function* responses(
  collection: CollectionResource,
  { response }: Responder,
  members: readonly Seen[],
  dead: ReadonlyMap<number, DeadProperties>,
  pause: () => Promise<void> | undefined,
): AsyncGenerator<string> {
  let answered = ''
  for (const { row, text } of members) {
    try {
      answered += response(memberResource(collection, row, text), dead.get(row.id))
    } catch (error) {
      // An answer may be cut here: what came before holds.
      yield answered
      throw error
    }
    const turn = pause()
    if (turn) await turn
  }
  yield answered
}

/** The dead properties of members, by id. */
async function deadOf(
  reader: Reader,
  rows: readonly MemberRow[],
): Promise<ReadonlyMap<number, DeadProperties>> {
  const found = await deadProperties(
    reader,
    rows.map(({ id }): PropertyTarget => ({ kind: 'object', id })),
  )
  if (found.size === 0) return noDead
  return new Map(rows.map(({ id }) => [id, named(found.get(targetKey({ kind: 'object', id })))]))
}

function named(properties: readonly DeadProperty[] = []): DeadProperties {
  return new Map(properties.map(({ name, xml }) => [name, xml]))
}

/** Where the dead properties of a resource are kept; undefined where it cannot have any. */
export function targetOf(resource: Resource): PropertyTarget | undefined {
  switch (resource.kind) {
    case 'calendar-home':
    case 'addressbook-home':
      return { kind: 'home', id: resource.row.id }
    case 'calendar':
    case 'addressbook':
      return targetOfCollection(resource)
    case 'event':
    case 'card':
      return targetOfMember(resource)
    case 'file-home':
      return { kind: 'home', id: resource.row.id }
    case 'folder':
    case 'file':
      return { kind: 'node', id: resource.row.id }
    case 'principal':
      return { kind: 'principal', id: resource.principal.id }
    default:
      return undefined
  }
}

/** Who sees no more of an object than its time does not see what was noted on it either. */
function targetOfMember({ collection, row }: MemberResource): PropertyTarget | undefined {
  return collection.mount?.view === 'busy' ? undefined : { kind: 'object', id: row.id }
}

/** What a sharee sets on a mount is his own. */
function targetOfCollection({ row, mount }: CollectionResource): PropertyTarget {
  return mount ? { kind: 'mount', id: mount.id } : { kind: 'collection', id: row.id }
}

const noDead: ReadonlyMap<number, DeadProperties> = new Map()
