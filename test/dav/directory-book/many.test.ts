import { describe, expect, it } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import { insertPrincipal, updatePrincipal } from '../../../storage/principals.ts'
import { type Account, useServer } from '../server.ts'

const server = useServer({ directory: { addressBook: true } })

const bookOf = ({ books }: Account): string => `${books}directory/`
const homeOf = async (account: Account): Promise<readonly string[]> =>
  (await account.propfind(account.books, 1, [dav('displayname')])).hrefs

describe('the directory of many', () => {
  it('is made once, however many ask at the same time', async () => {
    const alice = await server.account()
    const homes = await Promise.all(Array.from({ length: 12 }, () => homeOf(alice)))
    for (const home of homes) expect(home).toEqual([alice.books, alice.contacts, bookOf(alice)])
    const { id } = (await server.services.store.read(({ sql }) =>
      sql.first<{ id: number }>('SELECT id FROM principals ORDER BY id LIMIT 1'),
    )) ?? { id: 0 }
    await Promise.all(
      Array.from({ length: 20 }, async (_, at) => {
        await server.services.store.write((tx) => updatePrincipal(tx, id, { displayName: `Alice ${at}` }))
        await alice.syncAll(bookOf(alice), '')
      }),
    )
    const { changed } = await alice.syncAll(bookOf(alice), '')
    const shown = await server.services.store.read(({ sql }) =>
      sql.first<{ name: string }>('SELECT display_name AS name FROM principals WHERE id = $1', [id]),
    )
    expect(changed).toHaveLength(1)
    expect((await alice.get(changed[0] ?? '')).text).toContain(`FN:${shown?.name}\r\n`)
  })

  it('is whole before it is answered, and changes by one where one does', async () => {
    const alice = await server.account()
    const { store } = server.services
    const count = 1_200
    await store.write(async (tx) => {
      for (let at = 0; at < count; at += 1) {
        await insertPrincipal(tx, { name: `n${at}`, segment: `n${at}`, displayName: `N ${at}` })
      }
    })
    const { changed, token } = await alice.syncAll(bookOf(alice), '')
    expect(changed.length).toBe(count + 2)
    await store.write((tx) => tx.sql.run("DELETE FROM principals WHERE name = 'n600'"))
    const after = await alice.syncAll(bookOf(alice), token)
    expect([after.changed.length, after.removed.length]).toEqual([0, 1])
  })
})
