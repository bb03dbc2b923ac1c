import { encodeSegment } from '../../../protocol/dav/href.ts'
import { statusResponse, syncTokenElement } from '../../../protocol/dav/multistatus.ts'
import { bit, noPrivileges, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import type { SyncCollection } from '../../../protocol/dav/reports.ts'
import { parseSyncToken } from '../../../protocol/dav/sync-token.ts'
import type { NodeId } from '../../../storage/ids.ts'
import { type NodeChangeRow, nodeChangesSince, rebornFolders } from '../../../storage/nodes/node-changes.ts'
import { listFolders, type NodeRow, top } from '../../../storage/nodes/nodes.ts'
import type { Reader } from '../../../storage/store.ts'
import { type TreeRights, treeRights } from '../../features/documents/tree-rights.ts'
import type { Call } from '../call.ts'
import type { Renderer } from '../pages.ts'
import { type Reply, streamedMultistatus } from '../reply.ts'
import { truncated } from '../reports/cut.ts'
import { invalidToken, isRemembered } from '../reports/member-changes.ts'
import { type FolderLike, fileHomeOf, treeRootOf } from '../resource.ts'
import { folderToken, scopeOf, viewOf } from './tokens.ts'
import { type NodeResource, nodeIn } from './tree.ts'

/**
 * What changed in a folder since a token, or with level infinite in all that lies below it. A folder that went is told
 * once, for all that was in it; where one was made anew under its name since, who knows the old one starts again.
 * @see RFC 6578 §3.2–3.6
 */
export async function folderSync(
  call: Call,
  folder: FolderLike,
  { syncToken, level, limit }: SyncCollection,
  renderer: Renderer,
): Promise<Reply> {
  const { session, store } = call
  const view = await store.read((reader) => viewOf(reader, session, fileHomeOf(folder)))
  const since = sinceToken(call, folder, view, syncToken)
  const isDeep = level === 'infinite'
  const seen = await store.read((reader) => seenFolders(reader, call, folder, isDeep))
  if (since && isDeep) await checkReborn(call, folder, seen.folders, since)
  const asked: Asked = { ...seen, folder, since, limit, isDeep, view }
  return streamedMultistatus(changes(call, asked, renderer))
}

/** How far a client has come; `began` is where its first sync began, while it is not through. */
interface Since {
  readonly change: number
  readonly began: number | undefined
}

interface Asked extends Seen {
  readonly folder: FolderLike
  readonly since: Since | undefined
  readonly limit: number | undefined
  readonly isDeep: boolean
  readonly view: string
}

async function* changes(
  call: Call,
  { folder, folders, since, limit, isDeep, view, rights }: Asked,
  renderer: Renderer,
): AsyncGenerator<string> {
  const { row: home } = fileHomeOf(folder)
  const pages = nodeChangesSince(call.store, home.id, {
    since: since?.change ?? 0,
    upTo: home.feedChange,
    initial: since === undefined,
    within: isDeep ? new Set(folders.keys()) : idOf(folder),
    ...(limit === undefined ? {} : { limit: limit + 1 }),
  })
  let sent = 0
  let reached = since?.change ?? 0
  for await (const entries of pages) {
    const kept = limit === undefined ? entries : entries.slice(0, limit - sent)
    sent += kept.length
    reached = kept.at(-1)?.change ?? reached
    yield renderer.alike(await nodesOf(kept, folders, rights))
    yield kept.map((entry) => goneText(entry, folders)).join('')
    if (kept.length < entries.length) {
      const began = since ? since.began : home.feedChange
      const first = began !== undefined && reached < began ? { began } : {}
      yield truncated(folder.href)
      yield syncTokenElement(folderToken(folder, view, { feed: home.feedId, change: reached, ...first }))
      return
    }
  }
  yield syncTokenElement(folderToken(folder, view))
}

type Folders = ReadonlyMap<NodeId, FolderLike>

interface Seen {
  /** The folder, and with level infinite those below it that the caller may read. */
  readonly folders: Folders
  readonly rights: TreeRights
}

async function seenFolders(
  reader: Reader,
  { session }: Call,
  root: FolderLike,
  isDeep: boolean,
): Promise<Seen> {
  const rights = await treeRights(reader, session, treeRootOf(root))
  const folders = new Map<NodeId, FolderLike>([[idOf(root), root]])
  if (!isDeep) return { folders, rights }
  const inside = byParent(await listFolders(reader, fileHomeOf(root).row.id))
  const waiting: FolderLike[] = [root]
  for (let parent = waiting.pop(); parent; parent = waiting.pop()) {
    for (const row of inside.get(idOf(parent)) ?? []) {
      const access = await rights.of(row)
      const node = nodeIn(parent, row, access)
      if ((access & bit.read) === 0 || node.kind === 'file') continue
      folders.set(row.id, node)
      waiting.push(node)
    }
  }
  return { folders, rights }
}

function byParent(rows: readonly NodeRow[]): ReadonlyMap<NodeId, readonly NodeRow[]> {
  const groups = new Map<NodeId, NodeRow[]>()
  for (const row of rows) {
    const group = groups.get(row.parentId)
    if (group) group.push(row)
    else groups.set(row.parentId, [row])
  }
  return groups
}

async function nodesOf(
  entries: readonly NodeChangeRow[],
  folders: Folders,
  rights: TreeRights,
): Promise<NodeResource[]> {
  const found: NodeResource[] = []
  for (const entry of entries) {
    if (entry.entry === 'tombstone') continue
    const parent = folders.get(entry.parentId)
    const access = parent ? await accessTo(entry, folders, rights) : noPrivileges
    if (parent && (access & bit.read) !== 0) found.push(nodeIn(parent, entry, access))
  }
  return found
}

/** Folders of the tree were judged when it was read. */
async function accessTo(row: NodeRow, folders: Folders, rights: TreeRights): Promise<PrivilegeSet> {
  return folders.get(row.id)?.access ?? (await rights.of(row))
}

function goneText(entry: NodeChangeRow, folders: Folders): string {
  const parent = entry.entry === 'tombstone' ? folders.get(entry.parentId) : undefined
  if (!parent) return ''
  const href = parent.href + encodeSegment(entry.name)
  return statusResponse(entry.kind === 'folder' ? `${href}/` : href, 404)
}

/**
 * What a token stands for; undefined for a first sync.
 * @throws valid-sync-token for a token of another folder, view or epoch, or of changes that are forgotten
 */
function sinceToken(
  call: Call,
  folder: FolderLike,
  view: string,
  token: string | undefined,
): Since | undefined {
  if (token === undefined) return undefined
  const { row, epoch } = fileHomeOf(folder)
  const read = parseSyncToken(token)
  const [position, ...others] = read?.positions ?? []
  const isOurs = read?.epoch === epoch && read.scope === scopeOf(folder, view) && others.length === 0
  if (!position || !isOurs || position.feed !== row.feedId) throw invalidToken(call)
  const since: Since = { change: position.change, began: position.began }
  if (!isRemembered(since, row)) throw invalidToken(call)
  return since
}

/**
 * What went before a first sync began, its client does not know.
 * @throws valid-sync-token
 */
async function checkReborn(
  call: Call,
  folder: FolderLike,
  folders: Folders,
  { change, began = 0 }: Since,
): Promise<void> {
  const { row } = fileHomeOf(folder)
  const known = Math.max(change, began)
  const reborn = await call.store.read((reader) => rebornFolders(reader, row.id, known))
  if ([...reborn].some((id) => folders.has(id))) throw invalidToken(call)
}

function idOf(folder: FolderLike): NodeId {
  return folder.kind === 'folder' ? folder.row.id : top
}
