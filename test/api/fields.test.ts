import { describe, expect, it } from 'vitest'
import { reindexAll } from '../../src/features/reindex.ts'
import { deviceOf } from '../dav/devices.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { placedAt } from '../features/people/sessions.ts'
import { useShares } from '../features/shares.ts'
import { call } from './json.ts'

const server = useServer()
const shares = useShares(server)

let count = 0
/** Fields are of all of the place: each test has its own. */
const define = async (account: Account, type: string, options = {}, more = {}) => {
  count += 1
  const made = await call(account, 'POST', '/fields', { label: `Field ${count}`, type, options, ...more })
  expect([made.status, made.text]).toEqual([201, expect.any(String)])
  return made.json as { id: number; key: string; label: string; version: number; isOnCard: boolean }
}

const somebody = async (account: Account, extra: readonly string[] = []) => {
  const href = `${account.contacts}a.vcf`
  await account.put(href, card('a', 'Jane Doe', extra))
  const { partyId } = await placedAt(server, href)
  return { href, path: `/parties/${partyId}/fields` }
}

const answers = [
  { key: 'gold', label: 'Gold' },
  { key: 'silver', label: 'Silver' },
]

describe('fields of one’s own', () => {
  const values: readonly [type: string, value: unknown, options?: object, read?: unknown][] = [
    ['text', 'any text\nin lines'],
    ['number', '-12.5'],
    ['number', '3.14159'.slice(0, 5), { decimals: 1 }, '3.1'],
    ['money', { amount: '1200.50', currency: 'EUR' }, { currency: 'EUR' }],
    ['date', '2026-12-31'],
    ['date', '--02-29'],
    ['choice', 'gold', { choices: answers }],
    ['multi-choice', ['silver', 'gold'], { choices: answers }],
    ['yes-no', false],
    ['link', 'https://example.org/a?b=c'],
    ['phone', '+49 171 1234567'],
    ['mail', 'jane@example.org'],
    [
      'address',
      { street: 'Rue 1', extended: '', locality: 'Lyon', region: '', postalCode: '69001', country: 'France' },
    ],
    ['person', { name: 'John Roe' }],
  ]

  it.each(values)('hold %s', async (type, value, options = {}, read = value) => {
    const alice = await server.account()
    const { key, isOnCard } = await define(alice, type, options)
    const { href, path } = await somebody(alice)
    const before = await alice.get(href)
    const set = await call(alice, 'PATCH', path, { [key]: value })
    expect([set.status, set.json.values]).toEqual([200, { [key]: read }])
    expect((await call(alice, 'GET', path)).json.values).toEqual({ [key]: read })
    const after = await alice.get(href)
    expect(after.headers.etag === before.headers.etag).toBe(!isOnCard)
    expect((await call(alice, 'PATCH', path, { [key]: null })).json.values).toEqual({})
    expect((await alice.get(href)).text).toBe(before.text)
  })

  it('take nothing that is not of their type, and say which', async () => {
    const alice = await server.account()
    const { key, label } = await define(alice, 'choice', { choices: answers })
    const number = await define(alice, 'number')
    const { path } = await somebody(alice)
    const refused = await call(alice, 'PATCH', path, { [key]: 'bronze' })
    expect([refused.status, refused.json.detail]).toEqual([422, expect.stringContaining(label)])
    expect((await call(alice, 'PATCH', path, { [number.key]: 'many' })).status).toBe(422)
    expect((await call(alice, 'PATCH', path, { unknown: 1 })).status).toBe(422)
    expect((await call(alice, 'POST', '/fields', { label: 'x', type: 'choice' })).status).toBe(422)
    expect((await call(alice, 'POST', '/fields', { label, type: 'text' })).status).toBe(422)
  })

  it('that have a form on cards are edited in the stock phone app', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    const renewal = await define(alice, 'date', {}, { label: 'Renewal' })
    const { href, path } = await somebody(alice)
    await call(alice, 'PATCH', path, { [renewal.key]: '2026-12-31' })
    const { text } = await phone.get(href)
    expect(text).toContain('X-ABLabel:Renewal')
    const edited = text.replace(/(X-ABDATE[^:\r]*):[^\r]*/i, '$1:2027-01-31')
    expect(edited).not.toBe(text)
    expect((await phone.put(href, edited)).status).toBe(204)
    expect((await call(alice, 'GET', path)).json.values).toEqual({ [renewal.key]: '2027-01-31' })
  })

  it('are renamed and retired, and nothing is lost', async () => {
    const alice = await server.account()
    const hotel = await define(alice, 'link', {}, { label: 'Hotel page' })
    const note = await define(alice, 'text')
    const { path } = await somebody(alice)
    await call(alice, 'PATCH', path, { [hotel.key]: 'https://example.org/1', [note.key]: 'kept' })
    const renamed = await call(alice, 'PATCH', `/fields/${hotel.id}`, { label: 'Lodging' })
    expect(renamed.json).toMatchObject({ key: 'hotel-page', label: 'Lodging', formerLabels: ['Hotel page'] })
    expect((await call(alice, 'GET', path)).json.values[hotel.key]).toBe('https://example.org/1')
    await call(alice, 'PATCH', path, { [hotel.key]: 'https://example.org/2' })
    expect((await call(alice, 'GET', path)).json.values[hotel.key]).toBe('https://example.org/2')
    await call(alice, 'PATCH', `/fields/${note.id}`, { isRetired: true })
    expect((await call(alice, 'GET', path)).json.values[note.key]).toBe('kept')
    expect((await call(alice, 'PATCH', path, { [note.key]: 'new' })).status).toBe(422)
    expect((await call(alice, 'DELETE', `/fields/${note.id}`)).status).toBe(422)
    expect((await call(alice, 'PATCH', path, { [note.key]: null })).status).toBe(200)
    const gone = await call(alice, 'DELETE', `/fields/${note.id}`)
    const undone = await call(alice, 'POST', '/history/undo', { request: gone.headers['farley-request'] })
    expect([gone.status, undone.status]).toEqual([204, 200])
    const { fields } = (await call(alice, 'GET', '/fields')).json
    expect(fields.map(({ key }: { key: string }) => key)).toContain(note.key)
  })

  it('keep the answers that may have been given', async () => {
    const alice = await server.account()
    const choice = await define(alice, 'choice', { choices: answers })
    const path = `/fields/${choice.id}`
    expect((await call(alice, 'PATCH', path, { options: { choices: answers.slice(1) } })).status).toBe(422)
    const retired = [{ ...answers[0], isRetired: true }, answers[1]]
    expect((await call(alice, 'PATCH', path, { options: { choices: retired } })).status).toBe(200)
    const colored = [{ ...answers[0], color: '#ff8800' }, answers[1]]
    const shown = await call(alice, 'PATCH', path, { options: { choices: colored } })
    expect([shown.json.options.choices[0].color, shown.json.rights]).toEqual(['#ff8800', { edit: true }])
    const stale = { 'If-Match': `"${choice.version}"` }
    expect((await call(alice, 'PATCH', path, { label: 'other' }, stale)).status).toBe(412)
  })
})

