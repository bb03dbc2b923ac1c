import { describe, expect, it } from 'vitest'
import { type CardLine, changed, type Lines, newLine } from '../../protocol/vcard/convert/line.ts'
import { readDetails } from '../../protocol/vcard/edit/read-details.ts'
import { type Device, deviceOf } from '../dav/devices.ts'
import { type Account, useServer } from '../dav/server.ts'
import { fixture } from '../protocol/vcard/files.ts'
import { type Dialect, sentBy, servedTo, zoo } from '../protocol/vcard/merge/zoo.ts'
import { call } from './json.ts'

const server = useServer()
const kinds = ['apple', 'davx5', 'thunderbird'] as const

interface Put {
  readonly device: Device
  readonly dialect: Dialect
  readonly url: string
  readonly accept: { readonly Accept: string }
}

/** A card as a program of the kind has written it, in the book of an account. */
async function putBy(kind: (typeof kinds)[number], account: Account): Promise<Put> {
  const dialect = zoo.find((one) => one.kind === kind)
  if (!dialect) throw new Error(`There is no ${kind} in the zoo.`)
  const device = await deviceOf(server, account, kind)
  const url = `${account.contacts}${kind}.vcf`
  const text = kind === 'thunderbird' ? fixture('thunderbird.vcf') : fixture('apple-person.vcf')
  const { status } = await device.put(url, sentBy(dialect, servedTo(dialect, text)))
  expect(status).toBe(201)
  return { device, dialect, url, accept: { Accept: `text/vcard;version=${dialect.version}` } }
}

async function idAt(account: Account, url: string): Promise<number> {
  const name = url.slice(account.contacts.length)
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ id: number }>('SELECT max(id) AS id FROM objects WHERE name = $1', [name]),
  )
  return row?.id ?? 0
}

/** An ordinary change on a device: another number, and a word more in the note. */
const onDevice = (lines: Lines): Lines => [
  ...lines.map((line): CardLine => {
    return line.name === 'NOTE' ? changed(line, { value: `${line.value} On the road.` }) : line
  }),
  newLine('TEL', '+46 70 999', [{ name: 'TYPE', values: ['WORK'] }]),
]

describe('a card of a program, edited on the web and then on its device again', () => {
  it.each(kinds)('loses nothing of either: %s', async (kind) => {
    const alice = await server.account()
    const { device, dialect, url, accept } = await putBy(kind, alice)
    // What the device is not told of stays too.
    const stored = (await alice.get(url)).text
    await alice.put(url, stored.replace('END:VCARD', 'X-CUSTOMER;LEVEL=1:42\r\nEND:VCARD'))
    const token = (await device.syncAll(alice.contacts, '')).token
    const path = `/cards/${await idAt(alice, url)}`
    const before = (await call(alice, 'GET', path)).json.details
    const edits = [
      { op: 'employer', title: 'Director', role: 'Board' },
      { op: 'add', list: 'phones', value: '+46 8 1', label: 'Boat' },
      { op: 'add', list: 'related', value: { name: 'Kim Berg' }, types: ['friend'] },
      { op: 'add', list: 'dates', value: { year: 2030, month: 1, day: 2 }, label: 'Renewal' },
      { op: 'change', list: 'mails', key: before.mails[0].key, value: 'new@example.org' },
    ]
    const edited = await call(alice, 'PATCH', path, { edits })
    expect(edited.status).toBe(200)
    expect((await device.syncAll(alice.contacts, token)).changed).toEqual([url])
    const served = await device.get(url, accept)
    const sent = sentBy(dialect, served.text, onDevice)
    const put = await device.put(url, sent, { 'If-Match': served.headers.etag ?? '' })
    expect(put.status).toBe(204)
    const { json } = await call(alice, 'GET', path)
    const after = json.details
    const values = (list: string) => after[list].map(({ value }: { value: unknown }) => value)
    expect(values('titles')).toEqual(['Director'])
    expect(values('roles')).toEqual(['Board'])
    expect(values('mails')).toContain('new@example.org')
    expect(values('mails')).toHaveLength(before.mails.length)
    expect(values('phones')).toEqual(expect.arrayContaining(['+46 8 1', '+46 70 999']))
    expect(after.phones).toHaveLength(before.phones.length + 2)
    expect(after.phones.find(({ value }: { value: string }) => value === '+46 8 1').label).toBe('Boat')
    expect(
      after.related.map(({ value, types }: { value: { name: string }; types: string[] }) => [
        value.name,
        types,
      ]),
    ).toContainEqual(['Kim Berg', ['friend']])
    expect(after.dates).toMatchObject([
      ...before.dates.map(() => ({})),
      { label: 'Renewal', value: { year: 2030 } },
    ])
    expect(after.birthday).toEqual(before.birthday)
    expect(after.addresses.map(({ value }: { value: unknown }) => value)).toEqual(
      before.addresses.map(({ value }: { value: unknown }) => value),
    )
    expect(after.others).toEqual(before.others)
    const text = (await alice.get(url)).text
    expect(text).toContain('X-CUSTOMER;LEVEL=1:42\r\n')
    expect(
      readDetails(text)
        .notes.map(({ value }) => value)
        .join(),
    ).toMatch(before.notes.length > 0 ? /On the road\./ : /^$/)
    expect(after.name).toEqual(before.name)
    expect(after.categories).toEqual(before.categories)
  })
})
