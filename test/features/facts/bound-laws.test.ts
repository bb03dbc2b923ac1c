import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeviceKind } from '../../../src/features/devices/kinds.ts'
import { changedCards } from '../../../src/features/facts/bound/changed-cards.ts'
import { call } from '../../api/json.ts'
import { type Device, deviceOf } from '../../dav/devices.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { company, idOf, party } from './world.ts'

const server = useServer()

/** What is asked of a card: the last of each line wins. */
interface Shape {
  readonly org: string
  readonly title: string
  readonly friend: string
  readonly tel: string
}

function card(version: '3.0' | '4.0', { org, title, friend, tel }: Shape): string {
  const text =
    version === '4.0'
      ? [`RELATED;VALUE=text;TYPE=friend:${friend}`]
      : [`item1.X-ABRELATEDNAMES:${friend}`, 'item1.X-ABLabel:_$!<Friend>!$_']
  return [
    ...['BEGIN:VCARD', `VERSION:${version}`, 'UID:u', 'FN:Ann Doe', 'N:Doe;Ann;;;'],
    ...(org === '' ? [] : [`ORG:${org}`]),
    ...(title === '' ? [] : [`TITLE:${title}`]),
    ...(friend === '' ? [] : text),
    `TEL:+1 ${tel}`,
    ...['END:VCARD', ''],
  ].join('\r\n')
}

const shape: fc.Arbitrary<Shape> = fc.record({
  org: fc.constantFrom('', 'Acme', 'ACME', 'Globex', 'Initech'),
  title: fc.constantFrom('', 'Engineer', 'Head'),
  friend: fc.constantFrom('', 'Leo Roe', 'Leo', 'Zoe Poe', 'Nobody At All'),
  tel: fc.integer({ min: 100, max: 999 }).map(String),
})
const kinds: readonly DeviceKind[] = ['apple', 'davx5', 'thunderbird']

async function write(by: Account | Device, { contacts }: Account, text: string) {
  const before = await by.get(`${contacts}u.vcf`)
  const match = before.status === 200 ? { 'If-Match': before.headers.etag ?? '' } : {}
  expect([201, 204]).toContain((await by.put(`${contacts}u.vcf`, text, match)).status)
}

interface Known {
  readonly memberships: {
    id: number
    organisationName: string
    title: string
    until: string | null
    isPrimary: boolean
  }[]
  readonly relations: { id: number; name: string; other: { id: number } | null; until: string | null }[]
}

