import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeTextValue } from '../../../protocol/text/content-lines.ts'
import { runsOf } from '../../store.ts'
import { card } from '../objects.ts'
import { type Account, useServer } from '../server.ts'
import {
  byCategories,
  byGroups,
  categoriesOf,
  type Device,
  device,
  group,
  listed,
  propertyOf,
  sync,
} from './devices.ts'

const server = useServer()
const names = ['Friends', 'Team, north', 'Žluť; kůň', '🎉 \\o/']
const people = ['p0', 'p1', 'p2', 'p3', 'p4', 'urn:uuid:p5']

/** What the user of one of the devices does; what makes no sense there is passed over. */
type Step =
  | { readonly kind: 'sync'; readonly by: number; readonly limit: number | undefined }
  | { readonly kind: 'add'; readonly by: number; readonly who: number; readonly lists: readonly number[] }
  | { readonly kind: 'note'; readonly by: number; readonly pick: number; readonly text: number }
  | { readonly kind: 'list'; readonly by: number; readonly pick: number; readonly name: number }
  | { readonly kind: 'delete'; readonly by: number; readonly pick: number }
  | { readonly kind: 'move'; readonly by: number; readonly pick: number; readonly back: boolean }
  | { readonly kind: 'make'; readonly by: number; readonly name: number; readonly members: readonly number[] }
  | { readonly kind: 'member'; readonly by: number; readonly pick: number; readonly who: number }
  | { readonly kind: 'rename'; readonly by: number; readonly pick: number; readonly name: number }

const by = fc.nat(3)
const pick = fc.nat(20)
const name = fc.nat(names.length - 1)
const who = fc.nat(people.length - 1)
const of = <K extends Step['kind'], R extends object>(
  kind: K,
  fields: { [Key in keyof R]: fc.Arbitrary<R[Key]> },
) => fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<Step>
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: of('sync', { by, limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }) }),
    },
    { weight: 5, arbitrary: of('add', { by, who, lists: fc.uniqueArray(name, { maxLength: 3 }) }) },
    { weight: 3, arbitrary: of('note', { by, pick, text: fc.nat(9) }) },
    { weight: 5, arbitrary: of('list', { by, pick, name }) },
    { weight: 2, arbitrary: of('delete', { by, pick }) },
    { weight: 1, arbitrary: of('move', { by, pick, back: fc.boolean() }) },
    { weight: 3, arbitrary: of('make', { by, name, members: fc.uniqueArray(who, { maxLength: 4 }) }) },
    { weight: 5, arbitrary: of('member', { by, pick, who }) },
    { weight: 2, arbitrary: of('rename', { by, pick, name }) },
  ),
  { minLength: 10, maxLength: 45 },
)

interface World {
  readonly devices: readonly Device[]
  readonly other: string
  /** What was last written of each person, without CATEGORIES, by href. */
  readonly written: Map<string, string>
  made: number
}

const isGroup = (text: string): boolean => /KIND:group/.test(text)
const bare = (text: string): string => text.replace(/^CATEGORIES:.*(?:\r\n .*)*\r\n/gm, '')
/** The protective merge puts lines in an order of its own. */
const linesOf = (text: string): string[] => text.split('\r\n').sort()
const knowsCards = (one: Device, { devices }: World): boolean => one === devices[0] || one === devices[2]

/** Syncs, and sees to it that an entity tag is another one only where the text is. */
async function syncLawfully(one: Device, limit?: number): Promise<void> {
  const before = new Map(one.known)
  await sync(one, limit)
  for (const [href, { etag, text }] of one.known) {
    const old = before.get(href)
    if (old) expect([href, old.etag === etag]).toEqual([href, old.text === text])
  }
}

function picked(
  one: Device,
  at: number,
  wanted: (text: string) => boolean,
): [string, { etag: string; text: string }] | undefined {
  const all = [...one.known].filter(([, { text }]) => wanted(text)).sort(([a], [b]) => (a < b ? -1 : 1))
  return all[at % Math.max(all.length, 1)]
}

async function write(world: World, one: Device, href: string, text: string, etag?: string): Promise<void> {
  const condition: Record<string, string> =
    etag === undefined ? { 'If-None-Match': '*' } : { 'If-Match': etag }
  const { status, headers } = await one.put(href, text, condition)
  expect([201, 204, 412, 403]).toContain(status)
  if (status > 299) return syncLawfully(one)
  if (!isGroup(text)) world.written.set(href, bare(text))
  if (headers.etag !== undefined) one.known.set(href, { etag: headers.etag, text })
  else {
    const got = await one.get(href)
    one.known.delete(href)
    if (got.status === 200) one.known.set(href, { etag: got.headers.etag ?? '', text: got.text })
  }
}

function withLists(text: string, lists: readonly string[]): string {
  const line = lists.length === 0 ? '' : `CATEGORIES:${lists.map(escapeTextValue).join(',')}\r\n`
  return bare(text).replace('END:VCARD', `${line}END:VCARD`)
}

