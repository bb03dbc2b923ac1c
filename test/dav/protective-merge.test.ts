import { describe, expect, it, vi } from 'vitest'
import { convertCard } from '../../protocol/vcard/convert.ts'
import { findTree } from '../../storage/collections.ts'
import { findPosition } from '../../storage/held/merge-bases.ts'
import { findObject, readBody } from '../../storage/objects.ts'
import { purgeExpired } from '../../storage/purge.ts'
import { listRevisions, type RevisionRow } from '../../storage/revisions.ts'
import { type Device, deviceOf } from './devices.ts'
import { type Account, type TestServer, useServer } from './server.ts'

function card(version: '3.0' | '4.0', ...lines: string[]): string {
  return [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    'UID:u',
    'FN:Ann Doe',
    'N:Doe;Ann;;;',
    ...lines,
    'END:VCARD',
    '',
  ].join('\r\n')
}

const rich = card(
  '4.0',
  'TEL;PROP-ID=T1;TYPE=home:+1 555',
  'CATEGORIES:VIP',
  'X-CUSTOMER:42',
  'GENDER:F',
  'NOTE:n',
)

/** What an iPhone makes of that card in 3.0, after its user has changed the number. */
const fromPhone = card('3.0', 'TEL;type=HOME;type=VOICE;type=pref:+1 666', 'NOTE:n')

/** The entity tag that a device is told: what an iPhone sees has no CATEGORIES, and so another one. */
async function etagFor(device: Device, { contacts }: Account): Promise<string> {
  return (await device.get(`${contacts}u.vcf`)).headers.etag ?? ''
}

async function stored(account: Account): Promise<{ text: string; etag: string }> {
  const answer = await account.get(`${account.contacts}u.vcf`)
  return { text: answer.text, etag: answer.headers.etag ?? '' }
}

async function revisionsOf({ services }: TestServer, account: Account): Promise<RevisionRow[]> {
  return services.store.read(async (reader) => {
    const book = (await findTree(reader, account.segment, 'addressbooks', 'contacts'))?.collection
    const object = book && (await findObject(reader, book.id, 'u.vcf'))
    return object ? listRevisions(reader, object.id) : []
  })
}

