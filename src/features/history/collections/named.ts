import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeSet } from '../../../../protocol/dav/privileges.ts'
import { moveCollection, patchCollection } from '../../../../storage/collection-writes.ts'
import type { CollectionRow } from '../../../../storage/collections.ts'
import {
  countDeadProperties,
  deadProperties,
  type PropertyTarget,
  targetKey,
} from '../../../../storage/dead-properties.ts'
import {
  addressProperty,
  type KeptProperties,
  keptProperties,
  type Looks,
  type NamedProperties,
} from '../../../../storage/history/collection-revisions.ts'
import { listHomes } from '../../../../storage/homes.ts'
import { patchMount, renameMount } from '../../../../storage/mount-writes.ts'
import type { MountRow } from '../../../../storage/mounts.ts'
import type { Origin } from '../../../../storage/origin.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { checkUnlocked } from '../../cards/locked.ts'
import { requireFree } from '../../collections.ts'
import { checkName } from '../../names.ts'
import { homePlace, readLists, rightsAt } from '../../rights/rights.ts'

/** A collection, or what a sharee has of it. */
export interface Named {
  readonly row: CollectionRow
  readonly mount: MountRow | undefined
}

const targetOf = ({ row, mount }: Named): PropertyTarget =>
  mount ? { kind: 'mount', id: mount.id } : { kind: 'collection', id: row.id }

/** Whether it is one that clients may make up, and that the server only keeps. */
export const isDead = (name: string): boolean => name.startsWith('{')

/** What of this is otherwise now. */
export async function openOf(
  reader: Reader,
  named: Named,
  wanted: NamedProperties,
): Promise<NamedProperties> {
  const target = targetOf(named)
  const kept = await deadProperties(reader, [target])
  const dead = (kept.get(targetKey(target)) ?? []).map(({ name, xml }) => [name, xml] as const)
  const state: Looks = named.mount ?? named.row
  const live = keptProperties.map((name) => [name, state[name]] as const)
  const now = new Map<string, unknown>([...live, ...dead, [addressProperty, (named.mount ?? named.row).name]])
  const isKnown = (name: string): boolean => now.has(name) || isDead(name)
  const open = Object.entries(wanted).filter(
    ([name, value]) => isKnown(name) && value !== (now.get(name) ?? null),
  )
  return Object.fromEntries(open)
}

/** Makes it so, as an ordinary change. @throws refusal where another has its address, or has locked it; 507 */
export async function applyProperties(
  tx: Writer,
  named: Named,
  open: NamedProperties,
  { origin, settings }: Pick<Services, 'settings'> & { readonly origin: Origin },
): Promise<void> {
  const { row, mount } = named
  const entries = Object.entries(open)
  const of = (names: readonly string[]) => entries.filter(([name]) => names.includes(name))
  const live = Object.fromEntries(of(keptProperties)) as KeptProperties
  const dead = entries
    .filter(([name]) => isDead(name))
    .map(([name, xml]) => [name, xml === null ? undefined : String(xml)] as const)
  if (Object.keys(live).length + dead.length > 0) {
    if (mount) await patchMount(tx, mount, live, origin, dead)
    else await patchCollection(tx, row, live, origin, dead)
    await checkDead(tx, targetOf(named), settings)
  }
  const name = open[addressProperty]
  if (typeof name !== 'string') return
  checkName(name)
  await requireFree(tx, (mount ?? row).homeId, name)
  if (mount) return renameMount(tx, mount, name, origin)
  await checkUnlocked(tx, row, undefined, 'remove')
  await moveCollection(tx, row, { homeId: row.homeId, name }, origin)
}

/** @throws refusal 507 where clients keep more there than they may */
export async function checkDead(
  reader: Reader,
  target: PropertyTarget,
  { limits }: Services['settings'],
): Promise<void> {
  if ((await countDeadProperties(reader, target)) > limits.deadProperties)
    throw refuseStatus(507, `A resource may have ${limits.deadProperties} properties of this kind at most.`)
}

/** What somebody may do with such a change: an address belongs to the home around it, the rest to the collection. */
export async function mayApply(
  reader: Reader,
  session: Session,
  { row, mount }: Named,
  { open, rights }: { readonly open: NamedProperties; readonly rights: PrivilegeSet },
): Promise<boolean> {
  if (session.scope !== 'write') return false
  if (mount) return mount.principalId === session.principal.id
  const names = Object.keys(open)
  if (names.some((name) => name !== addressProperty) && (rights & bit['write-properties']) === 0) return false
  if (!names.includes(addressProperty)) return true
  const home = (await listHomes(reader, row.principalId)).find(({ id }) => id === row.homeId)
  if (!home) return false
  const place = homePlace(home)
  const there = await rightsAt(reader, session, place, await readLists(reader, place.path))
  return (there & bit.bind) !== 0 && (there & bit.unbind) !== 0
}
