import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { carddav } from '../../protocol/dav/names.ts'
import { readCardPhoto } from '../../src/features/photos/card-photo.ts'
import { readFittingTexts, withPhotosFor } from '../../src/features/photos/photo-texts.ts'
import { inlinePhotos } from '../../src/features/photos/stored-photos.ts'
import { emptyTrash } from '../../storage/purge.ts'
import { picture } from '../features/photos/pictures.ts'
import { multigetBody, syncBody } from './client.ts'
import { deviceOf } from './devices.ts'
import { card, lines } from './objects.ts'
import { useServer } from './server.ts'

const server = useServer()
const kb = 1_024

let large: Buffer
let other: Buffer
beforeAll(async () => {
  large = await picture(1, { width: 1_600, height: 1_200 }).jpeg({ quality: 98 }).toBuffer()
  other = await picture(2, { width: 1_600, height: 1_200 }).jpeg({ quality: 98 }).toBuffer()
  expect(Math.min(large.length, other.length)).toBeGreaterThan(300 * kb)
})

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('base64')
const line = (bytes: Buffer, parameters = 'ENCODING=b;TYPE=JPEG'): string =>
  `PHOTO;${parameters}:${bytes.toString('base64')}`.replace(/(.{75})(?=.)/g, '$1\r\n ')

/** The first photo of a card. */
function photoIn(text: string) {
  const [photo] = inlinePhotos(text)
  if (!photo?.bytes) throw new Error('there is no photo')
  return { ...photo, bytes: photo.bytes }
}

async function world(photoLine: string) {
  const alice = await server.account()
  const path = `${alice.contacts}a.vcf`
  const text = card('a', 'Zoë Å', ['item1.X-KEEP;P=1:as it was', photoLine, 'NOTE:ß after'])
  expect((await alice.put(path, text)).status).toBe(201)
  return { alice, path, text }
}

