import { encodePath } from '../../../protocol/dav/href.ts'
import { findNodesByIds } from '../../../storage/nodes/nodes.ts'
import { findPrincipalsByIds } from '../../../storage/principals.ts'
import { findQuotas } from '../../../storage/quotas.ts'
import { openFiles } from '../../../storage/search/file-places.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { quotaOf } from '../quota.ts'
import { askerOf, readLists, rightsAt } from '../rights/rights.ts'
import { may, type SeenNode, seeNode } from './places.ts'
import { showEntries, shownOf } from './show.ts'

/** Folders of others that are shared one by one, looked at, at most. */
const mostShared = 200

/** The homes of files that somebody reads, his own first, and the folders in others that are open to him. */
export async function readFileHomes(
  reader: Reader,
  { session, settings }: Pick<Services, 'settings'> & { readonly session: Session },
) {
  const { principals } = await askerOf(reader, session)
  const open = await openFiles(reader, { principalId: session.principal.id, principals })
  const people = await findPrincipalsByIds(
    reader,
    open.homes.map(({ principalId }) => principalId),
  )
  const owners = new Map(people.map((row) => [row.id, row]))
  const lists = await readLists(
    reader,
    open.homes.map(({ id }) => ({ kind: 'home', id })),
  )
  const quotas = await findQuotas(reader, [...owners.keys()])
  const items = []
  for (const { id, principalId } of open.homes) {
    const owner = owners.get(principalId)
    const guarded = { ownerId: principalId, hasProxies: false, path: [{ kind: 'home', id } as const] }
    const access = await rightsAt(reader, session, guarded, lists)
    if (!owner || !may({ access }, 'read')) continue
    const { used, available } = quotaOf(quotas.get(principalId), settings)
    items.push({
      ...{ id, name: owner.name, title: owner.displayName || owner.name, kind: owner.kind },
      isMine: principalId === session.principal.id,
      href: encodePath(['dav', 'files', owner.segment], true),
      rights: { add: may({ access }, 'bind') },
      ...{ usedBytes: used, availableBytes: available },
    })
  }
  items.sort((one, other) => Number(other.isMine) - Number(one.isMine) || one.id - other.id)
  const seen = new Set(items.map(({ id }) => id))
  return { items, shared: await sharedFolders(reader, session, open.folders, seen) }
}

/** The uppermost folders that he reads, in homes that he does not read. */
async function sharedFolders(
  reader: Reader,
  session: Session,
  ids: readonly number[],
  seen: ReadonlySet<number>,
) {
  const rows = (await findNodesByIds(reader, ids)).filter(({ homeId }) => !seen.has(homeId))
  const nodes: SeenNode[] = []
  for (const row of rows.slice(0, mostShared)) {
    const node = await seeNode(reader, session, row)
    if (node && may(node, 'read') && !may(node.parent, 'read')) nodes.push(node)
  }
  return showEntries(reader, nodes.map(shownOf))
}
