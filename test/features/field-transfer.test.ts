import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importFiles } from '../../src/features/transfer/import.ts'
import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { placedAt } from './people/sessions.ts'
import { collect, rowOf } from './world.ts'

const server = useServer()

type Made = { readonly id: number; readonly key: string; readonly label: string }
let count = 0
const define = async (account: Account, type: string, options = {}, label = ''): Promise<Made> => {
  count += 1
  const wish = { label: label || `Transfer ${count}`, type, options }
  const made = await call(account, 'POST', '/fields', wish)
  expect(made.status, made.text).toBe(201)
  return made.json
}

/** Imports a file of this text, and gives what became of its items. */
async function take(account: Account, name: string, text: string, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'farley-fields-'))
  try {
    const path = join(folder, name)
    writeFileSync(path, text)
    return await collect(importFiles(server.services, await rowOf(server, account), [path], options))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const bookName = (account: Account): string => account.contacts.split('/').at(-2) ?? ''
const exported = async (account: Account, query: string): Promise<string> => {
  const answer = await account.request('GET', `/api/collections/${bookName(account)}/export?${query}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.text
}

/** The only person of an account. */
async function onlyOne(account: Account): Promise<{ id: number; values: Record<string, unknown> }> {
  const { items } = (await call(account, 'GET', '/parties')).json
  expect(items).toHaveLength(1)
  const { values } = (await call(account, 'GET', `/parties/${items[0].id}/fields`)).json
  return { id: items[0].id, values }
}

const choices = [
  { key: 'gold', label: 'Gold' },
  { key: 'odd', label: 'Silver; or, such' },
  { key: 'third', label: 'Third/half' },
]

const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((text) => text.replace(/[\p{C}\s]+/gu, ' ').trim())
  .filter((text) => text !== '')
const text = fc.oneof(
  line,
  line.map((one) => `=${one}`),
  line.map((one) => `'${one}\n-"${one}",;`),
)
const decimal = fc
  .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 3 }))
  .map(([number, digits]) => (number / 10 ** digits).toFixed(digits))
const two = (number: number): string => String(number).padStart(2, '0')
const day = fc
  .tuple(
    fc.option(fc.integer({ min: 1700, max: 2100 })),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(([year, month, date]) => `${year ?? '-'}-${two(month)}-${two(date)}`)
const word = fc.stringMatching(/^[a-z]{1,12}$/)

const anyOf: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  text,
  number: decimal,
  money: fc.record({ amount: decimal, currency: fc.constantFrom('EUR', 'USD', 'CHF') }),
  date: day,
  choice: fc.constantFrom('gold', 'odd', 'third'),
  'multi-choice': fc.subarray(['gold', 'odd', 'third'], { minLength: 1 }),
  'yes-no': fc.boolean(),
  link: word.map((one) => `https://example.org/${one}?q=${one}`),
  phone: fc.stringMatching(/^\+49 30 [1-9]\d{4,8}$/),
  mail: word.map((one) => `${one}@example.org`),
  address: fc.record({
    ...{ street: line, extended: fc.constant(''), locality: line, region: fc.constant(''), postalCode: word },
    country: word,
  }),
  person: line.map((name) => ({ name })),
}

describe('what stands in fields', () => {
  it.each([
    ['a table', 'people.csv', 'format=csv'],
    ['vCards', 'people.vcf', 'format=vcf&fields=1'],
    ['vCards 4.0', 'people.vcf', 'format=vcf&fields=1&version=4.0'],
  ])('comes back out of %s as it was', async (_, name, query) => {
    const owner = await server.account()
    const keys: Record<string, string> = {}
    for (const type of Object.keys(anyOf)) {
      const options = type.endsWith('choice') ? { choices } : {}
      keys[type] = (await define(owner, type, options)).key
    }
    const partly = fc.record(anyOf, { requiredKeys: [] })
    await fc.assert(
      fc.asyncProperty(partly, async (given) => {
        const [alice, bob] = [await server.account(), await server.account()]
        await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane Doe'))
        const { partyId } = await placedAt(server, `${alice.contacts}a.vcf`)
        const values = Object.fromEntries(Object.entries(given).map(([type, value]) => [keys[type], value]))
        const set = await call(alice, 'PATCH', `/parties/${partyId}/fields`, values)
        expect(set.status, set.text).toBe(200)
        const outcomes = await take(bob, name, await exported(alice, query))
        expect(outcomes).toMatchObject([{ kind: 'created', notes: [] }])
        expect((await onlyOne(bob)).values).toEqual(set.json.values)
        const again = await take(alice, name, await exported(alice, query))
        expect(again).toHaveLength(1)
        expect((await onlyOne(alice)).values).toEqual(set.json.values)
      }),
      { numRuns: 15 },
    )
  })

  it('of files comes back too, where the file is read', async () => {
    const alice = await server.account()
    const { key } = await define(alice, 'file')
    await alice.put(`${alice.files}a.txt`, 'octets', { 'Content-Type': 'text/plain' })
    const [{ fileId }] = (await call(alice, 'GET', '/search?q=a.txt&kinds=document')).json.items
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane Doe'))
    const { id } = await onlyOne(alice)
    await call(alice, 'PATCH', `/parties/${id}/fields`, { [key]: { id: fileId } })
    const table = await exported(alice, 'format=csv')
    expect(table).toContain(`#${fileId} a.txt`)
    await call(alice, 'PATCH', `/parties/${id}/fields`, { [key]: null })
    await take(alice, 'a.csv', table)
    expect((await onlyOne(alice)).values).toEqual({ [key]: { id: fileId, name: 'a.txt' } })
    const bob = await server.account()
    expect(await take(bob, 'a.csv', table)).toMatchObject([
      { kind: 'created', notes: [expect.stringContaining('no such file')] },
    ])
    expect((await onlyOne(bob)).values).toEqual({})
  })
})

