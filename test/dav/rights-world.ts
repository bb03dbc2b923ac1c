import fc from 'fast-check'
import { bit, type PrivilegeName } from '../../protocol/dav/privileges.ts'
import { findNamed } from '../../src/features/accounts/named.ts'
import { acceptInvite, shareCollection } from '../../src/features/sharing/sharing.ts'
import { type AceTarget, type NewAce, replaceAces } from '../../storage/aces.ts'
import { findCollection } from '../../storage/collections.ts'
import { listHomes } from '../../storage/homes.ts'
import { listMountsOf } from '../../storage/mounts.ts'
import { findPrincipalByName, updatePrincipal } from '../../storage/principals.ts'
import type { Writer } from '../../storage/store.ts'
import { delegate, group } from './directory.ts'
import { card, event } from './objects.ts'
import {
  isIn,
  type ModelAce,
  type ModelCollection,
  type ModelHome,
  type ModelWorld,
  meanings,
} from './rights-model.ts'
import type { Account, TestServer } from './server.ts'

/** What fast-check draws: numbers that stand for users and groups. */
export interface Plan {
  /** For each of the groups, users below `users`, then groups before it. */
  readonly groups: readonly (readonly number[])[]
  readonly proxies: readonly {
    readonly owner: number
    readonly to: number
    readonly mode: 'read' | 'write'
  }[]
  readonly homes: readonly (readonly PlannedAce[])[]
  readonly collections: readonly {
    readonly aces: readonly PlannedAce[]
    readonly shares: readonly {
      readonly to: number
      readonly access: 'read' | 'read-write' | 'no-delete' | 'free-busy'
    }[]
  }[]
}

interface PlannedAce {
  readonly who: number
  readonly grant: boolean
  readonly privileges: readonly string[]
}

export const users = 4
const groups = 3
/** Each of the two owners has two calendars and a book. */
const collectionsOfOwner = ['calendar', 'tasks', 'contacts'] as const

const ace: fc.Arbitrary<PlannedAce> = fc.record({
  who: fc.integer({ min: 0, max: users + groups + 2 }),
  grant: fc.boolean(),
  privileges: fc.oneof(
    fc.constantFrom(['read'], ['all'], ['read', 'write']),
    fc.uniqueArray(fc.constantFrom(...Object.keys(meanings)), { minLength: 1, maxLength: 3 }),
  ),
})
const member = fc.integer({ min: 0, max: users + groups - 1 })

export const plan: fc.Arbitrary<Plan> = fc.record({
  groups: fc.array(fc.uniqueArray(member, { maxLength: 3 }), { minLength: groups, maxLength: groups }),
  proxies: fc.uniqueArray(
    fc.record({
      owner: fc.constantFrom(0, 1),
      to: member,
      mode: fc.constantFrom('read' as const, 'write' as const),
    }),
    { maxLength: 2, selector: ({ owner, to }) => `${owner} ${to}` },
  ),
  homes: fc.array(fc.array(ace, { maxLength: 2 }), { minLength: 4, maxLength: 4 }),
  collections: fc.array(
    fc.record({
      aces: fc.array(ace, { maxLength: 3 }),
      shares: fc.uniqueArray(
        fc.record({ to: member, access: fc.constantFrom('read', 'read-write', 'no-delete', 'free-busy') }),
        { maxLength: 2, selector: ({ to }) => to },
      ),
    }),
    { minLength: 6, maxLength: 6 },
  ),
})

/** A world that a server holds, and the model of it. */
export interface BuiltWorld extends ModelWorld {
  readonly accounts: ReadonlyMap<string, Account>
  /** What must not be read where it may not: of principals, collections and objects, by a key that names them. */
  readonly secrets: ReadonlyMap<string, string>
  /** The mounts that somebody has accepted: their names, and what is mounted. */
  readonly mounts: ReadonlyMap<string, readonly { readonly name: string; readonly of: string }[]>
}

let worlds = 0
let words = 0

