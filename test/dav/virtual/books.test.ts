import { describe, expect, it } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import { copyBooks } from '../../../src/jobs/virtual-books.ts'
import { callApi, putCard } from '../birthdays/birthdays.ts'
import { card } from '../objects.ts'
import { type Account, useServer } from '../server.ts'
import { postShare, set } from '../sharing.ts'
import { copyOf, labelBook, namesIn, peopleBook } from './books.ts'
import { masked } from './masked.ts'

const server = useServer()

async function two(): Promise<{ owner: Account; viewer: Account }> {
  return { owner: await server.account(), viewer: await server.account() }
}

describe('a book of some people of another', () => {
  it('shows them and nobody else, follows their cards, and syncs as every book (RFC 6578)', async () => {
    const { owner, viewer } = await two()
    const path = await putCard(owner, 'jane', ['NOTE:a'])
    await putCard(owner, 'joe', [], 'Joe Doe')
    const book = (await peopleBook(server, { viewer, owner, paths: [path] })).path
    expect(await namesIn(viewer, book)).toEqual(['Jane Doe'])
    const { token } = await viewer.syncAll(book, '')
    await owner.put(path, card('jane', 'Jane Roe', ['NOTE:a']))
    const changed = await viewer.syncAll(book, token)
    expect([changed.changed.length, changed.removed]).toEqual([1, []])
    const [copy = ''] = changed.changed
    expect((await viewer.get(copy)).text).toContain('FN:Jane Roe')
    await putCard(owner, 'joe', ['NOTE:nobody'], 'Joe Doe')
    expect((await viewer.syncAll(book, changed.token)).changed).toEqual([])
    await owner.delete(path)
    expect((await viewer.syncAll(book, changed.token)).removed).toEqual([copy])
  })

  it('gives who comes back the name he had, and nobody else ever', async () => {
    const { owner, viewer } = await two()
    const path = await putCard(owner, 'jane', [])
    const { path: book } = await peopleBook(server, { viewer, owner, paths: [path] })
    const copy = await copyOf(viewer, book, 'Jane Doe')
    await owner.delete(path)
    expect(await namesIn(viewer, book)).toEqual([])
    await putCard(owner, 'jane', [], 'Jane Again')
    expect(await copyOf(viewer, book, 'Jane Again')).not.toBe(copy)
  })

  it('shows somebody who is in several books once, and by another card when the one is gone', async () => {
    const { owner, viewer } = await two()
    const path = await putCard(owner, 'jane', ['NOTE:first'])
    const second = `${owner.books}second/`
    await owner.request('MKCOL', second, {
      headers: { 'Content-Type': 'application/xml' },
      body: '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>',
    })
    await putCard(owner, 'jane', ['NOTE:second'], 'Jane Doe', second)
    const { path: book } = await peopleBook(server, { viewer, owner, paths: [path] })
    const shown = await copyOf(viewer, book, 'Jane Doe')
    expect((await viewer.get(shown)).text).toContain('NOTE:first')
    await owner.delete(path)
    const other = await copyOf(viewer, book, 'Jane Doe')
    expect([(await viewer.get(other)).text.includes('NOTE:second'), other === shown]).toEqual([true, false])
    expect(await namesIn(viewer, book)).toEqual(['Jane Doe'])
    await owner.delete(second)
    await copyBooks.run(server.services, new AbortController().signal, '')
    expect(await namesIn(viewer, book)).toEqual([])
  })

  it('is nobody else’s, neither by rights nor by sharing or a public link', async () => {
    const { owner, viewer } = await two()
    const third = await server.account()
    const path = await putCard(owner, 'jane', [])
    const { path: book } = await peopleBook(server, { viewer, owner, paths: [path] })
    expect((await postShare(viewer, book, set(third.principal, 'read'))).status).toBe(403)
    const name = book.split('/').at(-2)
    expect((await callApi(viewer, 'POST', '/links', { collection: name })).status).toBe(403)
    expect((await third.get(await copyOf(viewer, book, 'Jane Doe'))).status).toBe(403)
  })

  it('goes when the viewer deletes it, and when its owner is removed', async () => {
    const { owner, viewer } = await two()
    const path = await putCard(owner, 'jane', [])
    const { path: book } = await peopleBook(server, { viewer, owner, paths: [path] })
    expect(await namesIn(viewer, book)).toEqual(['Jane Doe'])
    expect((await viewer.delete(book)).status).toBe(204)
    expect((await viewer.get(book)).status).toBe(404)
    expect((await owner.get(path)).status).toBe(200)
  })
})

describe('a book of a label', () => {
  it('changes with the labels on the cards, in the same write', async () => {
    const { owner, viewer } = await two()
    await putCard(owner, 'jane', ['CATEGORIES:Lyon,Friends'])
    const joe = await putCard(owner, 'joe', [], 'Joe Doe')
    const { path: book } = await labelBook(server, { viewer, owner, label: 'Lyon' })
    expect(await namesIn(viewer, book)).toEqual(['Jane Doe'])
    await owner.put(joe, card('joe', 'Joe Doe', ['CATEGORIES:Lyon']))
    expect(await namesIn(viewer, book)).toEqual(['Jane Doe', 'Joe Doe'])
    await owner.put(`${owner.contacts}jane.vcf`, card('jane', 'Jane Doe', ['CATEGORIES:Friends']))
    expect(await namesIn(viewer, book)).toEqual(['Joe Doe'])
    expect((await viewer.get(await copyOf(viewer, book, 'Joe Doe'))).text).toContain('CATEGORIES:Lyon')
  })
})

