import { HrefError, readHref } from '../../../protocol/dav/href.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { type PreconditionName, Refusal, refuse } from '../../../protocol/dav/preconditions.ts'
import { listProxies } from '../../../storage/groups.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { setDelegates } from '../../features/rights/delegates.ts'
import { findVisiblePrincipals } from '../../features/rights/directory.ts'
import { needs } from '../access.ts'
import type { Call } from '../call.ts'
import { type Location, locate } from '../paths.ts'
import type { PropertyChanges } from '../property-changes.ts'
import type { ProxyResource } from '../resource.ts'

/**
 * Sets who somebody's delegates are: all that are named, or none (OTH-02). These principals have no other properties.
 * @throws recognized-principal for an href that leads to none, allowed-principal, need-privileges
 */
export async function patchDelegates(
  tx: Writer,
  { session, settings }: Call,
  { href, principal, mode }: ProxyResource,
  { patch: { members }, names }: PropertyChanges,
): Promise<void> {
  if (!members || names.length > 1) throw needs(session, href, ['write-properties'])
  const hrefs = new Map(members.map((member) => [segmentOf(member), member]))
  const segments = [...hrefs.keys()]
  // Who is a delegate already stays one, whether or not the owner may see him.
  const present = await listProxies(tx, principal.id)
  const visible = await findVisiblePrincipals(tx, session, segments)
  const known = new Map<string, PrincipalRow>([
    ...present.map((row) => [row.segment, row] as const),
    ...visible,
  ])
  const delegates = [...hrefs].map(([segment, member]) => {
    const found = known.get(segment)
    if (!found) throw unrecognized(member)
    return found
  })
  await setDelegates(tx, principal, mode, delegates, settings)
}

/** The changes as they are refused for a principal that cannot be a delegate; undefined for another error. */
export function refusedDelegates(changes: PropertyChanges, error: unknown): PropertyChanges | undefined {
  if (!changes.patch.members || !(error instanceof Refusal) || !ofMembers.has(error.precondition))
    return undefined
  return { ...changes, refused: [{ name: dav('group-member-set'), refusal: error }] }
}

const ofMembers: ReadonlySet<PreconditionName | undefined> = new Set<PreconditionName | undefined>([
  'recognized-principal',
  'allowed-principal',
])

/** @throws recognized-principal */
function segmentOf(href: string): string {
  const location = locationOf(href)
  if (location?.kind !== 'principal') throw unrecognized(href)
  return location.segment
}

function unrecognized(href: string): Refusal {
  return refuse('recognized-principal', { message: `${href} is no principal.` })
}

function locationOf(href: string): Location | undefined {
  try {
    return locate(readHref(href))
  } catch (error) {
    if (error instanceof HrefError) return undefined
    throw error
  }
}
