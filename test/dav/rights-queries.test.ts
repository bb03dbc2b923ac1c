import { describe, expect, it } from 'vitest'
import { cs, dav } from '../../protocol/dav/names.ts'
import type { Sql } from '../../storage/database.ts'
import type { Reader, Store } from '../../storage/store.ts'
import { mustSetAcl } from './acls.ts'
import { event } from './objects.ts'
import { useServer } from './server.ts'

const server = useServer()

/** The statements about rights that requests read with. */
async function aboutRights(requests: () => Promise<unknown>): Promise<string[]> {
  const store = server.services.store as { -readonly [K in keyof Store]: Store[K] }
  const read = store.read.bind(store)
  const texts: string[] = []
  const watched = (sql: Sql): Sql => {
    const noted = (text: string): string => {
      texts.push(text)
      return text
    }
    return {
      ...sql,
      all: (text, params) => sql.all(noted(text), params),
      first: (text, params) => sql.first(noted(text), params),
    }
  }
  store.read = (fn) => read((reader: Reader) => fn({ sql: watched(reader.sql) }))
  try {
    await requests()
  } finally {
    store.read = read
  }
  expect(texts.length).toBeGreaterThan(0)
  // Whether a collection is shared at all is a column of it.
  const own = texts.map((text) => text.replace(/EXISTS \(SELECT 1 FROM shares s WHERE [^)]*\)/g, ''))
  return own.filter((text) => /\b(aces|shares|group_members|proxies)\b/.test(text))
}

const names = [dav('displayname'), dav('current-user-privilege-set'), dav('owner'), cs('getctag')]

describe('rights are decided once a request', () => {
  it('and cost nothing in one’s own tree', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const asked = aboutRights(async () => {
      await alice.propfind(alice.calendars, 1, names)
      await alice.propfind(alice.calendar, 1, names)
      await alice.sync(alice.calendars, '')
      await alice.sync(alice.calendar, '')
      await alice.get(`${alice.calendar}a.ics`)
      await alice.put(`${alice.calendar}b.ics`, event('b'))
      await alice.propfind(alice.principal, 0, names)
    })
    expect(await asked).toEqual([])
  })

  it('and not for each row of another’s', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await mustSetAcl(alice, alice.calendars, [{ who: bob.principal, grant: ['read'] }])
    const count = async () => [
      (await aboutRights(() => bob.propfind(alice.calendars, 1, names))).length,
      (await aboutRights(() => bob.propfind(alice.calendar, 1, names))).length,
      (await aboutRights(() => bob.sync(alice.calendars, ''))).length,
    ]
    const few = await count()
    for (let n = 0; n < 5; n += 1) await alice.request('MKCALENDAR', `${alice.calendars}c${n}/`)
    for (let n = 0; n < 20; n += 1) await alice.put(`${alice.calendar}${n}.ics`, event(String(n)))
    expect(await count()).toEqual(few)
    expect(few.every((statements) => statements > 0)).toBe(true)
  })
})