describe('writing through to the card itself', () => {
  it('is refused where nobody may, and no client is told that it may (RFC 3744 §5.4)', async () => {
    const { owner, viewer } = await two()
    const path = await putCard(owner, 'jane', [])
    const { path: book } = await peopleBook(server, { viewer, owner, paths: [path] })
    const copy = await copyOf(viewer, book, 'Jane Doe')
    expect((await viewer.put(copy, card('jane', 'Jane Roe'))).status).toBe(403)
    const privileges = (await viewer.propfind(book, 0, [dav('current-user-privilege-set')])).text
    for (const name of ['write-content', 'bind', 'unbind', 'write-acl'])
      expect(privileges).not.toContain(`:${name}/>`)
  })

  it('changes the card where it is let, and neither makes nor deletes one', async () => {
    const { owner, viewer } = await two()
    const path = await putCard(owner, 'jane', ['NOTE:hidden', 'TEL;TYPE=work:1'])
    const masks = [{ hide: ['NOTE'] }]
    const wanted = { masks, writeThrough: 'always' } as const
    const { path: book } = await peopleBook(server, { viewer, owner, paths: [path] }, wanted)
    const copy = await copyOf(viewer, book, 'Jane Doe')
    const { text, headers } = await viewer.get(copy)
    expect(text).not.toContain('hidden')
    const put = await viewer.put(copy, text.replace('work:1', 'work:2'), { 'If-Match': headers.etag ?? '' })
    expect([put.status, put.headers.etag]).toEqual([204, (await viewer.get(copy)).headers.etag])
    expect((await owner.get(path)).text).toBe(card('jane', 'Jane Doe', ['NOTE:hidden', 'TEL;TYPE=work:2']))
    expect((await viewer.put(copy, text, { 'If-Match': headers.etag ?? '' })).status).toBe(412)
    expect((await viewer.delete(copy)).status).toBe(403)
    const made = await viewer.put(`${book}new.vcf`, card('new'))
    expect([made.status, made.text.includes('need-privileges')]).toEqual([403, true])
    expect(
      (await viewer.request('MOVE', copy, { headers: { Destination: `${viewer.contacts}x.vcf` } })).status,
    ).toBe(403)
  })

  it('by rights asks for those on the book of the card', async () => {
    const { owner, viewer } = await two()
    const path = await putCard(owner, 'jane', ['TEL;TYPE=work:1'])
    const { path: book } = await peopleBook(
      server,
      { viewer, owner, paths: [path] },
      { writeThrough: 'rights' },
    )
    const copy = await copyOf(viewer, book, 'Jane Doe')
    const sent = (await viewer.get(copy)).text.replace('work:1', 'work:2')
    expect((await viewer.put(copy, sent)).status).toBe(403)
    await postShare(owner, owner.contacts, set(viewer.principal, 'read-write'))
    expect((await viewer.put(copy, sent)).status).toBe(204)
    expect((await owner.get(path)).text).toContain('work:2')
  })
})

describe('masks of who has a virtual book', () => {
  it('hide what is not his own, are followed at once, and every device starts afresh', async () => {
    const { owner, viewer } = await two()
    const path = await putCard(owner, 'jane', ['NOTE:secret', 'TITLE:Boss'])
    const { path: book } = await peopleBook(server, { viewer, owner, paths: [path] })
    const copy = await copyOf(viewer, book, 'Jane Doe')
    expect((await viewer.get(copy)).text).toContain('secret')
    const { token } = await viewer.syncAll(book, '')
    await masked(server, { hide: ['NOTE'] }, viewer)
    expect((await viewer.get(book)).text).not.toContain('secret')
    expect((await viewer.get(copy)).text).toContain('Boss')
    await expect(viewer.sync(book, token)).rejects.toThrow('valid-sync-token')
    const own = (await labelBook(server, { viewer: owner, owner })).path
    await masked(server, { hide: ['NOTE'] }, owner)
    expect((await owner.get(own)).text).toContain('secret')
  })
})

describe('of many cards', () => {
  it('a job copies what a write has left over, and nothing of that is news', async () => {
    const { owner, viewer } = await two()
    const count = 300
    for (let at = 0; at < count; at += 1) await putCard(owner, `u${at}`, [], `Jane ${at}`)
    const { book, path } = await labelBook(server, { viewer, owner })
    const { changed, token } = await viewer.syncAll(path, '')
    expect(changed).toHaveLength(count)
    const { store } = server.services
    const through = () =>
      store.read(({ sql }) =>
        sql.first('SELECT through FROM virtual_books WHERE collection_id = $1', [book.collectionId]),
      )
    expect(await through()).toEqual({ through: null })
    await store.write(async (tx) => {
      const parties = await tx.sql.all<{ id: number }>(
        'SELECT party_id AS id FROM placements WHERE collection_id = $1',
        [book.sourceId],
      )
      for (const { id } of parties) tx.touchedParties.add(id)
    })
    expect(await through()).toEqual({ through: 0 })
    await copyBooks.run(server.services, new AbortController().signal, '')
    expect(await through()).toEqual({ through: null })
    expect(await viewer.syncAll(path, token)).toEqual({ changed: [], removed: [], token })
  })
})
