import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import { createAccount, findAccount } from '../../src/features/accounts/accounts.ts'
import { findOwnCollection } from '../../src/features/accounts/own-collection.ts'
import { prepareObject } from '../../src/features/objects.ts'
import { storeObject } from '../../src/features/store-object.ts'
import { createFollower } from '../../src/follow.ts'
import { findObject } from '../../storage/objects.ts'
import { card } from '../dav/objects.ts'
import { openTestStore, type TestStore } from '../store.ts'

let world: TestStore
const statements: string[] = []
beforeAll(async () => {
  world = await openTestStore({
    beforeStatement: (text) => statements.push(text),
    beforeCommit: createFollower({ settings: defaults, newId: randomUUID }),
  })
  await world.store.write((tx) => createAccount(tx, { name: 'jane' }, defaults, randomUUID))
})
afterAll(() => world[Symbol.asyncDispose]())

/** Stores a card as a request does. @returns the statements from the lookup of the member to the end of the write */
async function put(extra: readonly string[]): Promise<readonly string[]> {
  const book = await world.store.read(async (reader) =>
    findOwnCollection(reader, await findAccount(reader, 'jane'), 'contacts'),
  )
  const object = prepared(extra)
  statements.length = 0
  await world.store.write(async (tx) => {
    const existing = await findObject(tx, book.id, 'a.vcf')
    const origin = { kind: 'client' } as const
    const request = { collection: book, name: 'a.vcf', object, existing, origin, hrefOf: () => '' }
    await storeObject(tx, request, defaults)
  })
  return [...statements]
}

function prepared(extra: readonly string[]) {
  return prepareObject('addressbook', Buffer.from(card('a', 'Jane Doe', extra)), defaults, 0)
}

describe('a card that somebody stores', () => {
  it('costs few statements, whatever depends on cards: each of them is paid for by every phone', async () => {
    const job = ['ORG:Acme', 'TITLE:Head', 'EMAIL:jane@acme.example']
    expect((await put(job)).length).toBeLessThanOrEqual(24)
    expect((await put([...job, 'NOTE:1'])).length).toBeLessThanOrEqual(17)
    const said = await put([...job, 'NOTE:2', 'TEL:+49 30 1234567'])
    expect(said.length).toBeLessThanOrEqual(19)
    expect(said.filter((text) => text.includes('match_keys'))).toEqual([])
  })

  it('leaves the rows of its index that say the same', async () => {
    const url = ['item1.URL:https://jane.example', 'item1.X-ABLabel:Shop']
    await put(['EMAIL:a@jane.example', 'EMAIL:a@jane.example', 'TEL:+49 30 1111111', ...url])
    const before = await rowsOf('contact_fields')
    expect(await rowsOf('labelled_values')).toHaveLength(1)
    const said = ['EMAIL:a@jane.example', 'TEL:+49 30 2222222', 'ORG:Acme']
    await put(said)
    const after = await rowsOf('contact_fields')
    const { contact = [] } = prepared(said).index
    expect(after.map(told).sort()).toEqual(contact.map(told).sort())
    const kept = after.filter(({ id }) => before.some((row) => row.id === id))
    expect(kept.map(told).sort()).toEqual(
      contact
        .filter(({ kind }) => !['tel', 'phone', 'org'].includes(kind))
        .map(told)
        .sort(),
    )
    expect(await rowsOf('labelled_values')).toEqual([])
  })
})

interface Row {
  readonly id?: number
  readonly kind: string
  readonly value: string
  readonly folded: string
}

function rowsOf(table: string): Promise<Row[]> {
  return world.store.read(({ sql }) => sql.all<Row>(`SELECT * FROM ${table}`))
}

function told({ kind, value, folded }: Row): string {
  return [kind, value, folded].join(' ')
}
