import { encodeSegment } from '../../../protocol/dav/href.ts'
import { statusResponse, syncTokenElement } from '../../../protocol/dav/multistatus.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { readSyncCollection, type SyncCollection } from '../../../protocol/dav/reports.ts'
import { beginning, formatSyncToken, parseSyncToken } from '../../../protocol/dav/sync-token.ts'
import { changesSince } from '../../../storage/changes.ts'
import { type Call, preferencesOf } from '../call.ts'
import { createRenderer, type Renderer } from '../pages.ts'
import { type Reply, streamedMultistatus } from '../reply.ts'
import { type CollectionResource, isHome } from '../resource.ts'
import { collectionToken } from '../tokens.ts'
import { truncated } from './cut.ts'
import { homeSync } from './home-sync.ts'
import type { Report } from './report.ts'

/**
 * What changed since a token. The Depth header does not matter (MIN-17), an answer is cut only where the client asked
 * for a limit (MIN-27), and the present number is read before the rows: what changes meanwhile comes next time.
 */
export const syncCollection: Report = {
  name: dav('sync-collection'),
  rfc: 'RFC 6578 §3.2',
  on: ['calendar', 'addressbook', 'calendar-home', 'addressbook-home'],
  answer: async (call, resource, body) => {
    const asked = readSyncCollection(body)
    const renderer = createRenderer(
      call,
      { kind: 'prop', elements: asked.elements },
      preferencesOf(call).minimal,
    )
    if (isHome(resource)) return homeSync(call, resource, asked, renderer)
    return memberSync(call, resource as CollectionResource, asked, renderer)
  },
}

async function memberSync(
  call: Call,
  collection: CollectionResource,
  asked: SyncCollection,
  renderer: Renderer,
): Promise<Reply> {
  const since = sinceToken(call, collection, asked.syncToken)
  return streamedMultistatus(changes(call, collection, asked, renderer, since))
}

async function* changes(
  call: Call,
  collection: CollectionResource,
  { limit }: SyncCollection,
  renderer: Renderer,
  since: Since | undefined,
): AsyncGenerator<string> {
  const { row, href } = collection
  const page = renderer.members(collection)
  const pages = changesSince(call.store, row.id, {
    since: since?.change ?? 0,
    upTo: row.feedChange,
    initial: since === undefined,
    ...(limit === undefined ? {} : { limit: limit + 1 }),
  })
  let sent = 0
  let reached = since?.change ?? 0
  for await (const entries of pages) {
    const kept = limit === undefined ? entries : entries.slice(0, limit - sent)
    sent += kept.length
    reached = kept.at(-1)?.change ?? reached
    yield* page(kept.flatMap((entry) => (entry.kind === 'member' ? [entry] : [])))
    const gone = kept.filter(({ kind }) => kind === 'tombstone')
    yield gone.map(({ name }) => statusResponse(href + encodeSegment(name), 404)).join('')
    if (kept.length < entries.length) {
      yield truncated(href)
      yield cutToken(collection, reached, since)
      return
    }
  }
  yield syncTokenElement(collectionToken(collection))
}

/** How far a client has come; `began` is where its first sync began, while it is not through. */
interface Since {
  readonly change: number
  readonly began: number | undefined
  /** How far it has come in the feed of the view, where the collection is mounted. */
  readonly view?: number | undefined
}

/** The token of an answer that was cut. */
function cutToken(
  { epoch, row, mount }: CollectionResource,
  reached: number,
  since: Since | undefined,
): string {
  const began = since ? since.began : row.feedChange
  const isFirst = began !== undefined && reached < began
  const start = isFirst ? [{ feed: beginning, change: began }] : []
  const view = mount ? [{ feed: mount.feedId, change: since?.view ?? mount.feedChange }] : []
  return syncTokenElement(formatSyncToken(epoch, [...view, { feed: row.feedId, change: reached }, ...start]))
}

/**
 * What a token stands for; undefined for a first sync.
 * @throws valid-sync-token for a token of another collection or epoch, or of changes that are forgotten
 */
function sinceToken(
  call: Call,
  { epoch, row, mount }: CollectionResource,
  token: string | undefined,
): Since | undefined {
  if (token === undefined) return undefined
  const read = parseSyncToken(token)
  const positions = [...(read?.positions ?? [])]
  const view = mount ? positions.shift() : undefined
  const [position, start, ...others] = positions
  const isView = view?.feed === mount?.feedId && (view?.change ?? 0) <= (mount?.feedChange ?? 0)
  const isOurs = read?.epoch === epoch && position?.feed === row.feedId && others.length === 0 && isView
  if (!position || !isOurs || (start && start.feed !== beginning)) throw invalidToken(call, row.kind)
  const since: Since = { change: position.change, began: start?.change, view: view?.change }
  if (!isRemembered(since, row)) throw invalidToken(call, row.kind)
  return since
}

/** Whether all is still known that the client has to hear of. */
export function isRemembered(
  { change, began = change }: Since,
  { feedFloor, feedChange }: { readonly feedFloor: number; readonly feedChange: number },
): boolean {
  return began >= feedFloor && began <= feedChange && change <= feedChange
}

/** Thunderbird's address book starts again only on 400; everybody else on 403 (MIN-25, TBA-02). */
export function invalidToken({ userAgent }: Call, kind: CollectionResource['kind']): Error {
  const isThunderbirdBook = kind === 'addressbook' && userAgent.includes('Thunderbird/')
  return refuse('valid-sync-token', {
    message: 'The sync-token is not known here; start with a full sync.',
    ...(isThunderbirdBook ? { status: 400 } : {}),
  })
}
