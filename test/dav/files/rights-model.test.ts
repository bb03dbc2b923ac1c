import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import { findAccount } from '../../../src/features/accounts/accounts.ts'
import { addMember, createGroup, findGroup } from '../../../src/features/accounts/groups.ts'
import { type AceText, mustSetAcl } from '../acls.ts'
import { readMultistatus } from '../client.ts'
import { type Account, useServer } from '../server.ts'
import { filesOf } from './files.ts'

/** The server's decisions among files, against a model of them that knows names and lists only. */

const server = useServer()
const folders = ['', 'a/', 'a/b/', 'd/'] as const
const files = ['a/b/c', 'a/f', 'd/e', 'g'] as const
const missing = ['x', 'a/x', 'a/b/x', 'd/x', 'a/b/x/y'] as const
const privileges = ['read', 'write-content', 'bind', 'unbind'] as const
type Privilege = (typeof privileges)[number]

const subjects = ['bob', 'carol', 'team', 'all'] as const
interface Entry {
  readonly who: (typeof subjects)[number]
  readonly grant: boolean
  readonly names: readonly Privilege[]
}
/** The lists of folders, in the order they are judged. */
type Lists = Readonly<Record<string, readonly Entry[]>>

const entry = fc.record({
  who: fc.constantFrom(...subjects),
  grant: fc.boolean(),
  names: fc.subarray([...privileges], { minLength: 1 }),
})
/** What denies comes first, and nobody is granted and denied the same. */
const list = fc.array(entry, { maxLength: 3 }).map((entries) => {
  const kept = entries.filter(
    (one, at) => !entries.some((other, n) => n < at && other.who === one.who && other.grant !== one.grant),
  )
  return kept.toSorted((a, b) => Number(a.grant) - Number(b.grant))
})
const lists = fc.record(Object.fromEntries(folders.map((folder) => [folder, list])))

type User = 'bob' | 'carol'
const isAbout = (user: User, who: Entry['who']) =>
  who === user || who === 'all' || (who === 'team' && user === 'bob')

const folderOf = (path: string) => path.replace(/[^/]+\/?$/, '')

/** What a user may do in a folder: its own list decides first, then that of each folder around it. */
function rights(user: User, folder: string, set: Lists): ReadonlySet<Privilege> {
  const around = [folder]
  while (around[0] !== '') around.unshift(folderOf(around[0] ?? ''))
  const entries = around.toReversed().flatMap((one) => set[one] ?? [])
  return new Set(
    privileges.filter(
      (name) => entries.find(({ who, names }) => isAbout(user, who) && names.includes(name))?.grant === true,
    ),
  )
}

const exists = (path: string) => [...folders, ...files].some((one) => one === path)
const accessTo = (user: User, path: string, set: Lists) =>
  rights(user, path === '' || path.endsWith('/') ? path : folderOf(path), set)

/** The status with which a path is refused before it is looked at; undefined where it is found. */
function unseen(user: User, path: string, set: Lists): 403 | 404 | undefined {
  if (exists(path) && accessTo(user, path, set).size > 0) return undefined
  let around = path === '' ? undefined : folderOf(path)
  while (around !== undefined && !exists(around)) around = folderOf(around)
  return around !== undefined && rights(user, around, set).has('read') ? 404 : 403
}

/** 412 stands for what would be done if its condition held. */
function expected(user: User, method: string, path: string, to: string, set: Lists): number {
  const may = (folder: string, ...names: readonly Privilege[]) =>
    names.every((name) => rights(user, folder, set).has(name))
  const parent = folderOf(path)
  const inFolder = (folder: string): number | undefined => {
    if (exists(folder)) return rights(user, folder, set).size === 0 ? 403 : undefined
    return unseen(user, folder, set) === 404 || rights(user, folderOf(folder), set).size > 0 ? 409 : 403
  }
  switch (method) {
    case 'GET':
      return (
        unseen(user, path, set) ??
        (!accessTo(user, path, set).has('read') ? 403 : path.endsWith('/') || path === '' ? 405 : 200)
      )
    case 'PROPFIND':
      return unseen(user, path, set) ?? (accessTo(user, path, set).has('read') ? 207 : 403)
    case 'PUT':
      return inFolder(parent) ?? (may(parent, exists(path) ? 'write-content' : 'bind') ? 412 : 403)
    case 'MKCOL':
      return inFolder(parent) ?? (exists(path) ? 405 : may(parent, 'bind') ? 412 : 403)
    case 'DELETE':
      return unseen(user, path, set) ?? (may(parent, 'unbind') ? 412 : 403)
    default: {
      const source = unseen(user, path, set) ?? (accessTo(user, path, set).has('read') ? undefined : 403)
      if (source) return source
      const isMove = method === 'MOVE'
      if (path.endsWith('/') && to.startsWith(path)) return 403
      return (
        inFolder(folderOf(to)) ??
        (may(folderOf(to), 'bind') && (!isMove || may(parent, 'unbind')) ? 412 : 403)
      )
    }
  }
}

