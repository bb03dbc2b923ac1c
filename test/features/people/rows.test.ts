import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { Sql } from '../../../storage/database.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import { call } from '../../api/json.ts'
import { card } from '../../dav/objects.ts'
import { useServer } from '../../dav/server.ts'
import { picture } from '../photos/pictures.ts'

const server = useServer()

/** So many statements a request reads with. */
async function statementsOf(request: () => Promise<unknown>): Promise<number> {
  const store = server.services.store as { -readonly [K in keyof Store]: Store[K] }
  const read = store.read.bind(store)
  let count = 0
  const counted = (sql: Sql): Sql => ({
    ...sql,
    all: (text, params) => {
      count += 1
      return sql.all(text, params)
    },
  })
  store.read = (fn) => read((reader: Reader) => fn({ ...reader, sql: counted(reader.sql) }))
  try {
    await request()
  } finally {
    store.read = read
  }
  expect(count).toBeGreaterThan(0)
  return count
}

async function photoLine(edge: number): Promise<string> {
  const octets = await picture(1, { width: edge, height: edge }).jpeg().toBuffer()
  return `PHOTO;ENCODING=b;TYPE=JPEG:${octets.toString('base64')}`
}

describe('a row of the list of people', () => {
  it('has the first number and address of the cards, their labels, and where the photo is', async () => {
    const alice = await server.account()
    const lines = ['TEL;TYPE=CELL:+49 1', 'TEL:2', 'EMAIL:Jane@example.org', 'EMAIL:j@example.org']
    await alice.put(
      `${alice.contacts}a.vcf`,
      card('a', 'Jane', [...lines, 'CATEGORIES:Press,Friends', await photoLine(600)]),
    )
    await alice.put(`${alice.contacts}b.vcf`, card('b', 'Kate'))
    const { json } = await call(alice, 'GET', '/parties')
    expect(json.items).toMatchObject([
      {
        phone: '+49 1',
        mail: 'Jane@example.org',
        labels: ['Friends', 'Press'],
        photo: expect.any(Number),
        photoVersion: expect.stringMatching(/^\w{8,}$/),
        cards: [{ mayWrite: true }],
      },
      { phone: '', mail: '', labels: [], photo: null, photoVersion: null },
    ])
    const [{ photo, photoVersion }] = json.items
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane', [await photoLine(500)]))
    const [jane] = (await call(alice, 'GET', '/parties')).json.items
    expect(jane.photo === photo && jane.photoVersion !== photoVersion).toBe(true)
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane', [await photoLine(600)]))
    const whole = await alice.request('GET', `/api/cards/${photo}/photo`)
    const small = await alice.request('GET', `/api/cards/${photo}/photo?size=96`)
    expect((await sharp(whole.body).metadata()).width).toBe(600)
    expect((await sharp(small.body).metadata()).width).toBe(96)
    expect((await alice.request('GET', `/api/cards/${photo}/photo?size=5000`)).status).toBe(422)
  })

  it('costs as many statements for many people as for one', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}p0.vcf`, card('p0', 'Person', ['TEL:1', 'CATEGORIES:A']))
    const one = await statementsOf(() => call(alice, 'GET', '/parties?limit=100'))
    for (let n = 1; n < 30; n += 1)
      await alice.put(`${alice.contacts}p${n}.vcf`, card(`p${n}`, 'Person', ['TEL:1', 'CATEGORIES:A']))
    const many = await statementsOf(() => call(alice, 'GET', '/parties?limit=100'))
    expect(many).toBe(one)
  })
})