describe('RFC 6352 §6.3.2.3 a card that a device cannot hold whole', () => {
  const server = useServer()

  it('keeps what an iPhone cannot hold, takes its edit, and tells no entity tag (ABK-07)', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    await alice.put(`${alice.contacts}u.vcf`, rich)
    const etag = await etagFor(phone, alice)
    const answer = await phone.put(`${alice.contacts}u.vcf`, fromPhone, { 'If-Match': etag })
    expect(answer.status).toBe(204)
    expect(answer.headers.etag).toBeUndefined()
    const after = await stored(alice)
    expect(after.text).toBe(rich.replace('555', '666'))
    expect(await etagFor(phone, alice)).not.toBe(etag)
  })

  it('keeps what was sent in the revision, until that is purged', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    await alice.put(`${alice.contacts}u.vcf`, rich)
    await phone.put(`${alice.contacts}u.vcf`, fromPhone, { 'If-Match': await etagFor(phone, alice) })
    const [last, first] = await revisionsOf(server, alice)
    expect(first?.sentBodyId).toBeNull()
    expect(last?.deviceId).toBe(phone.id)
    const { store } = server.services
    const sent = last?.sentBodyId
    if (!sent) throw new Error('Nothing was kept.')
    expect((await store.read((reader) => readBody(reader, sent)))?.toString()).toBe(fromPhone)
    await alice.put(`${alice.contacts}u.vcf`, card('4.0', 'NOTE:last'))
    const never = Number.MAX_SAFE_INTEGER
    const retention = { trashBefore: 0, tombstonesBefore: 0, eventsBefore: 0, notificationsBefore: 0 }
    await store.write((tx) =>
      purgeExpired(tx, { ...retention, revisionsBefore: never, keepRevisions: 1, batch: 10_000 }),
    )
    expect(await store.read((reader) => readBody(reader, sent))).toBeUndefined()
  })

  it('changes nothing when a device sends back what it was given', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}u.vcf`, rich)
    const { syncToken } = await alice.sync(alice.contacts, '')
    const phone = await deviceOf(server, alice, 'apple')
    const etag = await etagFor(phone, alice)
    const before = await stored(alice)
    const given = convertCard(rich.replace('CATEGORIES:VIP\r\n', ''), '3.0')
    const same = await phone.put(`${alice.contacts}u.vcf`, given, { 'If-Match': etag })
    expect([same.status, same.headers.etag]).toEqual([204, etag])
    const own = await phone.put(`${alice.contacts}u.vcf`, fromPhone.replace('666', '555'), {
      'If-Match': etag,
    })
    expect([own.status, own.headers.etag]).toEqual([204, undefined])
    expect(await stored(alice)).toEqual(before)
    expect(before.text).toBe(rich)
    expect((await alice.sync(alice.contacts, '')).syncToken).toBe(syncToken)
  })

  it('gives the entity tag where the outcome is what was sent', async () => {
    const alice = await server.account()
    const thunderbird = await deviceOf(server, alice, 'thunderbird')
    await alice.put(`${alice.contacts}u.vcf`, rich)
    const { etag } = await stored(alice)
    const answer = await thunderbird.put(`${alice.contacts}u.vcf`, rich.replace('555', '666'), {
      'If-Match': etag,
    })
    expect(answer.headers.etag).toBe((await stored(alice)).etag)
    expect(answer.headers.etag).not.toBe(etag)
  })

  it('RFC 9110 §13.1.1 refuses what names an older entity tag', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    await alice.put(`${alice.contacts}u.vcf`, rich)
    const { etag } = await stored(alice)
    await alice.put(`${alice.contacts}u.vcf`, rich.replace('NOTE:n', 'NOTE:m'))
    expect((await phone.put(`${alice.contacts}u.vcf`, fromPhone, { 'If-Match': etag })).status).toBe(412)
    expect((await stored(alice)).text).toContain('NOTE:m')
  })

  it('stores as it was sent what an unknown device sends, and one that is told so', async () => {
    const alice = await server.account()
    const devices = [
      await deviceOf(server, alice),
      await deviceOf(server, alice, 'other'),
      await deviceOf(server, alice, 'apple', false),
    ]
    for (const phone of devices) {
      await alice.put(`${alice.contacts}u.vcf`, rich)
      const etag = await etagFor(phone, alice)
      const answer = await phone.put(`${alice.contacts}u.vcf`, fromPhone, { 'If-Match': etag })
      expect(await etagFor(phone, alice)).toBe(answer.headers.etag)
      // The lists of people are nobody's to lose by silence.
      const kept = phone === devices[2] ? 'CATEGORIES:VIP\r\n' : ''
      expect((await stored(alice)).text).toBe(fromPhone.replace('END:', `${kept}END:`))
    }
  })

  it('refuses an edit of the UID as ever (DVX-10)', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    await alice.put(`${alice.contacts}u.vcf`, rich)
    const etag = await etagFor(phone, alice)
    const path = `${alice.contacts}u.vcf`
    expect((await phone.put(path, fromPhone.replace('UID:u', 'UID:v'), { 'If-Match': etag })).status).toBe(
      403,
    )
    const prefixed = fromPhone.replace('UID:u', 'UID:urn:uuid:u')
    expect((await phone.put(path, prefixed, { 'If-Match': etag })).status).toBe(204)
    expect((await stored(alice)).text).toBe(rich.replace('555', '666'))
  })
})

describe('RFC 6352 §6.3.2 a device that names no entity tag (TBA-09)', () => {
  const server = useServer()

  /** The device is given the token, and comes back with it. */
  async function syncs(thunderbird: Device, alice: Account): Promise<void> {
    const { syncToken = '' } = await thunderbird.sync(alice.contacts, '')
    await thunderbird.sync(alice.contacts, syncToken)
    const { store } = server.services
    const tree = await store.read((reader) => findTree(reader, alice.segment, 'addressbooks', 'contacts'))
    const book = tree?.collection
    if (!book) throw new Error('There is no book.')
    const reached = (): Promise<number | undefined> =>
      store.read((reader) => findPosition(reader, thunderbird.id, book.id))
    await vi.waitFor(async () => expect(await reached()).toBe(book.feedChange))
  }

  it('is merged against what it had when it last came with a token', async () => {
    const alice = await server.account()
    const thunderbird = await deviceOf(server, alice, 'thunderbird')
    await alice.put(`${alice.contacts}u.vcf`, rich)
    await syncs(thunderbird, alice)
    const web = rich
      .replace('GENDER:F\r\n', 'GENDER:F\r\nURL:https://example.com\r\n')
      .replace('VIP', 'VIP,New')
    await alice.put(`${alice.contacts}u.vcf`, web)
    const answer = await thunderbird.put(`${alice.contacts}u.vcf`, rich.replace('555', '666'))
    expect([answer.status, answer.headers.etag]).toEqual([204, undefined])
    expect((await stored(alice)).text).toBe(web.replace('555', '666'))
  })

  it('is merged against what it sent itself since', async () => {
    const alice = await server.account()
    const thunderbird = await deviceOf(server, alice, 'thunderbird')
    const path = `${alice.contacts}u.vcf`
    await thunderbird.put(path, rich)
    await alice.put(path, rich.replace('GENDER:F', 'GENDER:F\r\nROLE:Chair'))
    await thunderbird.put(path, rich.replace('NOTE:n\r\n', ''))
    expect((await stored(alice)).text).toBe(
      rich.replace('GENDER:F', 'GENDER:F\r\nROLE:Chair').replace('NOTE:n\r\n', ''),
    )
    await thunderbird.put(path, rich.replace('NOTE:n\r\n', '').replace('555', '777'))
    expect((await stored(alice)).text).toContain('ROLE:Chair')
    expect((await stored(alice)).text).toContain('777')
  })

  it('is stored as it was sent where it is not known what it had', async () => {
    const alice = await server.account()
    const thunderbird = await deviceOf(server, alice, 'thunderbird')
    await alice.put(`${alice.contacts}u.vcf`, rich)
    const sent = card('4.0', 'NOTE:n')
    const answer = await thunderbird.put(`${alice.contacts}u.vcf`, sent)
    expect(await stored(alice)).toEqual({ text: sent, etag: answer.headers.etag })
  })

  it('takes away what its user takes away', async () => {
    const alice = await server.account()
    const thunderbird = await deviceOf(server, alice, 'thunderbird')
    await alice.put(`${alice.contacts}u.vcf`, rich)
    await syncs(thunderbird, alice)
    await thunderbird.put(`${alice.contacts}u.vcf`, rich.replace('CATEGORIES:VIP\r\n', ''))
    expect((await stored(alice)).text).toBe(rich.replace('CATEGORIES:VIP\r\n', ''))
  })
})
