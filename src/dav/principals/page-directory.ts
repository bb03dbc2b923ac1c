import {
  groupsOfMembers,
  listProxies,
  membersOfGroups,
  type ProxyRow,
  type Related,
} from '../../../storage/groups.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { visibleAmong } from '../../features/rights/directory.ts'
import { askerOf } from '../../features/rights/rights.ts'
import { type ProxyMode, principalPath, proxyPath } from '../paths.ts'
import type { PrincipalResource, ProxyResource, Resource } from '../resource.ts'

/** What the principals that are being rendered have to do with each other, as far as the caller may see them. */
export interface PageDirectory {
  /** Looks up the groups, members and delegates of these principals, in a query for each kind. */
  load(reader: Reader, resources: readonly Resource[]): Promise<void>
  /** The hrefs of the direct members of a group, or of those who are somebody's delegates. */
  members(resource: PrincipalResource | ProxyResource): readonly string[]
  /** The hrefs of the groups that hold a principal directly; for the caller, of the delegates he is one of too. */
  groups(resource: PrincipalResource): readonly string[]
  /** The hrefs of those in whose place the caller may read, or write. */
  delegators(resource: PrincipalResource, mode: ProxyMode): readonly string[]
}

export function createPageDirectory(session: Session): PageDirectory {
  const members = new Map<PrincipalId, readonly PrincipalRow[]>()
  const groups = new Map<PrincipalId, readonly PrincipalRow[]>()
  let delegates: readonly ProxyRow[] = []
  let delegators: readonly ProxyRow[] = []
  const isOwn = (id: PrincipalId): boolean => id === session.principal.id
  return {
    async load(reader, resources) {
      const ids = resources.flatMap((one) => (one.kind === 'principal' ? [one.principal.id] : []))
      if (ids.length > 0) {
        collect(members, ids, await visibleAmong(reader, session, await membersOfGroups(reader, ids)))
        collect(groups, ids, await visibleAmong(reader, session, await groupsOfMembers(reader, ids)))
      }
      if (ids.some(isOwn)) delegators = await delegatorsOf(reader, session)
      if (resources.some((one) => one.kind === 'proxy' && isOwn(one.principal.id)))
        delegates = await listProxies(reader, session.principal.id)
    },
    members: (resource) =>
      resource.kind === 'proxy'
        ? delegates.filter(({ mode }) => mode === resource.mode).map(hrefOf)
        : (members.get(resource.principal.id) ?? []).map(hrefOf),
    groups: ({ principal }) => {
      const hrefs = (groups.get(principal.id) ?? []).map(hrefOf)
      if (!isOwn(principal.id)) return hrefs
      return [...hrefs, ...delegators.map(({ segment, mode }) => proxyPath(segment, mode))]
    },
    delegators: ({ principal }, mode) =>
      isOwn(principal.id) ? delegators.filter((one) => one.mode === mode).map(hrefOf) : [],
  }
}

/** Those whose delegate the caller is, himself or through a group. */
async function delegatorsOf(reader: Reader, session: Session): Promise<ProxyRow[]> {
  const { proxyOf } = await askerOf(reader, session)
  if (proxyOf.size === 0) return []
  const rows = await findPrincipalsByIds(reader, [...proxyOf.keys()])
  return rows
    .sort((a, b) => a.id - b.id)
    .flatMap((row) => {
      const mode = proxyOf.get(row.id)
      return mode ? [{ ...row, mode }] : []
    })
}

function collect(
  into: Map<PrincipalId, readonly PrincipalRow[]>,
  ids: readonly PrincipalId[],
  rows: readonly Related[],
): void {
  const found = new Map<PrincipalId, PrincipalRow[]>(ids.map((id) => [id, []]))
  for (const row of rows) found.get(row.of)?.push(row)
  for (const [id, related] of found) into.set(id, related)
}

const hrefOf = ({ segment }: PrincipalRow): string => principalPath(segment)
