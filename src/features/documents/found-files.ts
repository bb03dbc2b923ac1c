import { bit } from '../../../protocol/dav/privileges.ts'
import type { NodeId, PartyId } from '../../../storage/ids.ts'
import { foldersAround, type NodeRow } from '../../../storage/nodes/nodes.ts'
import { openFiles } from '../../../storage/search/file-places.ts'
import { type Scope, scopeOf } from '../../../storage/search/scopes.ts'
import type { Reader } from '../../../storage/store.ts'
import { linksOfTargets } from '../../../storage/timeline/links.ts'
import type { Session } from '../../auth/session.ts'
import { seeParties } from '../people/parties.ts'
import type { Reach } from '../people/reach.ts'
import { askerOf, readLists, rightsAt } from '../rights/rights.ts'
import { readableNodes } from './readable-nodes.ts'

/** A file that somebody has found. */
export interface FoundFile {
  readonly row: NodeRow
  /** The folders around it that he reads, the uppermost first. */
  readonly folders: readonly string[]
  /** Somebody whom he sees and the file is linked to. */
  readonly partyId: PartyId | null
}

/** Where somebody's search finds files. */
export async function fileScopes(reader: Reader, session: Session): Promise<Scope[]> {
  const { principals } = await askerOf(reader, session)
  const { homes, folders } = await openFiles(reader, { principalId: session.principal.id, principals })
  const lists = await readLists(
    reader,
    homes.map(({ id }) => ({ kind: 'home', id })),
  )
  const scopes: Scope[] = []
  for (const { id, principalId } of homes) {
    const place = { ownerId: principalId, hasProxies: false, path: [{ kind: 'home', id } as const] }
    if (((await rightsAt(reader, session, place, lists)) & bit.read) !== 0) scopes.push(scopeOf.files(id))
  }
  return [...scopes, ...[...(await readableNodes(reader, session, folders)).keys()].map(scopeOf.folder)]
}

/** Those of these files that he reads, by id. */
export async function foundFiles(
  reader: Reader,
  session: Session,
  reach: Pick<Reach, 'bookIds'>,
  ids: readonly NodeId[],
): Promise<ReadonlyMap<NodeId, FoundFile>> {
  const rows = await readableNodes(reader, session, ids)
  if (rows.size === 0) return new Map()
  const around = await foldersAround(reader, [...rows.keys()])
  const folderIds = [...around.values()].flatMap((folders) => folders.map(({ id }) => id))
  const readable = await readableNodes(reader, session, [...new Set(folderIds)])
  const links = await linksOfTargets(reader, 'node', [...rows.keys()])
  const seen = await seeParties(reader, reach, [...new Set(links.map(({ partyId }) => partyId))])
  const found = new Map<NodeId, FoundFile>()
  for (const [id, row] of rows) {
    const folders = (around.get(id) ?? []).filter((folder) => readable.has(folder.id))
    const link = links.find(({ targetId, partyId }) => targetId === id && seen.has(partyId))
    found.set(id, { row, folders: folders.map(({ name }) => name), partyId: link?.partyId ?? null })
  }
  return found
}
