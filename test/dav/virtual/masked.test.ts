import { describe, expect, it } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import { mustSetAcl } from '../acls.ts'
import { putCard } from '../birthdays/birthdays.ts'
import { card } from '../objects.ts'
import { type Account, useServer } from '../server.ts'
import { cardFaces, changeMask, findsValue, masked, sharedWith, takeFrom } from './masked.ts'

const server = useServer()

const secret = ['TEL;TYPE=home,cell:+49 170 5550199', 'NOTE:Strictly-between-us', 'BDAY:1977-07-17']
const open = ['TEL;TYPE=work:+49 30 1234', 'EMAIL:jane@example.org']
const hide = ['TEL;TYPE=home', 'NOTE', 'BDAY']
const leak = /5550199|Strictly|1977-?07-?17/

async function world() {
  const [owner, sharee] = [await server.account(), await server.account()]
  const path = await putCard(owner, 'jane', [...secret, ...open])
  return {
    owner,
    sharee,
    path,
    text: card('jane', 'Jane Doe', [...secret, ...open]),
    seen: card('jane', 'Jane Doe', open),
  }
}

describe('a book of another that is seen through a mask', () => {
  it('shows nothing of what is hidden by any request, to who has it shared', async () => {
    const { owner, sharee } = await world()
    const mask = await masked(server, { hide }, sharee)
    const book = await sharedWith(owner, sharee)
    expect((await sharee.get(`${book}jane.vcf`)).text).toBe(card('jane', 'Jane Doe', open))
    for (const [face, text] of await cardFaces(sharee, book)) expect(text, face).not.toMatch(leak)
    expect([...(await cardFaces(owner, owner.contacts)).values()].join('')).toMatch(leak)
    expect(await findsValue(sharee, book, 'NOTE', 'between')).toBe(0)
    expect(await findsValue(sharee, book, 'TEL', '5550199')).toBe(0)
    expect(await findsValue(sharee, book, 'EMAIL', 'jane')).toBe(1)
    await takeFrom(server, mask, sharee)
    expect((await sharee.get(`${book}jane.vcf`)).text).toMatch(leak)
  })

  it('nor to who is let in by a list of rights, at the address of its owner', async () => {
    const { owner, sharee } = await world()
    await mustSetAcl(owner, owner.contacts, [{ who: sharee.principal, grant: ['read', 'write'] }])
    expect((await sharee.get(`${owner.contacts}jane.vcf`)).text).toMatch(leak)
    await masked(server, { hide }, sharee)
    for (const [face, text] of await cardFaces(sharee, owner.contacts)) expect(text, face).not.toMatch(leak)
    expect((await sharee.get(`${owner.contacts}jane.vcf`)).status).toBe(200)
    await mustSetAcl(owner, owner.books, [{ who: sharee.principal, grant: ['read'] }])
    expect((await sharee.propfind(owner.books, 1, [dav('displayname')])).hrefs).toContain(owner.contacts)
    expect((await sharee.delete(owner.contacts)).status).toBe(403)
  })

  it('is not left by copying or moving out of it', async () => {
    const { owner, sharee, path } = await world()
    await masked(server, { hide }, sharee)
    const book = await sharedWith(owner, sharee)
    const to = `${sharee.contacts}copied.vcf`
    expect((await sharee.request('COPY', `${book}jane.vcf`, { headers: { Destination: to } })).status).toBe(
      201,
    )
    expect((await sharee.get(to)).text).not.toMatch(leak)
    const whole = `${sharee.books}whole/`
    expect((await sharee.request('COPY', book, { headers: { Destination: whole } })).status).toBe(201)
    expect((await sharee.get(whole)).text).not.toMatch(leak)
    const moved = `${sharee.contacts}moved.vcf`
    await sharee.delete(to)
    expect(
      (await sharee.request('MOVE', `${book}jane.vcf`, { headers: { Destination: moved } })).status,
    ).toBe(201)
    expect((await sharee.get(moved)).text).not.toMatch(leak)
    expect((await owner.get(path)).status).toBe(404)
  })

  it('begins anew for every device when the mask changes', async () => {
    const { owner, sharee } = await world()
    const mask = await masked(server, { hide }, sharee)
    const book = await sharedWith(owner, sharee)
    const { token } = await sharee.syncAll(book, '')
    await changeMask(server, mask, { hide: [], only: ['EMAIL'] })
    await expect(sharee.sync(book, token)).rejects.toThrow('valid-sync-token')
    expect((await sharee.get(`${book}jane.vcf`)).text).toBe(
      card('jane', 'Jane Doe', ['EMAIL:jane@example.org']),
    )
  })
})