describe('what stands in a field', () => {
  it('is not overwritten where a phone changed it meanwhile, and nobody else changed anything', async () => {
    const alice = await server.account()
    const { key } = await define(alice, 'phone', {}, { label: 'Night bell' })
    const { href, path } = await somebody(alice)
    await call(alice, 'PATCH', path, { [key]: '123' })
    const { etag = '' } = (await call(alice, 'GET', path)).headers
    const { text } = await alice.get(href)
    await alice.put(href, text.replace('123', '456'))
    const refused = await call(alice, 'PATCH', path, { [key]: '789' }, { 'If-Match': etag })
    expect(refused.status).toBe(412)
    const seen = await call(alice, 'GET', path)
    expect(seen.json.values).toEqual({ [key]: '456' })
    const again = await call(alice, 'PATCH', path, { [key]: '789' }, { 'If-Match': seen.headers.etag ?? '' })
    expect(again.json.values).toEqual({ [key]: '789' })
  })

  it('is counted by people, beside cards and on them, of those whom one sees', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const beside = await define(alice, 'text')
    const onCard = await define(alice, 'link', {}, { label: 'Fan page' })
    const { path } = await somebody(alice)
    await call(alice, 'PATCH', path, { [beside.key]: 'a', [onCard.key]: 'https://example.org' })
    const countsOf = async (account: Account): Promise<unknown[]> =>
      (await call(account, 'GET', '/fields/counts')).json.counts.filter(({ id }: { id: number }) =>
        [beside.id, onCard.id].includes(id),
      )
    expect(await countsOf(alice)).toEqual([
      { id: beside.id, people: 1 },
      { id: onCard.id, people: 1 },
    ])
    expect(await countsOf(bob)).toEqual([])
  })
})

describe('who has to do with fields', () => {
  it('sees those of the place, and of the books he reads, and sets them where he may write', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { href, path } = await somebody(alice)
    const book = (await placedAt(server, href)).collectionId
    const own = await define(alice, 'text', {}, { book })
    const everybodys = await define(alice, 'text')
    await call(alice, 'PATCH', path, { [own.key]: 'one', [everybodys.key]: 'two' })
    const keysOf = async (account: Account): Promise<string[]> =>
      (await call(account, 'GET', '/fields')).json.fields.map(({ key }: { key: string }) => key)
    expect(await keysOf(bob)).toContain(everybodys.key)
    expect(await keysOf(bob)).not.toContain(own.key)
    expect((await call(bob, 'GET', path)).status).toBe(404)
    expect((await call(bob, 'PATCH', path, { [everybodys.key]: 'x' })).status).toBe(404)
    expect((await call(bob, 'POST', '/fields', { label: 'mine', type: 'text', book })).status).toBe(404)
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    expect(await keysOf(bob)).toContain(own.key)
    expect((await call(bob, 'GET', path)).json.values).toEqual({ [own.key]: 'one', [everybodys.key]: 'two' })
    expect((await call(bob, 'PATCH', path, { [everybodys.key]: 'x' })).status).toBe(403)
  })
})

describe('values that cards label', () => {
  it('are an index, which reindex makes again', async () => {
    const alice = await server.account()
    await somebody(alice, [
      'item1.URL:https://example.org',
      'item1.X-ABLabel:Blog',
      'item2.X-ABDATE:1604-05-03',
      'item2.X-ABLabel:_$!<Anniversary>!$_',
      'item3.TEL:123',
    ])
    const rows = () =>
      server.services.store.read(({ sql }) =>
        sql.all(
          'SELECT list, label, value FROM labelled_values v JOIN placements p ON p.object_id = v.object_id JOIN collections c ON c.id = p.collection_id JOIN principals y ON y.id = c.principal_id WHERE y.segment = $1 ORDER BY v.id',
          [alice.segment],
        ),
      )
    const before = await rows()
    expect(before).toEqual([
      { list: 'urls', label: 'blog', value: 'https://example.org' },
      { list: 'dates', label: 'anniversary', value: '--05-03' },
    ])
    await server.services.store.write(({ sql }) => sql.run('DELETE FROM labelled_values'))
    await reindexAll(server.services)
    expect(await rows()).toEqual(before)
  })
})
