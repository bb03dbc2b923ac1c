import { describe, expect, it } from 'vitest'
import { findAccount } from '../../../src/features/accounts/accounts.ts'
import { editRole } from '../../../src/features/team/edit-roles.ts'
import { makeTeamRole } from '../../../src/features/team/team-roles.ts'
import { addHolder } from '../../../storage/roles/team-roles.ts'
import { call } from '../../api/json.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { copyOf, namesIn } from '../../dav/virtual/books.ts'
import { cardFaces, changeMask, masked, sharedWith } from '../../dav/virtual/masked.ts'

const server = useServer()
const mkcol =
  '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>'

/** Jane in one book and Joe in another, both shared with somebody by whose role notes are hidden in the first. */
async function world() {
  const [owner, sharee] = [await server.account(), await server.account()]
  const second = `${owner.books}second/`
  await owner.request('MKCOL', second, { headers: { 'Content-Type': 'application/xml' }, body: mkcol })
  const put = (path: string, uid: string, fn: string, note: string) =>
    owner.put(`${path}${uid}.vcf`, card(uid, fn, [`NOTE:${note}`, 'TITLE:Boss', 'CATEGORIES:friend']))
  await put(owner.contacts, 'jane', 'Jane Doe', 'hushhush')
  await put(second, 'joe', 'Joe Doe', 'openopen')
  const { books } = (await call(owner, 'GET', '/books')).json
  const first = books.find(({ name }: { name: string }) => name === 'contacts').id
  const name = await masked(server, { hide: ['NOTE'], books: [first] })
  await server.services.store.write(async (tx) => {
    const role = await makeTeamRole(tx, `Sales ${name}`, [])
    await addHolder(tx, role.id, (await findAccount(tx, sharee.name)).id)
    await editRole(tx, role, { masks: [name] }, { kind: 'job' })
  })
  const at = [await sharedWith(owner, sharee), await sharedWith(owner, sharee, 'read-write', second)] as const
  return { owner, sharee, second, name, at }
}

const textOf = async (account: Account, path: string): Promise<string> => (await account.get(path)).text

describe('a mask of a role that is of some books', () => {
  it('hides there, over every face, and nowhere else', async () => {
    const { owner, sharee, at } = await world()
    const [jane, joe] = [`${at[0]}jane.vcf`, `${at[1]}joe.vcf`]
    for (const text of (await cardFaces(sharee, at[0])).values()) expect(text).not.toContain('hushhush')
    expect([...(await cardFaces(sharee, at[1])).values()].join()).toContain('openopen')
    expect(await textOf(sharee, joe)).toBe(await textOf(owner, `${owner.books}second/joe.vcf`))
    for (const [word, count] of [
      ['hushhush', 0],
      ['openopen', 1],
    ] as const) {
      expect((await call(sharee, 'GET', `/search?q=${word}`)).json.items).toHaveLength(count)
      const filter = { field: 'note', op: 'contains', text: word }
      expect((await call(sharee, 'POST', '/lists/preview', { filter })).json.count).toBe(count)
      expect((await call(sharee, 'POST', '/parties/query', { filter })).json.items).toHaveLength(count)
    }
    const parties = (await call(sharee, 'GET', '/parties')).json.items
    for (const { id, name } of parties) {
      const history = (await sharee.request('GET', `/api/parties/${id}/history`)).text
      expect(history).not.toContain('hushhush')
      const [{ id: object }] = (await call(sharee, 'GET', `/parties/${id}`)).json.cards
      const states = (await call(sharee, 'GET', `/objects/${object}/history`)).json.items
      const path = `/api/objects/${object}/history/${states[0].revision}/octets`
      expect((await sharee.request('GET', path)).text.includes('NOTE')).toBe(name === 'Joe Doe')
    }
    await sharee.put(jane, card('jane', 'Jane Roe', ['TITLE:Chief', 'CATEGORIES:friend']))
    await sharee.put(joe, card('joe', 'Joe Roe', ['TITLE:Chief', 'CATEGORIES:friend']))
    const whole = await textOf(owner, `${owner.contacts}jane.vcf`)
    expect([whole.includes('Chief'), whole.includes('hushhush')]).toEqual([true, true])
    expect(await textOf(owner, `${owner.books}second/joe.vcf`)).not.toContain('openopen')
  })

  it('hides of each card as its own book says, where cards of several are in one', async () => {
    const { owner, sharee } = await world()
    const what = { kind: 'label', label: 'friend' }
    expect((await call(owner, 'POST', '/grants', { what, with: sharee.name })).status).toBe(201)
    const [{ name: given }] = (await call(sharee, 'GET', '/grants/received')).json.books
    const filter = { field: 'label', op: 'is', text: 'friend' }
    const { id } = (await call(sharee, 'POST', '/lists', { name: 'Friends', filter })).json
    const { name: listed } = (await call(sharee, 'POST', `/lists/${id}/book`)).json
    for (const book of [given, listed].map((name: string) => `${sharee.books}${name}/`)) {
      expect([book, await namesIn(sharee, book)]).toEqual([book, ['Jane Doe', 'Joe Doe']])
      expect(await textOf(sharee, await copyOf(sharee, book, 'Jane Doe'))).not.toContain('hushhush')
      expect(await textOf(sharee, await copyOf(sharee, book, 'Joe Doe'))).toContain('openopen')
    }
  })

  it('hides in all of them at once when it is changed to, and names no book that there is not', async () => {
    const { sharee, name, at } = await world()
    const joe = `${at[1]}joe.vcf`
    expect(await textOf(sharee, joe)).toContain('openopen')
    const { token } = await sharee.syncAll(at[1], '')
    await changeMask(server, name, { hide: ['NOTE'] })
    expect(await textOf(sharee, joe)).not.toContain('openopen')
    await expect(sharee.syncAll(at[1], token)).rejects.toThrow()
    await expect(changeMask(server, name, { hide: ['NOTE'], books: [987_654] })).rejects.toThrow('987654')
  })
})