const asked = fc.record({
  user: fc.constantFrom<User>('bob', 'carol'),
  method: fc.constantFrom('GET', 'PROPFIND', 'PUT', 'MKCOL', 'DELETE', 'COPY', 'MOVE'),
  path: fc.constantFrom<string>(...folders, ...files, ...missing),
  to: fc.constantFrom('new', 'a/new', 'a/b/new', 'd/new', 'x/new'),
})

let owner: Account
let people: Readonly<Record<User, Account>>
let team: string
beforeAll(async () => {
  owner = await server.account()
  people = { bob: await server.account(), carol: await server.account() }
  await filesOf(owner).make('a/', 'a/b/', 'd/', ...files)
  team = `team-${owner.segment}`
  await server.services.store.write(async (tx) => {
    await createGroup(tx, { name: team })
    const sharing = { ...server.services, origin: { kind: 'job' } as const }
    await addMember(tx, await findGroup(tx, team), await findAccount(tx, people.bob.name), sharing)
  })
})

function aceOf({ who, grant, names }: Entry): AceText {
  const subject =
    who === 'all' ? '<d:all/>' : who === 'team' ? `/dav/principals/${team}/` : people[who].principal
  return grant ? { who: subject, grant: names } : { who: subject, deny: names }
}

describe('RFC 3744 §6 rights among files', () => {
  it('are what a model says, for every method, on what is there and what is not', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.array(asked, { minLength: 40, maxLength: 40 }), async (set, asks) => {
        for (const folder of folders)
          await mustSetAcl(owner, owner.files + folder, (set[folder] ?? []).map(aceOf))
        for (const { user, method, path, to } of asks) {
          if (method === 'PUT' && (path.endsWith('/') || path === '')) continue
          if (/MKCOL|DELETE|COPY|MOVE/.test(method) && path === '') continue
          const condition = /GET|PROPFIND/.test(method) ? undefined : { 'If-Match': '"none"' }
          const headers = {
            Depth: method === 'PROPFIND' ? '1' : 'infinity',
            Destination: owner.files + to,
            ...condition,
          }
          const answer = await people[user].request(method, owner.files + path, { headers })
          const about = `${user} ${method} ${path} ${to} ${JSON.stringify(set)}`
          expect(answer.status, about).toBe(expected(user, method, path, to, set))
          if (answer.status === 207 && exists(path))
            expectListing(user, path, set, readMultistatus(answer).hrefs)
        }
      }),
      { numRuns: 12, seed: 3_744, endOnFailure: true },
    )
    expect(await filesOf(owner).tree()).toEqual([...folders.slice(1), ...files].toSorted())
  })
})

/** A listing has what may be read, and nothing else. */
function expectListing(user: User, path: string, set: Lists, hrefs: readonly string[]): void {
  const inside = [...folders, ...files].filter((one) => one !== path && folderOf(one) === path && one !== '')
  const readable = inside.filter((one) => accessTo(user, one, set).has('read'))
  const shown = hrefs.map((href) => href.slice(owner.files.length)).filter((one) => one !== path)
  expect(shown.toSorted()).toEqual(path.endsWith('/') || path === '' ? readable.toSorted() : [])
}

/** So that the two places agree on what reading is. */
describe('the model', () => {
  it('knows the names of privileges as the server has them', async () => {
    const shown = await owner.propfind(owner.files, 0, [dav('current-user-privilege-set')])
    for (const name of privileges) expect(shown.text).toContain(`<d:${name}/>`)
  })
})