/** Makes what was planned. */
export async function build(
  server: TestServer,
  { groups, proxies, homes, collections }: Plan,
): Promise<BuiltWorld> {
  worlds += 1
  const prefix = `w${worlds}`
  const accounts = new Map<string, Account>()
  for (let at = 0; at < users; at += 1) {
    const account = await server.account({ name: `${prefix}u${at}` })
    accounts.set(account.name, account)
  }
  const names = [...accounts.keys(), ...groups.map((_, at) => `${prefix}g${at}`)]
  const nameAt = (at: number): string => names[at] ?? ''
  const memberships: Record<string, string[]> = {}
  for (const [at, members] of groups.entries()) {
    const kept = members.filter((one) => one < users + at)
    memberships[nameAt(users + at)] = kept.map(nameAt)
    await group(server, nameAt(users + at), ...kept.map((one) => ({ name: nameAt(one) })))
  }
  const delegated = proxies.filter(({ owner, to }) => owner !== to)
  for (const { owner, to, mode } of delegated) await delegate(server, nameAt(owner), nameAt(to), mode)
  const who = (at: number): string =>
    at < names.length ? nameAt(at) : ([':all', ':authenticated', ':owner'][at - names.length] ?? '')
  const aces = (planned: readonly PlannedAce[]): ModelAce[] =>
    planned.map((one) => ({ ...one, who: who(one.who) }))
  const modelHomes: ModelHome[] = []
  for (const owner of [0, 1]) {
    const owned = collectionsOfOwner.map((name, at): ModelCollection => {
      const { aces: own = [], shares = [] } = collections[owner * collectionsOfOwner.length + at] ?? {}
      const isCalendar = name !== 'contacts'
      return {
        name,
        isCalendar,
        aces: aces(own),
        shares: shares
          .filter(({ to, access }) => to !== owner && (isCalendar || access !== 'free-busy'))
          .map(({ to, access }) => ({ to: nameAt(to), access })),
        members: isCalendar ? ['one.ics', 'two.ics'] : ['one.vcf', 'two.vcf'],
      }
    })
    for (const isCalendars of [true, false]) {
      modelHomes.push({
        owner: nameAt(owner),
        isCalendars,
        aces: aces(homes[owner * 2 + (isCalendars ? 0 : 1)] ?? []),
        collections: owned.filter(({ isCalendar }) => isCalendar === isCalendars),
      })
    }
  }
  const model: ModelWorld = {
    users: [...accounts.keys()],
    groups: memberships,
    proxies: delegated.map(({ owner, to, mode }) => ({ owner: nameAt(owner), to: nameAt(to), mode })),
    homes: modelHomes,
  }
  const secrets = await fill(server, accounts, model)
  const mounts = await setRights(server, model)
  return { ...model, accounts, secrets, mounts }
}

/** Puts objects into the collections, and into everything a word that stands nowhere else. */
async function fill(
  server: TestServer,
  accounts: ReadonlyMap<string, Account>,
  { homes, users: people, groups: teams }: ModelWorld,
): Promise<ReadonlyMap<string, string>> {
  const secrets = new Map<string, string>()
  const keep = (key: string): string => {
    words += 1
    const word = `secret${words}end`
    secrets.set(key, word)
    return word
  }
  const { store } = server.services
  for (const name of [...people, ...Object.keys(teams)]) {
    await store.write(async (tx) => {
      const found = await findPrincipalByName(tx, name)
      if (found) await updatePrincipal(tx, found.id, { displayName: keep(name) })
    })
  }
  for (const home of homes) {
    const account = accounts.get(home.owner)
    for (const { name, isCalendar, members } of home.collections) {
      const path = `${isCalendar ? account?.calendars : account?.books}${name}/`
      const displayname = keep(`${home.owner}/${name}`)
      const body = `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>${displayname}</d:displayname><s xmlns="urn:s">${displayname}</s></d:prop></d:set></d:propertyupdate>`
      await account?.request('PROPPATCH', path, { body })
      for (const member of members) {
        const word = keep(`${home.owner}/${name}/${member}`)
        const text = isCalendar ? objectFor(name, member, word) : card(member, word)
        const put = await account?.put(path + member, text)
        if (put?.status !== 201) throw new Error(`${path}${member} was answered ${put?.status}`)
      }
    }
  }
  return secrets
}