describe('writing through a mask', () => {
  async function sharedWorld() {
    const all = await world()
    await masked(server, { hide }, all.sharee)
    return { ...all, book: await sharedWith(all.owner, all.sharee) }
  }

  async function etagAt(account: Account, path: string): Promise<string> {
    return (await account.get(path)).headers.etag ?? ''
  }

  it('changes nothing where what was given is put (RFC 6352 §6.3.2)', async () => {
    const { owner, sharee, path, seen, book } = await sharedWorld()
    const before = await etagAt(owner, path)
    const mine = `${book}jane.vcf`
    const put = await sharee.put(mine, seen, { 'If-Match': await etagAt(sharee, mine) })
    expect([put.status, put.headers.etag]).toEqual([204, await etagAt(sharee, mine)])
    expect(await etagAt(owner, path)).toBe(before)
  })

  it('changes what is seen, keeps the rest, and tells the entity tag of what is seen then', async () => {
    const { owner, sharee, path, text, seen, book } = await sharedWorld()
    const mine = `${book}jane.vcf`
    const sent = seen.replace('+49 30 1234', '+49 30 9999')
    const put = await sharee.put(mine, sent, { 'If-Match': await etagAt(sharee, mine) })
    expect(put.status).toBe(204)
    expect((await owner.get(path)).text).toBe(text.replace('+49 30 1234', '+49 30 9999'))
    const now = await sharee.get(mine)
    expect([now.text, now.headers.etag]).toEqual([sent, put.headers.etag])
  })

  it('keeps what is added under the mask, and tells no entity tag then (RFC 6352 §6.3.2.3)', async () => {
    const { owner, sharee, path, seen, book } = await sharedWorld()
    const mine = `${book}jane.vcf`
    const sent = seen.replace('END:VCARD', 'TEL;TYPE=home:+1 555 777\r\nEND:VCARD')
    const put = await sharee.put(mine, sent)
    expect([put.status, put.headers.etag]).toEqual([204, undefined])
    expect((await sharee.get(mine)).text).toBe(seen)
    const stored = (await owner.get(path)).text
    for (const line of [...secret, ...open, 'TEL;TYPE=home:+1 555 777']) expect(stored).toContain(line)
  })

  it('judges If-Match by what is seen, and holds what was refused, also for applying it', async () => {
    const { owner, sharee, path, seen, book } = await sharedWorld()
    const mine = `${book}jane.vcf`
    const stale = await etagAt(sharee, mine)
    await owner.put(path, card('jane', 'Jane Doe', [...secret, ...open, 'TITLE:Boss']))
    const refused = await sharee.put(mine, seen.replace('jane@', 'j@'), { 'If-Match': stale })
    expect(refused.status).toBe(412)
    const { held } = JSON.parse((await sharee.request('GET', '/api/held')).text)
    const [one] = held
    const shown = await sharee.request('GET', `/api/held/${one.id}`)
    expect([shown.status, leak.test(shown.text)]).toEqual([200, false])
    const applied = await sharee.request('POST', `/api/held/${one.id}/apply`, {
      headers: { 'Content-Type': 'application/json' },
      body: '{"replace": true}',
    })
    expect([applied.status, leak.test(applied.text)]).toEqual([200, false])
    const stored = (await owner.get(path)).text
    for (const line of [...secret, 'EMAIL:j@example.org']) expect(stored).toContain(line)
  })

  it('a change of what is hidden is none for whoever does not see it', async () => {
    const { owner, sharee, path, text, book } = await sharedWorld()
    const before = await sharee.syncAll(book, '')
    await owner.put(path, text.replace('between-us', 'between-you-and-me'))
    expect(await sharee.syncAll(book, before.token)).toEqual({
      changed: [],
      removed: [],
      token: before.token,
    })
  })

  it('makes, renames and deletes cards of the book itself', async () => {
    const { owner, sharee, book } = await sharedWorld()
    const made = await sharee.put(`${book}new.vcf`, card('new', 'New One', ['EMAIL:new@example.org']))
    expect([made.status, made.headers.etag !== undefined]).toEqual([201, true])
    expect((await owner.get(`${owner.contacts}new.vcf`)).headers.etag).toBe(made.headers.etag)
    const hidden = await sharee.put(`${book}hid.vcf`, card('hid', 'Hid', ['NOTE:mine']))
    expect([hidden.status, hidden.headers.etag]).toEqual([201, undefined])
    expect((await owner.get(`${owner.contacts}hid.vcf`)).text).toContain('NOTE:mine')
    const to = { headers: { Destination: `${book}renamed.vcf` } }
    expect((await sharee.request('MOVE', `${book}jane.vcf`, to)).status).toBe(201)
    expect((await owner.get(`${owner.contacts}renamed.vcf`)).text).toMatch(leak)
    expect((await sharee.get(`${book}renamed.vcf`)).status).toBe(200)
    expect((await sharee.get(`${book}jane.vcf`)).status).toBe(404)
    expect((await sharee.delete(`${book}renamed.vcf`)).status).toBe(204)
    expect((await owner.get(`${owner.contacts}renamed.vcf`)).status).toBe(404)
  })

  it('is refused where the share only reads', async () => {
    const { owner, sharee, seen } = await world()
    await masked(server, { hide }, sharee)
    const book = await sharedWith(owner, sharee, 'read')
    expect((await sharee.put(`${book}jane.vcf`, seen)).status).toBe(403)
    expect((await sharee.delete(`${book}jane.vcf`)).status).toBe(403)
  })
})