describe('facts that cards say too, under random edits by devices', () => {
  it('none is lost unless its line was taken away or changed, and what is primary and current is what the card says', async () => {
    const alice = await server.account()
    const devices = await Promise.all(kinds.map((kind) => deviceOf(server, alice, kind)))
    await company(alice, 'Acme')
    await company(alice, 'Globex')
    for (const name of ['Leo Roe', 'Zoe Poe'])
      await alice.put(
        `${alice.contacts}${name.slice(0, 3)}.vcf`,
        card('3.0', { org: '', title: '', friend: '', tel: '1' })
          .replace('UID:u', `UID:${name.slice(0, 3)}`)
          .replace('FN:Ann Doe', `FN:${name}`)
          .replace('N:Doe;Ann', 'N:x;y'),
      )
    let last: Shape = { org: '', title: '', friend: '', tel: '1' }
    await write(alice, alice, card('4.0', last))
    const ann = await idOf(alice, 'Ann Doe')
    const read = async (): Promise<Known> => party(alice, ann)
    const step = fc.tuple(fc.constantFrom(...kinds.keys()), shape)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        for (const [at, next] of steps) {
          const before = await read()
          const device = devices[at]
          if (!device) continue
          await write(device, alice, card(kinds[at] === 'apple' ? '3.0' : '4.0', next))
          const after = await read()
          // Nothing that was known is forgotten: it is ended at most.
          const ids = (known: Known) => [...known.memberships, ...known.relations].map(({ id }) => id)
          for (const id of ids(before)) expect(ids(after)).toContain(id)
          const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
          if (next.org === last.org && next.title === last.title)
            expect(after.memberships).toEqual(before.memberships)
          if (next.friend === last.friend) expect(after.relations).toEqual(before.relations)
          const primary = after.memberships.filter(({ isPrimary }) => isPrimary)
          expect(primary.length).toBe(next.org === '' && next.title === '' ? 0 : 1)
          if (primary[0]) {
            expect(same(primary[0].organisationName, next.org)).toBe(true)
            expect(primary[0]).toMatchObject({ title: next.title, until: null })
          }
          const current = after.relations.filter(({ until }) => until === null)
          expect(current.length).toBe(next.friend === '' ? 0 : 1)
          last = next
        }
      }),
      { numRuns: 20, endOnFailure: true },
    )
  })

  it('what the API says is said by the card, and saying it again changes nothing', async () => {
    const alice = await server.account()
    const orgs = [await company(alice, 'Acme'), await company(alice, 'Globex')]
    await write(alice, alice, card('3.0', { org: '', title: '', friend: '', tel: '1' }))
    const ann = await idOf(alice, 'Ann Doe')
    const at = `/parties/${ann}/memberships`
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1),
        fc.constantFrom('', 'Head', 'Engineer'),
        fc.boolean(),
        async (org, title, ends) => {
          const body = { organisation: orgs[org], title, isPrimary: true }
          const { json } = await call(alice, 'POST', at, body)
          const text = (await alice.get(`${alice.contacts}u.vcf`)).text
          expect(text).toContain(`ORG:${['Acme', 'Globex'][org]}\r\n`)
          expect(/TITLE:(.*)\r/.exec(text)?.[1] ?? '').toBe(title)
          const known = await party(alice, ann)
          expect(
            known.memberships.filter(({ isPrimary }: { isPrimary: boolean }) => isPrimary),
          ).toMatchObject([{ id: json.id }])
          if (ends) await call(alice, 'DELETE', `${at}/${json.id}`)
          else await call(alice, 'PATCH', `${at}/${json.id}`, { until: '2020' })
          expect((await alice.get(`${alice.contacts}u.vcf`)).text).not.toMatch(/ORG|TITLE/)
          const left = (await party(alice, ann)).memberships
          expect(left.every(({ isPrimary }: { isPrimary: boolean }) => !isPrimary)).toBe(true)
          for (const { id } of left) await call(alice, 'DELETE', `${at}/${id}`)
          expect((await party(alice, ann)).memberships).toEqual([])
        },
      ),
      { numRuns: 12 },
    )
  })
})

describe('the cost of following', () => {
  it('is one statement for a card whose lines of jobs and relations are as before, and none where no card is', async () => {
    const alice = await server.account()
    const base = { org: 'Acme', title: 'Head', friend: 'Leo', tel: '111' }
    await write(alice, alice, card('4.0', base))
    const { store } = server.services
    const rows = await store.read(({ sql }) =>
      sql.all<{ id: number; body: number }>(
        `SELECT p.object_id AS id, o.body_id AS body FROM placements p JOIN objects o ON o.id = p.object_id
         WHERE o.name = 'u.vcf' AND o.uid = 'u' ORDER BY p.object_id DESC`,
      ),
    )
    const [old] = rows
    if (!old) throw new Error('There is no card.')
    await write(alice, alice, card('4.0', { ...base, tel: '222' }))
    const count = async (before: number | undefined, kind: 'put' | 'moved') =>
      store.write(async (tx) => {
        let statements = 0
        const all: typeof tx.sql.all = (text, params) => {
          statements += 1
          return tx.sql.all(text, params)
        }
        const counting = { ...tx, sql: { ...tx.sql, all } }
        const card = {
          objectId: old.id,
          collectionId: 1,
          principalId: 1,
          kind,
          before,
          origin: { kind: 'client' } as const,
        }
        const seen: unknown[] = []
        for await (const part of changedCards(counting, [card])) seen.push(...part)
        return { statements, seen: seen.length }
      })
    expect(await count(old.body, 'put')).toEqual({ statements: 1, seen: 0 })
    expect(await count(old.body, 'moved')).toEqual({ statements: 0, seen: 0 })
    expect((await count(undefined, 'put')).seen).toBe(1)
  })
})
