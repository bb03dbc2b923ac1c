import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { carddav, dav } from '../../protocol/dav/names.ts'
import { reindexAll } from '../../src/features/reindex.ts'
import { restoreFromTrash } from '../../src/features/trash/restore.ts'
import { listTrashEntries } from '../../src/features/trash/trash.ts'
import type { Sql } from '../../storage/database.ts'
import type { Reader, Store } from '../../storage/store.ts'
import { mustSetAcl } from './acls.ts'
import { multigetBody, syncBody } from './client.ts'
import { card } from './objects.ts'
import { addressQueryBody } from './queries.ts'
import { type Account, useServer } from './server.ts'

const server = useServer()

/** As iOS and macOS fold it. */
function photoLine(bytes: Buffer): string {
  const text = `PHOTO;ENCODING=b;TYPE=JPEG:${bytes.toString('base64')}`
  return text.replace(/(.{75})(?=.)/g, '$1\r\n ')
}

const cardWith = (uid: string, bytes: Buffer, more: readonly string[] = []): string =>
  card(uid, 'Zoë Ångström', [...more, photoLine(bytes)])

async function kept(bytes: Buffer): Promise<number> {
  const text = 'SELECT count(*) AS count FROM media WHERE bytes = $1'
  const row = await server.services.store.read(({ sql }) => sql.first<{ count: number }>(text, [bytes]))
  return row?.count ?? 0
}

/** The statements that requests read with. */
async function statementsOf(requests: () => Promise<unknown>): Promise<string[]> {
  const store = server.services.store as { -readonly [K in keyof Store]: Store[K] }
  const read = store.read.bind(store)
  const texts: string[] = []
  const noted = (text: string): string => {
    texts.push(text)
    return text
  }
  const watched = (sql: Sql): Sql => ({
    ...sql,
    all: (text, params) => sql.all(noted(text), params),
    first: (text, params) => sql.first(noted(text), params),
  })
  store.read = (fn) => read((reader: Reader) => fn({ sql: watched(reader.sql) }))
  try {
    await requests()
  } finally {
    store.read = read
  }
  expect(texts.length).toBeGreaterThan(0)
  return texts
}

const ofMedia = (texts: readonly string[]): number =>
  texts.filter((text) => /\bFROM media\b/.test(text)).length

async function rowOf(account: Account) {
  const { findAccount } = await import('../../src/features/accounts/accounts.ts')
  return server.services.store.read((reader) => findAccount(reader, account.name))
}

describe('a large photo (law 1, ABK-05)', () => {
  it('is kept once while its card is edited ten times', async () => {
    const alice = await server.account()
    const photo = randomBytes(1_048_576)
    const path = `${alice.contacts}a.vcf`
    for (let turn = 0; turn < 10; turn += 1) {
      const text = cardWith('a', photo, [`TEL:+49 30 ${turn}`])
      const put = await alice.put(path, text)
      const answer = await alice.get(path)
      expect(answer.text === text).toBe(true)
      expect([put.headers.etag, answer.headers['content-length']]).toEqual([
        answer.headers.etag,
        String(Buffer.byteLength(text)),
      ])
    }
    expect(await kept(photo)).toBe(1)
    const bodies = await server.services.store.read(({ sql }) =>
      sql.first<{ octets: number }>('SELECT CAST(sum(length(bytes)) AS bigint) AS octets FROM bodies'),
    )
    expect(bodies?.octets).toBeLessThan(10_000)
  })

  it('is the same after MOVE and COPY, also to another account, and in what is copied with its book', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const photo = randomBytes(300_000)
    const text = cardWith('a', photo)
    await mustSetAcl(bob, bob.contacts, [{ who: alice.principal, grant: ['read', 'write'] }])
    await alice.put(`${alice.contacts}a.vcf`, text)
    const to = (path: string) => ({ headers: { Destination: path } })
    expect((await alice.request('COPY', alice.contacts, to(`${alice.books}copied/`))).status).toBe(201)
    expect((await alice.request('COPY', `${alice.contacts}a.vcf`, to(`${bob.contacts}b.vcf`))).status).toBe(
      201,
    )
    expect((await alice.request('MOVE', `${alice.contacts}a.vcf`, to(`${alice.contacts}c.vcf`))).status).toBe(
      201,
    )
    const places = [`${alice.books}copied/a.vcf`, `${bob.contacts}b.vcf`, `${alice.contacts}c.vcf`]
    for (const place of places) expect((await alice.get(place)).text === text).toBe(true)
    expect(await kept(photo)).toBe(1)
  })

  it('is the same out of the trash, in an export, and after the index was made anew', async () => {
    const alice = await server.account()
    const photo = randomBytes(300_000)
    const text = cardWith('a', photo)
    await alice.put(`${alice.contacts}a.vcf`, text)
    await alice.delete(`${alice.contacts}a.vcf`)
    const account = await rowOf(alice)
    for await (const { id } of listTrashEntries(server.services.store, account))
      await server.services.store.write((tx) => restoreFromTrash(tx, account, id, server.services))
    const again = await alice.get(`${alice.contacts}a.vcf`)
    expect(again.text === text).toBe(true)
    const counts = await reindexAll(server.services)
    expect([counts.changed, counts.unreadable]).toEqual([0, 0])
    expect((await alice.get(`${alice.contacts}a.vcf`)).headers.etag).toBe(again.headers.etag)
    expect((await alice.get(alice.contacts)).text).toContain(
      text.slice(text.indexOf('PHOTO'), text.indexOf('END:')),
    )
  })

  it('comes with its card in multiget, a page of them in two queries', async () => {
    const alice = await server.account()
    const texts = new Map<string, string>()
    for (let n = 0; n < 20; n += 1)
      texts.set(
        `${alice.contacts}${n}.vcf`,
        cardWith(`u${n}`, n % 2 === 0 ? randomBytes(20_000) : Buffer.alloc(9)),
      )
    for (const [path, text] of texts) await alice.put(path, text)
    const asked = statementsOf(async () => {
      const answer = await alice.report(alice.contacts, multigetBody('addressbook', [...texts.keys()]))
      // XML has one line end.
      for (const [path, text] of texts)
        expect(
          answer.of(path).text(carddav('address-data'))?.replaceAll('\n', '\r\n').replaceAll('\r\r', '\r'),
        ).toBe(text)
    })
    expect((await asked).filter((text) => /\b(body_)?media\b/.test(text))).toHaveLength(2)
  })
})

