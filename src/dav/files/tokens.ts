import { createHash } from 'node:crypto'
import { type FeedPosition, formatSyncToken } from '../../../protocol/dav/sync-token.ts'
import { listHomeAces } from '../../../storage/aces.ts'
import type { HomeId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { askerOf } from '../../features/rights/rights.ts'
import {
  type FileHomeResource,
  type FolderLike,
  fileHomeOf,
  isFolderLike,
  type Resource,
} from '../resource.ts'

/**
 * What the caller sees of a home of files: the same text while neither its lists nor the groups he is in change, so that
 * a change of rights makes his tokens void. Its owner sees everything.
 */
export async function viewOf(
  reader: Reader,
  session: Session,
  { principal, row }: FileHomeResource,
): Promise<string> {
  if (principal.id === session.principal.id) return ''
  const { principals } = await askerOf(reader, session)
  const seen = [[...principals].toSorted((a, b) => a - b), await listHomeAces(reader, row.id)]
  return createHash('sha256').update(JSON.stringify(seen)).digest('base64url').slice(0, 12)
}

/** What a token of a folder is about: another folder, or another view of it, needs another token. */
export function scopeOf(resource: FolderLike, view: string): string {
  const id = resource.kind === 'folder' ? resource.row.id : 0
  return `n${id}${view === '' ? '' : `_${view}`}`
}

/**
 * The sync-token of a folder, or of the home.
 * @param position  how far the client has come; without it the number of the home, as it was read
 * @see RFC 6578 §4
 */
export function folderToken(resource: FolderLike, view: string, position?: FeedPosition): string {
  const { row, epoch } = fileHomeOf(resource)
  const reached = position ?? { feed: row.feedId, change: row.feedChange }
  return formatSyncToken(epoch, [reached], scopeOf(resource, view))
}

/** The views of the homes that resources being rendered are in. */
export interface PageViews {
  load(reader: Reader, session: Session, resources: readonly Resource[]): Promise<void>
  /** The sync-token; undefined for what was not looked up. */
  token(resource: FolderLike): string | undefined
}

export function createPageViews(): PageViews {
  const views = new Map<HomeId, string>()
  return {
    load: async (reader, session, resources) => {
      for (const resource of resources) {
        if (!isFolderLike(resource)) continue
        const home = fileHomeOf(resource)
        if (!views.has(home.row.id)) views.set(home.row.id, await viewOf(reader, session, home))
      }
    },
    token: (resource) => {
      const view = views.get(fileHomeOf(resource).row.id)
      return view === undefined ? undefined : folderToken(resource, view)
    },
  }
}
