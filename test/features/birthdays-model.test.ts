import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import { findOwnCollection } from '../../src/features/accounts/own-collection.ts'
import { createFollower } from '../../src/follow.ts'
import { followBooksJob } from '../../src/jobs/follow-books.ts'
import { findCollectionById } from '../../storage/collections.ts'
import { birthdaysOfBook } from '../../storage/generated/birthdays.ts'
import { callApi, eventsIn, switchedOn } from '../dav/birthdays/birthdays.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { runsOf } from '../store.ts'
import { rowOf } from './world.ts'

const server = useServer()

/** What is on the card of each name. */
type Cards = Map<string, { readonly uid: string; readonly date: string; readonly anniversary: string }>

const dates = ['', '', 'BDAY:1980-03-22', 'BDAY:--0229', 'BDAY:1604-12-31', 'BDAY:1999-02-28', 'BDAY:1985']
const anniversaries = ['', '', 'X-ANNIVERSARY:2010-06-12', 'X-ANNIVERSARY:2000-02-29']
const names = ['a', 'b', 'c', 'd']

type Step =
  | { readonly kind: 'put'; readonly at: number; readonly date: number; readonly anniversary: number }
  | { readonly kind: 'delete'; readonly at: number }
  | { readonly kind: 'move'; readonly at: number; readonly to: number }
  | { readonly kind: 'sync' }
  | { readonly kind: 'anew' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      at: fc.nat(names.length - 1),
      date: fc.nat(dates.length - 1),
      anniversary: fc.nat(anniversaries.length - 1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), at: fc.nat(names.length - 1) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      at: fc.nat(names.length - 1),
      to: fc.nat(names.length - 1),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'sync' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'anew' as const }) },
)

const hrefOf = (account: Account, at: number): string => `${account.contacts}${names[at]}.vcf`

async function take(account: Account, cards: Cards, one: Exclude<Step, { kind: 'sync' }>): Promise<void> {
  if (one.kind === 'anew') {
    await callApi(account, 'POST', '/birthdays', {})
    return
  }
  const href = hrefOf(account, one.at)
  const known = cards.get(href)
  if (one.kind === 'put') {
    const [date = '', anniversary = ''] = [dates[one.date], anniversaries[one.anniversary]]
    const uid = known?.uid ?? randomUUID()
    const text = card(
      uid,
      'Jane Doe',
      [date, anniversary].filter((line) => line !== ''),
    )
    expect((await account.put(href, text)).status).toBeLessThan(300)
    cards.set(href, { uid, date, anniversary })
  } else if (one.kind === 'delete') {
    await account.delete(href)
    cards.delete(href)
  } else {
    const to = hrefOf(account, one.to)
    if (!known || cards.has(to)) return
    expect((await account.request('MOVE', href, { headers: { Destination: to } })).status).toBe(201)
    cards.delete(href)
    cards.set(to, known)
  }
}

/** How many events there are to be. */
const expected = (cards: Cards): number =>
  [...cards.values()].reduce(
    (sum, { date, anniversary }) =>
      sum + (date === '' || date === 'BDAY:1985' ? 0 : 1) + (anniversary === '' ? 0 : 1),
    0,
  )

/** What a phone has, kept by syncing. */
async function syncReplica(account: Account, path: string, phone: Phone): Promise<void> {
  const { changed, removed, token } = await account.syncAll(path, phone.token)
  for (const href of removed) phone.events.delete(href)
  for (const href of changed) phone.events.set(href, (await account.get(href)).text.replace(/\r\n[ \t]/g, ''))
  phone.token = token
}

interface Phone {
  token: string
  readonly events: Map<string, string>
}

describe('birthdays against a model', () => {
  it('are those of the cards after any edits, and whoever syncs has what is there (RFC 6578)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const account = await server.account()
        const path = await switchedOn(account)
        const cards: Cards = new Map()
        const phone: Phone = { token: '', events: new Map() }
        for (const one of [...steps, { kind: 'sync' } as const]) {
          if (one.kind !== 'sync') {
            await take(account, cards, one)
            continue
          }
          await syncReplica(account, path, phone)
          const there = await eventsIn(account, path)
          expect(new Map([...phone.events].sort())).toEqual(new Map([...there].sort()))
          expect(there.size).toBe(expected(cards))
        }
        const made = await eventsIn(account, path)
        await account.delete(path)
        expect(await switchedOn(account)).toBe(path)
        expect(new Map([...(await eventsIn(account, path))].sort())).toEqual(new Map([...made].sort()))
      }),
      { numRuns: runsOf(25), seed: 4, endOnFailure: true },
    )
  })
})

describe('of many cards', () => {
  it('a job makes what a write has left over, and all anew by other settings; nothing else changes', async () => {
    const { services } = server
    const account = await server.account()
    const count = 600
    for (let at = 0; at < count; at += 1) {
      await account.put(`${account.contacts}${at}.vcf`, card(`u${at}`, `Jane ${at}`, ['BDAY:--0322']))
    }
    const path = await switchedOn(account)
    const first = (await account.syncAll(path, '')).changed.length
    expect([first > 0, first < count]).toEqual([true, true])
    const run = () => followBooksJob.run(services, new AbortController().signal, '')
    await run()
    const { changed, token } = await account.syncAll(path, '')
    expect(changed).toHaveLength(count)
    await run()
    expect(await account.syncAll(path, token)).toEqual({ changed: [], removed: [], token })
    const book = await services.store.read(async (reader) =>
      findOwnCollection(reader, await rowOf(server, account), 'contacts'),
    )
    const german = structuredClone(defaults)
    german.birthdays.language = 'de'
    const follow = createFollower({ settings: german, newId: randomUUID })
    for (let round = 0; round < 4; round += 1) {
      await services.store.write(async (tx) => {
        tx.followed.clear()
        await follow({ ...tx, followed: new Set([book.feedId]) })
      })
    }
    expect((await account.syncAll(path, token)).changed).toHaveLength(count)
    expect((await account.get(changed[0] ?? '')).text).toContain('Geburtstag')
    expect(await services.store.read((reader) => birthdaysOfBook(reader, book.id))).toMatchObject({
      through: count,
    })
  })

  it('an event whose card went while nobody knew is taken away', async () => {
    const { store } = server.services
    const account = await server.account()
    await account.put(`${account.contacts}a.vcf`, card('a', 'Jane Doe', ['BDAY:--0322']))
    const path = await switchedOn(account)
    await account.put(`${account.contacts}b.vcf`, card('b', 'Jane Roe', ['BDAY:--0322']))
    await store.write(async (tx) => {
      const row = await findOwnCollection(tx, await rowOf(server, account), 'contacts')
      await tx.sql.run('UPDATE feeds SET followed = 0 WHERE id = $1', [row.feedId])
    })
    await account.delete(`${account.contacts}a.vcf`)
    await store.write(async (tx) => {
      const row = await findOwnCollection(tx, await rowOf(server, account), 'contacts')
      const found = await findCollectionById(tx, row.id)
      await tx.sql.run('DELETE FROM tombstones WHERE collection_id = $1', [row.id])
      await tx.sql.run('UPDATE feeds SET followed = 1, floor = $2 WHERE id = $1', [
        row.feedId,
        found?.feedChange,
      ])
    })
    await followBooksJob.run(server.services, new AbortController().signal, '')
    expect([...(await eventsIn(account, path)).values()].join()).not.toContain('Jane Doe')
    expect((await eventsIn(account, path)).size).toBe(1)
  })
})