describe('a photo is served as the device takes it (issue 4.3, ABK-05)', () => {
  it.each([
    ['apple', 1_024, 224 * kb],
    ['davx5', 720, 256 * kb],
    ['davx5-groups', 720, 256 * kb],
    ['outlook', 648, 128 * kb],
  ] as const)(
    '%s gets one of %i pixels and %i octets at most, everything else the same',
    async (kind, edge, octets) => {
      const { alice, path, text } = await world(line(large))
      const device = await deviceOf(server, alice, kind)
      const got = await device.get(path)
      const { bytes } = photoIn(got.text)
      const { width, height, format } = await sharp(bytes).metadata()
      expect([width, height, format]).toEqual([edge, edge * 0.75, 'jpeg'])
      expect(bytes.length).toBeLessThanOrEqual(octets)
      const without = (card: string): string => card.replace(/PHOTO;(?:.*\r\n[ \t])*.*\r\n/, '')
      expect(without(got.text)).toBe(without(text))
      expect(Math.max(...got.text.split('\r\n').map((each) => Buffer.byteLength(each)))).toBeLessThanOrEqual(
        75,
      )
      const stored = await alice.get(path)
      expect([stored.text === text, stored.headers.etag]).toEqual([true, got.headers.etag])
      const reports = [
        await device.report(alice.contacts, multigetBody('addressbook', [path])),
        await device.report(alice.contacts, syncBody('', undefined, [carddav('address-data')])),
        await device.propfind(path, 0, [carddav('address-data')]),
      ]
      for (const report of reports)
        expect(photoIn(report.of(path).text(carddav('address-data')) ?? '').hash).toBe(photoIn(got.text).hash)
    },
  )

  it.each(['thunderbird', 'evolution', 'kde', 'other', 'auto'] as const)(
    '%s gets it as it is',
    async (kind) => {
      const { alice, path, text } = await world(line(large))
      const device = await deviceOf(server, alice, kind)
      expect(photoIn((await device.get(path)).text).hash).toBe(photoIn(text).hash)
    },
  )

  it('one that is small enough goes as it is, and so does what is no photo', async () => {
    const small = await picture(3, { width: 900, height: 900 }).jpeg({ quality: 50 }).toBuffer()
    const rubbish = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(400 * kb, 'no photo')])
    const uri = 'PHOTO;VALUE=uri:https://example.com/photo.jpg'
    for (const photoLine of [line(small), line(rubbish), line(Buffer.alloc(400 * kb, 'no')), uri]) {
      const { alice, path, text } = await world(photoLine)
      const device = await deviceOf(server, alice, 'apple')
      for (let turn = 0; turn < 2; turn += 1) expect((await device.get(path)).text === text).toBe(true)
    }
  })

  it('a format that not every client shows becomes JPEG, in a data: URI too', async () => {
    const webp = await picture(4, { width: 300, height: 200 }).webp().toBuffer()
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    await alice.put(
      path,
      lines([
        ...['BEGIN:VCARD', 'VERSION:4.0', 'UID:a', 'FN:A'],
        ...[
          `PHOTO;PREF=1;MEDIATYPE=image/webp:data:image/webp;base64,${webp.toString('base64')}`,
          'END:VCARD',
        ],
      ]),
    )
    const device = await deviceOf(server, alice, 'davx5')
    const { text } = await device.get(path)
    expect(text.replaceAll('\r\n ', '')).toContain(
      'PHOTO;PREF=1;MEDIATYPE=image/jpeg:data:image/jpeg;base64,/9j/',
    )
    expect((await sharp(photoIn(text).bytes).metadata()).width).toBe(300)
  })

  it('a crop rectangle fits the copy, or goes where it is about another photo', async () => {
    const crop = (digest: string): string =>
      `X-ABCROP-RECTANGLE=ABClipRect_1&100&50&800&600&${digest};ENCODING=b;TYPE=JPEG`
    const { alice, path } = await world(line(large, crop(md5(large))))
    const device = await deviceOf(server, alice, 'apple')
    const { text } = await device.get(path)
    const digest = md5(photoIn(text).bytes)
    expect(text.replaceAll('\r\n ', '')).toContain(
      `PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&64&32&512&384&${digest};`,
    )
    await alice.put(path, card('a', 'A B', [line(large, crop('WeirdHash=='))]))
    expect((await device.get(path)).text).not.toContain('ABCROP')
  })

  it('also where the device sees lists of people in its own way (issue 4.2)', async () => {
    const { alice, path, text } = await world(line(large))
    await alice.put(`${alice.contacts}b.vcf`, card('b', 'B C', ['CATEGORIES:Friends', line(other)]))
    const device = await deviceOf(server, alice, 'apple')
    for (let turn = 0; turn < 2; turn += 1) {
      const report = await device.report(
        alice.contacts,
        multigetBody('addressbook', [path, `${alice.contacts}b.vcf`]),
      )
      for (const href of report.hrefs)
        expect(photoIn(report.of(href).text(carddav('address-data')) ?? '').size).toBeLessThan(224 * kb)
      for (const href of report.hrefs)
        expect(photoIn((await device.get(href)).text).size).toBeLessThan(224 * kb)
    }
    const seen = (await device.get(`${alice.contacts}b.vcf`)).text
    expect(seen).not.toContain('CATEGORIES')
    await device.put(`${alice.contacts}b.vcf`, seen.replace('FN:B C', 'FN:B D'))
    const stored = (await alice.get(`${alice.contacts}b.vcf`)).text
    expect([
      photoIn(stored).bytes.equals(other),
      stored.includes('FN:B D'),
      stored.includes('Friends'),
    ]).toEqual([true, true, true])
    expect((await alice.get(path)).text === text).toBe(true)
  })

  it('is made once for all who ask at once, kept, and goes with the original', async () => {
    const single = await picture(9, { width: 1_500, height: 1_100 }).jpeg({ quality: 98 }).toBuffer()
    const { alice, path } = await world(line(single))
    const device = await deviceOf(server, alice, 'apple')
    const bodies = await Promise.all(Array.from({ length: 6 }, () => device.get(path)))
    expect(new Set(bodies.map(({ text }) => photoIn(text).hash)).size).toBe(1)
    const count = async (): Promise<number> => {
      const rows = await server.services.store.read(({ sql }) =>
        sql.all("SELECT 1 FROM scaled_media WHERE size_class LIKE '1024%' AND hash = $1", [
          createHash('sha256').update(single).digest('hex'),
        ]),
      )
      return rows.length
    }
    expect(await count()).toBe(1)
    await alice.delete(path)
    const owner = await server.services.store.read(({ sql }) =>
      sql.first<{ id: number }>('SELECT id FROM principals WHERE name = $1', [alice.name]),
    )
    await server.services.store.write((tx) => emptyTrash(tx, owner?.id ?? 0))
    expect(await count()).toBe(0)
  })
})

