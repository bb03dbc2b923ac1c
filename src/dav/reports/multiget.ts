import { encodeSegment, HrefError, readHref } from '../../../protocol/dav/href.ts'
import { statusResponse } from '../../../protocol/dav/multistatus.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readMultiget } from '../../../protocol/dav/reports.ts'
import type { XmlElement } from '../../../protocol/dav/xml-read.ts'
import { findObjectsByNames, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { openView } from '../../features/views/view.ts'
import { type Call, preferencesOf } from '../call.ts'
import { createRenderer, type Renderer } from '../pages.ts'
import { collectionPath, type Location, locate } from '../paths.ts'
import { type Reply, streamedMultistatus } from '../reply.ts'
import { type CollectionResource, isCollection, isMember, memberKind, type Resource } from '../resource.ts'
import { findReadable } from '../tree.ts'
import { cutWhereTooMuch } from './cut.ts'

type MemberLocation = Extract<Location, { kind: 'member' }>

/** One asked href: where it leads, and the path of the collection there; undefined where nothing of ours can be. */
interface Asked {
  readonly href: string
  readonly member: MemberLocation | undefined
  readonly place: string | undefined
}

/**
 * Answers each asked href once, in the order asked, under its canonical form; what is not there is 404 (MIN-30).
 * Depth does not matter (MIN-17); hrefs of other collections of the same kind are answered too.
 * @see RFC 4791 §7.9, RFC 6352 §8.7
 */
export async function multiget(
  call: Call,
  resource: Resource,
  kind: CollectionResource['kind'],
  body: XmlElement,
): Promise<Reply> {
  const { request, hrefs } = readMultiget(body)
  const limit = call.settings.limits.multigetHrefs
  if (hrefs.length > limit) {
    throw refuse('number-of-matches-within-limits', {
      message: `A multiget may ask for ${limit} objects at most.`,
    })
  }
  if (hrefs.length === 0) throw refuseStatus(400, 'The multiget names no href.')
  const renderer = createRenderer(call, request, preferencesOf(call).minimal)
  renderer.check(memberKind(kind))
  // A multistatus has each href once (RFC 4918 §14.24), however often and in whatever spelling it was asked.
  const asked = new Map(hrefs.map(readAsked).map((one) => [one.href, one]))
  const wanted = { kind, asked: [...asked.values()], known: knownFrom(resource) }
  return streamedMultistatus(cutWhereTooMuch(resource.href, answers(call, renderer, wanted)))
}

/** Collections by their paths, as far as they have been looked up; undefined where the caller may not read one. */
type Known = Map<string, CollectionResource | undefined>

/** The collection that is asked for what it holds was found, and may be read. */
function knownFrom(resource: Resource): Known {
  const collection = isMember(resource) ? resource.collection : resource
  return new Map(isCollection(collection) ? [[collection.href, collection]] : [])
}

interface Wanted {
  readonly kind: CollectionResource['kind']
  readonly asked: readonly Asked[]
  readonly known: Known
}

const pageSize = 100

async function* answers(
  call: Call,
  renderer: Renderer,
  { kind, asked, known }: Wanted,
): AsyncGenerator<string> {
  for (let from = 0; from < asked.length; ) {
    const run = runOfOneCollection(asked, from)
    from += run.length
    const collection = run[0] && (await collectionOf(call, known, run[0]))
    if (!collection || collection.kind !== kind)
      yield run.map(({ href }) => statusResponse(href, 404)).join('')
    else yield* answersOf(call, renderer, collection, run)
  }
}

async function* answersOf(
  call: Call,
  renderer: Renderer,
  collection: CollectionResource,
  run: readonly Asked[],
): AsyncGenerator<string> {
  const names = run.map(({ member }) => member?.name ?? '')
  const rows = await call.store.read((reader) => rowsByName(reader, collection, names))
  const page = renderer.members(collection)
  for (let from = 0; from < run.length; ) {
    const present: ObjectRow[] = []
    for (let row = rows.get(names[from] ?? ''); row; row = rows.get(names[from] ?? '')) {
      present.push(row)
      from += 1
    }
    if (present.length > 0) yield* page(present)
    let gone = ''
    for (; from < run.length && !rows.has(names[from] ?? ''); from += 1)
      gone += statusResponse(run[from]?.href ?? '', 404)
    if (gone !== '') yield gone
  }
}

/** The stored rows of members by the names that the caller knows them by. */
async function rowsByName(
  reader: Reader,
  collection: CollectionResource,
  names: readonly string[],
): Promise<ReadonlyMap<string, ObjectRow>> {
  const view = await openView(reader, collection)
  if (view) return view.locate(reader, names)
  const found = await findObjectsByNames(reader, collection.row.id, names)
  return new Map(found.map((row) => [row.name, row]))
}

/** Neighbouring hrefs of one collection, so that they are looked up together. */
function runOfOneCollection(asked: readonly Asked[], from: number): Asked[] {
  const first = asked[from]
  if (!first) return []
  const run = [first]
  for (let at = from + 1; at < asked.length && run.length < pageSize; at += 1) {
    const next = asked[at]
    if (!next || next.place !== first.place) break
    run.push(next)
  }
  return run
}

/** The collection that a member is in; undefined where it is not, or not for the caller to read. */
async function collectionOf(
  call: Call,
  known: Known,
  { member, place }: Asked,
): Promise<CollectionResource | undefined> {
  if (!member || place === undefined) return undefined
  if (known.has(place)) return known.get(place)
  const location: Location = { ...member, kind: 'collection' }
  const resource = await call.store.read((reader) => findReadable(reader, call.session, location))
  const found = resource && isCollection(resource) ? resource : undefined
  known.set(place, found)
  return found
}

/** Reads one href; what cannot be read is answered 404 under the text that was sent. */
function readAsked(href: string): Asked {
  try {
    const location = locate(readHref(href))
    if (location.kind !== 'member') return { href, member: undefined, place: undefined }
    const place = collectionPath(location.home, location.segment, location.collection)
    return { href: place + encodeSegment(location.name), member: location, place }
  } catch (error) {
    if (error instanceof HrefError) return { href: encodeURI(href), member: undefined, place: undefined }
    throw error
  }
}