describe('tables of others', () => {
  it('are read as people of many places write, under names that a field had too; what cannot be read stays', async () => {
    const alice = await server.account()
    const level = await define(alice, 'choice', { choices }, 'Loyalty tier')
    const sum = await define(alice, 'money', { currency: 'EUR' }, 'Umsatzsumme')
    const seen = await define(alice, 'date', {}, 'Letzter Besuch')
    const vip = await define(alice, 'yes-no', {}, 'Wichtig')
    const size = await define(alice, 'number', {}, 'Wuchs')
    await call(alice, 'PATCH', `/fields/${level.id}`, { label: 'Kundenstufe' })
    const rows = (first: string) =>
      `Vorname,Nachname,loyalty tier,Umsatzsumme,Letzter Besuch,Wichtig,Wuchs,Shoe\n${first}\n`
    const outcomes = await take(
      alice,
      'a.csv',
      rows('Ada,Lovelace,GOLD,"1.234,50 €",3.4.2026,ναι,"1.250",42'),
    )
    expect(outcomes).toMatchObject([{ kind: 'created', notes: [] }])
    const { values, id } = await onlyOne(alice)
    expect(values).toEqual({
      ...{ [level.key]: 'gold', [sum.key]: { amount: '1234.50', currency: 'EUR' }, [seen.key]: '2026-04-03' },
      ...{ [vip.key]: true, [size.key]: '1250' },
    })
    const vcard = await exported(alice, 'format=vcf')
    expect(vcard).toContain('X-IMPORTED;X-FIELD=Shoe:42')
    expect(vcard.match(/X-IMPORTED/g)).toHaveLength(1)
    const bad = 'Bob,Roe,Bronze,viel,gestern,manchmal,1.2.3.4x,43'
    const bob = await server.account()
    const tried = await take(bob, 'a.csv', rows(bad), { isTrial: true })
    expect(tried[0]).toMatchObject({ kind: 'created', notes: expect.arrayContaining([]) })
    const outcome = (await take(bob, 'a.csv', rows(bad)))[0]
    expect('notes' in (outcome ?? {}) && outcome && 'notes' in outcome ? outcome.notes : []).toHaveLength(5)
    expect(tried.map((one) => ('notes' in one ? one.notes : []))).toEqual([
      outcome && 'notes' in outcome ? outcome.notes : [],
    ])
    const kept = await exported(bob, 'format=vcf')
    for (const cell of ['Bronze', 'viel', 'gestern', 'manchmal', '1.2.3.4x', '43'])
      expect(kept).toMatch(new RegExp(`X-IMPORTED;X-FIELD=[^:]*:${cell}`))
    expect((await onlyOne(bob)).values).toEqual({})
    expect(id).toBeGreaterThan(0)
  })

  it('change a value of somebody who is there, and nothing that a phone sees, where it stands beside the card', async () => {
    const alice = await server.account()
    const { key, label } = await define(alice, 'text')
    const renewal = await define(alice, 'date')
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane Doe', ['EMAIL:jane@example.org']))
    const options = { keys: ['email'] }
    const etags = new Set<string | undefined>()
    for (const value of ['one', 'two']) {
      await take(alice, 'a.csv', `Name,E-mail,${label}\nJane Doe,jane@example.org,${value}\n`, options)
      expect((await onlyOne(alice)).values).toEqual({ [key]: value })
      etags.add((await alice.get(`${alice.contacts}a.vcf`)).headers.etag)
    }
    expect(etags.size).toBe(1)
    for (const date of ['2026-01-02', '2027-01-02'])
      await take(alice, 'a.csv', `Name,E-mail,${renewal.label}\nJane Doe,jane@example.org,${date}\n`, options)
    expect((await onlyOne(alice)).values).toEqual({ [key]: 'two', [renewal.key]: '2027-01-02' })
    expect((await alice.get(`${alice.contacts}a.vcf`)).text.match(/X-ABDATE/g)).toHaveLength(1)
  })
})