describe('a smaller copy that comes back does not replace the original (issue 4.3)', () => {
  it.each(['apple', 'davx5', 'outlook'] as const)(
    'from %s, with its own card as it was served',
    async (kind) => {
      const { alice, path, text } = await world(line(large))
      const device = await deviceOf(server, alice, kind)
      const got = await device.get(path)
      const same = await device.put(path, got.text, { 'If-Match': got.headers.etag ?? '' })
      expect([same.status, same.headers.etag]).toEqual([204, got.headers.etag])
      expect((await alice.get(path)).text === text).toBe(true)
      // Its own folding and order of parameters, and an edit.
      const [head = '', tail = ''] = got.text.split(/PHOTO;(?:.*\r\n[ \t])*.*\r\n/)
      const { bytes } = photoIn(got.text)
      const edited = `${head}TEL:+49 30 1\r\nPHOTO;TYPE=JPEG;ENCODING=b:${bytes.toString('base64')}\r\n${tail}`
      const put = await device.put(path, edited)
      expect([put.status, put.headers.etag]).toEqual([204, undefined])
      const stored = await alice.get(path)
      expect(photoIn(stored.text).hash).toBe(photoIn(text).hash)
      expect(stored.text).toContain('TEL:+49 30 1\r\n')
      expect(photoIn((await device.get(path)).text).hash).toBe(photoIn(got.text).hash)
    },
  )

  it('from a phone that encodes it again, whatever the version (DVX, Android)', async () => {
    const { alice, path, text } = await world(line(large))
    const device = await deviceOf(server, alice, 'davx5')
    const again = await sharp(photoIn((await device.get(path)).text).bytes)
      .jpeg({ quality: 70 })
      .toBuffer()
    const put = await device.put(
      path,
      lines([
        ...['BEGIN:VCARD', 'VERSION:4.0', 'UID:a', 'FN:Zoë Å', 'TEL:1'],
        ...[`PHOTO:data:image/jpeg;base64,${again.toString('base64')}`, 'END:VCARD'],
      ]),
    )
    expect([put.status, put.headers.etag]).toEqual([204, undefined])
    const stored = (await alice.get(path)).text
    expect(stored).toContain('VERSION:4.0\r\n')
    expect(stored.replaceAll('\r\n ', '')).toContain(
      `PHOTO:data:image/jpeg;base64,${large.toString('base64')}\r\n`,
    )
    expect(photoIn(stored).hash).toBe(photoIn(text).hash)
  })

  it('beside what the device cannot hold, and its edits (protective merge)', async () => {
    const { alice, path, text } = await world(line(large))
    const device = await deviceOf(server, alice, 'davx5')
    const got = await device.get(path)
    const again = await sharp(photoIn(got.text).bytes).jpeg({ quality: 80 }).toBuffer()
    const sent = card('a', 'Zoë Å', ['TEL:+49 30 2', line(again), 'NOTE:ß edited'])
    await device.put(path, sent, { 'If-Match': got.headers.etag ?? '' })
    const stored = (await alice.get(path)).text
    expect(photoIn(stored).hash).toBe(photoIn(text).hash)
    for (const kept of ['TEL:+49 30 2', 'NOTE:ß edited']) expect(stored).toContain(`${kept}\r\n`)
  })

  it('the crop that Apple chose for the copy holds for the original', async () => {
    const { alice, path } = await world(line(large))
    const device = await deviceOf(server, alice, 'apple')
    const { text } = await device.get(path)
    const { bytes } = photoIn(text)
    const cropped = `X-ABCROP-RECTANGLE=ABClipRect_1&64&32&512&384&${md5(bytes)};ENCODING=b;TYPE=JPEG`
    await device.put(path, card('a', 'Zoë Å', [line(bytes, cropped)]))
    const stored = (await alice.get(path)).text
    expect(photoIn(stored).bytes.equals(large)).toBe(true)
    expect(stored.replaceAll('\r\n ', '')).toContain(
      `X-ABCROP-RECTANGLE=ABClipRect_1&100&50&800&600&${md5(large)};`,
    )
    // Sent again as it is served, it stays to the pixel.
    await device.put(path, (await device.get(path)).text)
    expect((await alice.get(path)).text === stored).toBe(true)
  })

  it('another picture replaces it, none takes it away, and clients without limits decide for themselves', async () => {
    const { alice, path, text } = await world(line(large))
    const device = await deviceOf(server, alice, 'davx5')
    const { bytes } = photoIn((await device.get(path)).text)
    const small = await sharp(other).resize(720).jpeg().toBuffer()
    const put = await device.put(path, card('a', 'Zoë Å', [line(small)]))
    expect([put.status, put.headers.etag !== undefined]).toEqual([204, true])
    expect(photoIn((await alice.get(path)).text).bytes.equals(small)).toBe(true)
    await alice.put(path, text)
    const etag = (await device.get(path)).headers.etag ?? ''
    await device.put(path, card('a', 'Zoë Å'), { 'If-Match': etag })
    expect((await alice.get(path)).text).not.toContain('PHOTO')
    await alice.put(path, text)
    await alice.put(path, card('a', 'Zoë Å', [line(bytes)]))
    expect(photoIn((await alice.get(path)).text).bytes.equals(bytes)).toBe(true)
  })

  it('is judged against the card that is there when it is stored', async () => {
    const { alice, path } = await world(line(large))
    const device = await deviceOf(server, alice, 'davx5')
    const copy = card('a', 'Zoë Å', [line(photoIn((await device.get(path)).text).bytes)])
    const statuses = await Promise.all([
      device.put(path, copy),
      alice.put(path, card('a', 'Changed', ['NOTE:no photo'])),
      device.put(path, copy),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([204, 204, 204])
    const { text } = await alice.get(path)
    const copied = photoIn(copy).bytes.length
    expect([0, copied]).toContain(inlinePhotos(text)[0]?.bytes?.length ?? 0)
  })
})

describe('the photo of a card', () => {
  const rowsOf = ({ name }: { readonly name: string }) =>
    server.services.store.read(({ sql }) =>
      sql.all<{ id: number; bodyId: number; mediaType: null }>(
        `SELECT o.id, o.body_id AS "bodyId", o.media_type AS "mediaType" FROM objects o
         JOIN collections c ON c.id = o.collection_id JOIN principals p ON p.id = c.principal_id
         WHERE p.name = $1 ORDER BY o.name`,
        [name],
      ),
    )

  it('is there at any size, and not where a card has none', async () => {
    const { alice } = await world(line(large))
    await alice.put(`${alice.contacts}b.vcf`, card('b', 'B C', ['PHOTO;VALUE=uri:https://example.com/b.jpg']))
    const { services } = server
    const [withPhoto, without] = await rowsOf(alice)
    if (!withPhoto || !without) throw new Error('they were not stored')
    expect(await readCardPhoto(services, without)).toBeUndefined()
    expect(await readCardPhoto(services, withPhoto)).toEqual({ bytes: large, mediaType: 'image/jpeg' })
    const small = await readCardPhoto(services, withPhoto, { octets: 20_000, edge: 96 })
    expect(small).toMatchObject({ mediaType: 'image/jpeg', width: 96, height: 72 })
    expect(small?.bytes.length).toBeLessThan(20_000)
  })

  it('is made smaller in a text that was read already, and then stands in it when it is read', async () => {
    const { alice, text } = await world(line(large))
    const { services } = server
    const limits = { octets: 30_000, edge: 120 }
    const rows = await rowsOf(alice)
    const [id = 0] = rows.map((row) => row.id)
    const read = () => services.store.read((reader) => readFittingTexts(reader, rows, limits))
    const before = await read()
    expect(before.get(id) === text).toBe(true)
    const made = await withPhotosFor(services, new Map([...before, [-1, card('x', 'No Photo')]]), limits)
    expect(photoIn(made.get(id) ?? '').size).toBeLessThan(30_000)
    expect(made.get(-1)).toBe(card('x', 'No Photo'))
    expect(await read()).toEqual(new Map([[id, made.get(id)]]))
  })

  it('with a byte order mark before its card keeps it', async () => {
    const { alice, path } = await world(line(other))
    await alice.put(path, `\ufeff${card('a', 'A B', [line(large)])}`)
    const device = await deviceOf(server, alice, 'apple')
    for (let turn = 0; turn < 2; turn += 1) {
      const { body, text } = await device.get(path)
      expect([...body.subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x42])
      expect(photoIn(text).size).toBeLessThan(224 * kb)
    }
  })
})

describe('a bomb', () => {
  it('is stored and served as it came, and holds nobody up', async () => {
    const bomb = { create: { width: 9_000, height: 9_000, channels: 3, background: '#123' } } as const
    const noise = await picture(5, { width: 400, height: 400 }).png().toBuffer()
    const bytes = Buffer.concat([await sharp(bomb).png().toBuffer(), noise])
    expect(bytes.length).toBeGreaterThan(224 * kb)
    const { alice, path, text } = await world(line(bytes, 'ENCODING=b;TYPE=PNG'))
    const device = await deviceOf(server, alice, 'apple')
    expect((await device.get(path)).text === text).toBe(true)
    await device.put(path, text.replace('ß after', 'edited'))
    expect((await alice.get(path)).text).toContain('NOTE:edited')
  })
})