describe('large photos never make listing or sync slow (issue 4.3)', () => {
  it('as nothing reads them that does not show them', async () => {
    const alice = await server.account()
    for (let n = 0; n < 5; n += 1)
      await alice.put(`${alice.contacts}${n}.vcf`, cardWith(`u${n}`, randomBytes(50_000)))
    const names = [dav('getetag'), dav('getcontentlength'), dav('getcontenttype'), dav('resourcetype')]
    const filters = [
      '<c:prop-filter name="FN"><c:text-match>zoë</c:text-match></c:prop-filter>',
      '<c:prop-filter name="X-NONE"><c:text-match>n</c:text-match></c:prop-filter>',
      '<c:prop-filter name="PHOTO"><c:param-filter name="TYPE"><c:text-match>jpeg</c:text-match></c:param-filter></c:prop-filter>',
      '<c:prop-filter name="PHOTO"/>',
    ]
    const hrefs: number[] = []
    const texts = await statementsOf(async () => {
      await alice.propfind(alice.contacts, 1, names)
      await alice.sync(alice.contacts, '')
      await alice.report(alice.contacts, syncBody('', undefined, names))
      for (const filter of filters)
        hrefs.push((await alice.report(alice.contacts, addressQueryBody([filter]))).hrefs.length)
    })
    expect(hrefs).toEqual([5, 0, 5, 5])
    expect(ofMedia(texts)).toBe(0)
  })

  it('but a filter that looks at the photo itself finds it', async () => {
    const alice = await server.account()
    const photo = randomBytes(5_000)
    await alice.put(`${alice.contacts}a.vcf`, cardWith('a', photo))
    await alice.put(`${alice.contacts}b.vcf`, cardWith('b', randomBytes(5_000)))
    const part = photo.toString('base64').slice(3_000, 3_060)
    const filter = `<c:prop-filter name="PHOTO"><c:text-match>${part}</c:text-match></c:prop-filter>`
    const ask = (text: string) => alice.report(alice.contacts, addressQueryBody([text]))
    expect((await ask(filter)).hrefs).toEqual([`${alice.contacts}a.vcf`])
  })
})

describe('a body of old', () => {
  it('that has its photo in it is served as it is, and parted when it is next written', async () => {
    const alice = await server.account()
    const photo = randomBytes(9_000)
    const path = `${alice.contacts}a.vcf`
    const text = cardWith('a', photo)
    await alice.put(path, text)
    // As 0.1 stored it.
    await server.services.store.write(async ({ sql }) => {
      const found = await sql.first<{ id: number }>(
        "SELECT body_id AS id FROM objects WHERE uid = 'a' AND size = $1",
        [Buffer.byteLength(text)],
      )
      await sql.run('UPDATE bodies SET bytes = $1, media_bytes = 0 WHERE id = $2', [
        Buffer.from(text),
        found?.id,
      ])
      await sql.run('DELETE FROM body_media WHERE body_id = $1', [found?.id])
      await sql.run('DELETE FROM media WHERE bytes = $1', [photo])
    })
    expect((await alice.get(path)).text === text).toBe(true)
    await alice.put(path, cardWith('a', photo, ['NOTE:edited']))
    expect(await kept(photo)).toBe(1)
  })
})