function objectFor(collection: string, member: string, word: string): string {
  const component = collection === 'tasks' ? 'VTODO' : 'VEVENT'
  return event(member, ['DTSTART:20260115T100000Z', `DESCRIPTION:${word}`]).replaceAll('VEVENT', component)
}

/** Shares, and sets the lists; everybody accepts. */
async function setRights(
  server: TestServer,
  world: ModelWorld,
): Promise<Map<string, readonly { name: string; of: string }[]>> {
  const { store, settings, newId } = server.services
  const sharing = { settings, newId, origin: { kind: 'job' } } as const
  for (const home of world.homes) {
    await store.write(async (tx) => {
      const { id } = await findNamed(tx, home.owner, 'user')
      const kind = home.isCalendars ? 'calendars' : 'addressbooks'
      const row = (await listHomes(tx, id)).find((one) => one.kind === kind)
      await setAces(tx, { kind: 'home', id: row?.id ?? 0 }, home.aces)
      for (const { name, aces, shares } of home.collections) {
        const collection = await findCollection(tx, row?.id ?? 0, name)
        if (!collection) throw new Error(`${name} is not there`)
        await setAces(tx, { kind: 'collection', id: collection.id }, aces)
        for (const { to, access } of shares) {
          const principal = await findPrincipalByName(tx, to)
          if (principal) await shareCollection(tx, { collection, principal, access }, sharing)
        }
      }
    })
  }
  const mounts = new Map<string, readonly { name: string; of: string }[]>()
  for (const user of world.users) {
    await store.write(async (tx) => {
      const { id } = await findNamed(tx, user, 'user')
      for (const { mount } of await listMountsOf(tx, id)) await acceptInvite(tx, mount, sharing)
      const accepted = await listMountsOf(tx, id)
      mounts.set(
        user,
        accepted.map(({ mount, collection, owner }) => ({
          name: mount.name,
          of: `${owner.name}/${collection.name}`,
        })),
      )
    })
  }
  return mounts
}

async function setAces(tx: Writer, target: AceTarget, aces: readonly ModelAce[]): Promise<void> {
  const rows: NewAce[] = []
  for (const { who, grant, privileges } of aces) {
    const sum = privileges.flatMap((name) => meanings[name] ?? []).reduce((all, name) => all | bitOf(name), 0)
    const isKind = who.startsWith(':')
    const principalId = isKind ? null : ((await findPrincipalByName(tx, who))?.id ?? null)
    const subject = isKind ? (who.slice(1) as NewAce['subject']) : 'principal'
    rows.push({ subject, principalId, isGrant: grant ? 1 : 0, privileges: sum })
  }
  await replaceAces(tx, target, rows)
}

const bitOf = (name: PrivilegeName): number => bit[name]

/** What of the secrets somebody must not find in any answer. */
export function hiddenFrom(
  world: BuiltWorld,
  caller: string,
  sees: (other: string) => boolean,
  mayRead: (collection: string) => boolean,
  mayKnow: (collection: string) => boolean,
): string[] {
  const mounted = (world.mounts.get(caller) ?? []).map(({ of }) => of)
  const isHidden = (key: string): boolean => {
    const [owner = '', collection, member] = key.split('/')
    const at = `${owner}/${collection}`
    if (member !== undefined) return !mayRead(at)
    if (collection !== undefined) return !mayKnow(at) && !mounted.includes(at)
    // What is mounted says whose it is.
    return !sees(owner) && !mounted.some((of) => of.startsWith(`${owner}/`)) && !isIn(world, caller, owner)
  }
  return [...world.secrets].flatMap(([key, word]) => (isHidden(key) ? [word] : []))
}
