/**
 * Who may do what, told again from the RFC and the design alone, in sets of names: what the server decides by bits and
 * ordered rows is compared with this. It shares no code with it.
 * @see RFC 3744 §3, §6; RFC 4791 §6.1.1
 */

export type Privilege =
  | 'read'
  | 'read-free-busy'
  | 'read-current-user-privilege-set'
  | 'read-acl'
  | 'write-properties'
  | 'write-content'
  | 'bind'
  | 'unbind'
  | 'unlock'
  | 'write-acl'

const reading: readonly Privilege[] = ['read', 'read-free-busy', 'read-current-user-privilege-set']
const writing: readonly Privilege[] = ['write-properties', 'write-content', 'bind', 'unbind']
const everything: readonly Privilege[] = [...reading, 'read-acl', ...writing, 'unlock', 'write-acl']

/** What a name in an entry stands for. */
export const meanings: Readonly<Record<string, readonly Privilege[]>> = {
  all: everything,
  read: reading,
  write: writing,
  ...Object.fromEntries(everything.filter((name) => name !== 'read').map((name) => [name, [name]])),
}

export interface ModelAce {
  /** A user or a group by name; or `:all`, `:authenticated`, `:unauthenticated`, `:owner`, `:self`. */
  readonly who: string
  readonly grant: boolean
  /** Keys of `meanings`. */
  readonly privileges: readonly string[]
}

export type ModelAccess = 'read' | 'read-write' | 'no-delete' | 'free-busy'

export interface ModelCollection {
  readonly name: string
  readonly isCalendar: boolean
  readonly aces: readonly ModelAce[]
  readonly shares: readonly { readonly to: string; readonly access: ModelAccess }[]
  readonly members: readonly string[]
}

export interface ModelHome {
  readonly owner: string
  readonly isCalendars: boolean
  readonly aces: readonly ModelAce[]
  readonly collections: readonly ModelCollection[]
}

export interface ModelWorld {
  readonly users: readonly string[]
  /** The direct members of each group. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly proxies: readonly {
    readonly owner: string
    readonly to: string
    readonly mode: 'read' | 'write'
  }[]
  readonly homes: readonly ModelHome[]
}

/** Whether somebody is the other, or in it, however deep. */
export function isIn(world: ModelWorld, who: string, whole: string): boolean {
  return who === whole || (world.groups[whole] ?? []).some((member) => isIn(world, who, member))
}

/** What somebody may do in a home, or in a collection of it. */
export function rights(
  world: ModelWorld,
  caller: string,
  home: ModelHome,
  collection?: ModelCollection,
): ReadonlySet<Privilege> {
  if (home.owner === caller) return new Set(everything)
  const granted = new Set<Privilege>()
  if (home.isCalendars) for (const one of delegated(world, caller, home.owner)) granted.add(one)
  for (const { to, access } of collection?.shares ?? [])
    if (isIn(world, caller, to)) for (const one of shared[access]) granted.add(one)
  const lists = [...(collection ? [collection.aces] : []), home.aces]
  for (const privilege of everything) {
    if (granted.has(privilege)) continue
    const deciding = lists
      .flat()
      .find(
        (ace) =>
          isAbout(world, caller, ace) && ace.privileges.some((name) => meanings[name]?.includes(privilege)),
      )
    if (deciding?.grant) granted.add(privilege)
  }
  return granted
}

const shared: Readonly<Record<ModelAccess, readonly Privilege[]>> = {
  read: reading,
  'read-write': [...reading, ...writing, 'unlock'],
  'no-delete': [...reading, 'write-properties', 'write-content', 'bind', 'unlock'],
  'free-busy': ['read-free-busy', 'read-current-user-privilege-set'],
}

function delegated(world: ModelWorld, caller: string, owner: string): readonly Privilege[] {
  const modes = world.proxies
    .filter((one) => one.owner === owner && isIn(world, caller, one.to))
    .map(({ mode }) => mode)
  if (modes.includes('write')) return [...reading, ...writing, 'unlock']
  return modes.length > 0 ? reading : []
}

/** Entries about the owner, about oneself and about strangers are about nobody else here. */
function isAbout(world: ModelWorld, caller: string, { who }: ModelAce): boolean {
  if (who === ':all' || who === ':authenticated') return true
  return !who.startsWith(':') && isIn(world, caller, who)
}

/** Whom somebody sees where the directory is limited to groups: who is in a group that holds him, and delegates. */
export function sees(world: ModelWorld, caller: string, other: string): boolean {
  if (caller === other) return true
  const groups = Object.keys(world.groups)
  const isShared = groups.some((group) => isIn(world, caller, group) && isIn(world, other, group))
  const delegates = world.proxies.some(
    ({ owner, to }) => (owner === other && isIn(world, caller, to)) || (owner === caller && to === other),
  )
  return isShared || delegates
}

/** What is at a place, as the caller is to find it. */
export type Found =
  | { readonly kind: 'found'; readonly rights: ReadonlySet<Privilege> }
  /** There is nothing, as far as he is told. */
  | { readonly kind: 'nothing' }
  /** He may do nothing there, whatever there is. */
  | { readonly kind: 'closed' }

/** A home, or a collection in it by name: undefined where there is none of that name. */
export function find(
  world: ModelWorld,
  caller: string,
  home: ModelHome,
  collection: { readonly there: ModelCollection | undefined } | undefined,
): Found {
  const around = rights(world, caller, home)
  if (!collection) return around.size > 0 ? { kind: 'found', rights: around } : { kind: 'closed' }
  const inside = collection.there ? rights(world, caller, home, collection.there) : new Set<Privilege>()
  if (inside.size > 0) return { kind: 'found', rights: inside }
  return around.has('read') ? { kind: 'nothing' } : { kind: 'closed' }
}