async function take(world: World, step: Step): Promise<void> {
  const one = world.devices[step.by]
  if (!one) return
  switch (step.kind) {
    case 'sync':
      return syncLawfully(one, step.limit)
    case 'add': {
      const uid = people[step.who] ?? ''
      const lists = knowsCards(one, world) ? [] : step.lists.map((at) => names[at] ?? '')
      const href = `${one.book}${uid.replace('urn:uuid:', '')}.vcf`
      if (one.known.has(href)) return
      return write(world, one, href, withLists(card(uid, 'Jane Doe'), lists))
    }
    case 'note': {
      const [href, { etag, text }] = picked(one, step.pick, (text) => !isGroup(text)) ?? [
        '',
        { etag: '', text: '' },
      ]
      if (href === '') return
      const plain = text.replace(/^NOTE:.*\r\n/m, '')
      return write(world, one, href, plain.replace('FN:', `NOTE:${step.text}\r\nFN:`), etag)
    }
    case 'list': {
      const found = picked(one, step.pick, (text) => !isGroup(text))
      if (!found || knowsCards(one, world)) return
      const [href, { etag, text }] = found
      const label = names[step.name] ?? ''
      const lists = categoriesOf(text)
      const next = lists.includes(label) ? lists.filter((each) => each !== label) : [...lists, label]
      return write(world, one, href, withLists(text, next), etag)
    }
    case 'delete': {
      const found = picked(one, step.pick, () => true)
      if (!found) return
      const { status } = await one.request('DELETE', found[0], { headers: { 'If-Match': found[1].etag } })
      if (status === 204) one.known.delete(found[0])
      else await syncLawfully(one)
      return
    }
    case 'move': {
      const found = picked(one, step.pick, (text) => !isGroup(text))
      if (!found) return
      const there = world.other + found[0].slice(one.book.length)
      const [from, to] = step.back ? [there, found[0]] : [found[0], there]
      await one.request('MOVE', from, { headers: { Destination: to, Overwrite: 'F' } })
      return
    }
    default:
      return onGroups(world, one, step)
  }
}

async function onGroups(
  world: World,
  one: Device,
  step: Extract<Step, { kind: 'make' | 'member' | 'rename' }>,
): Promise<void> {
  if (one === world.devices[1]) return
  if (step.kind === 'make') {
    const uid = `g${(world.made += 1)}`
    const members = step.members.map((at) => (people[at] ?? '').replace('urn:uuid:', ''))
    return write(
      world,
      one,
      `${one.book}${uid}.vcf`,
      group(uid, escapeTextValue(names[step.name] ?? ''), members),
    )
  }
  const found = picked(one, step.pick, isGroup)
  if (!found) return
  const [href, { etag, text }] = found
  if (step.kind === 'rename') {
    const to = escapeTextValue(names[step.name] ?? '')
    const next = text.replace(/^N:.*$/m, () => `N:${to};;;;\r`).replace(/^FN:.*$/m, () => `FN:${to}\r`)
    return write(world, one, href, next.replaceAll('\r\r', '\r'), etag)
  }
  const line = `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${(people[step.who] ?? '').replace('urn:uuid:', '')}\r\n`
  const next = text.includes(line) ? text.replace(line, '') : text.replace('END:VCARD', `${line}END:VCARD`)
  return write(world, one, href, next, etag)
}

/** Makes an address book; returns its path. */
async function makeBook(account: Account): Promise<string> {
  const path = `${account.books}other/`
  const type = '<d:collection/><a:addressbook xmlns:a="urn:ietf:params:xml:ns:carddav"/>'
  const body = `<d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype>${type}</d:resourcetype></d:prop></d:set></d:mkcol>`
  expect((await account.request('MKCOL', path, { body })).status).toBe(201)
  return path
}

async function agree(world: World): Promise<void> {
  const fresh: Device['known'][] = []
  for (const one of world.devices) {
    await syncLawfully(one)
    const all = await listed(one)
    expect(new Map([...one.known].sort())).toEqual(new Map([...all].sort()))
    fresh.push(all)
  }
  const [phone = new Map(), droid = new Map(), groups = new Map(), other = new Map()] = fresh
  const lists = byCategories(droid)
  expect(byGroups(phone)).toEqual(lists)
  expect(byGroups(groups)).toEqual(lists)
  expect(byCategories(other)).toEqual(lists)
  expect([...droid.values()].filter(({ text }) => isGroup(text))).toEqual([])
  for (const [href, { text }] of phone) {
    expect(categoriesOf(text)).toEqual([])
    if (!isGroup(text))
      expect([href, ...linesOf(text)]).toEqual([href, ...linesOf(world.written.get(href) ?? '')])
    else expect(propertyOf(text, 'FN')).not.toBe('')
  }
  // A group that nobody made and that has nobody left is gone.
  const seen = new Set([...other.keys()])
  const alone = [...phone].filter(([href, { text }]) => isGroup(text) && !seen.has(href))
  expect(alone.length).toBeLessThanOrEqual(40)
}

describe('issue 4: one membership', () => {
  it('of devices of every dialect that edit it by turns, and sync in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (run) => {
        const alice = await server.account()
        const other = await makeBook(alice)
        const devices = [
          await device(server, alice, 'apple'),
          await device(server, alice, 'davx5'),
          await device(server, alice, 'davx5-groups'),
          await device(server, alice, 'other'),
        ]
        const world: World = { devices, other, written: new Map(), made: 0 }
        for (const step of run) await take(world, step)
        await agree(world)
      }),
      { numRuns: Number(process.env.RUNS ?? runsOf(25)), endOnFailure: process.env.SHRINK === undefined },
    )
  }, 300_000)
})
