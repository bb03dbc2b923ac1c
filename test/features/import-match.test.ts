import { describe, expect, it } from 'vitest'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { useFolder } from './folder.ts'
import { importAll, inShort, namesOf } from './world.ts'

const server = useServer()
const folder = useFolder()

const header = 'First Name,Last Name,Email,Mobile Phone'
const table = (...rows: string[]): string => folder.write('a.csv', [header, ...rows].join('\n'))

async function put(alice: Account, uid: string, fn: string, ...extra: string[]): Promise<void> {
  expect((await alice.put(`${alice.contacts}${uid}.vcf`, card(uid, fn, extra))).status).toBe(201)
}

describe('cards that are there are found', () => {
  it('by mail address, number or name, in this order, and patched: the rest of them stays', async () => {
    const alice = await server.account()
    await put(alice, 'ada', 'Ada Lovelace', 'EMAIL:ADA@example.org', 'X-MINE:kept')
    await put(alice, 'bob', 'Robert Kent', 'TEL:0049 171 123')
    await put(alice, 'cy', 'Cy Dee')
    const file = table('A,L,ada@example.org,1', 'B,K,,+49 (171) 123', 'Cy,Dee,cy@example.org,', 'Dan,Dare,,4')
    const outcomes = await importAll(server, alice, [file], { keys: ['email', 'phone', 'name'] })
    expect(inShort(outcomes).slice(0, 3)).toEqual([
      'updated contacts/ada.vcf',
      'updated contacts/bob.vcf',
      'updated contacts/cy.vcf',
    ])
    expect(outcomes.map((one) => ('notes' in one ? one.notes : []))).toEqual([
      ['same email'],
      ['same phone'],
      ['same name'],
      [],
    ])
    const { text } = await alice.get(`${alice.contacts}ada.vcf`)
    expect(text).toContain('X-MINE:kept\r\nTEL;TYPE=CELL:1\r\n')
    expect(text).toContain('UID:ada\r\n')
  })

  it('in another book they are not', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await put(bob, 'ada', 'Ada Lovelace', 'EMAIL:ada@example.org')
    const [first] = await importAll(server, alice, [table('A,L,ada@example.org,1')], { keys: ['email'] })
    expect(first?.kind).toBe('created')
  })

  it('several are told apart by the next key, or passed over with their names', async () => {
    const alice = await server.account()
    await put(alice, 'ada', 'Ada King', 'EMAIL:us@example.org')
    await put(alice, 'bob', 'Bob King', 'EMAIL:us@example.org')
    const file = table('Bob,King,us@example.org,1')
    expect(inShort(await importAll(server, alice, [file], { keys: ['email'] }))).toEqual([
      'skipped 2 Several cards have the same email: ada.vcf, bob.vcf.',
    ])
    expect(inShort(await importAll(server, alice, [file], { keys: ['email', 'name'] }))).toEqual([
      'updated contacts/bob.vcf',
    ])
  })

  it('a vCard that is like one of another UID is brought into it, under the UID that is there', async () => {
    const alice = await server.account()
    await put(alice, 'ada', 'Ada Lovelace', 'EMAIL:ada@example.org')
    const file = folder.write(
      'a.vcf',
      card('other', 'Ada Lovelace', ['EMAIL:ada@example.org', 'TEL;TYPE=CELL:1']),
    )
    expect(inShort(await importAll(server, alice, [file], { keys: ['email'] }))).toEqual([
      'updated contacts/ada.vcf',
    ])
    expect((await alice.get(`${alice.contacts}ada.vcf`)).text).toBe(
      card('ada', 'Ada Lovelace', ['EMAIL:ada@example.org', 'TEL;TYPE=CELL:1']),
    )
  })

  it('rows of the same import find each other, in a trial too', async () => {
    const alice = await server.account()
    const rows = Array.from({ length: 120 }, (_, n) => `P${n},Q,p${n}@example.org,`)
    const file = table(...rows, 'Again,Q,p3@example.org,7', 'And,Q,p119@example.org,8')
    const options = { keys: ['email'] as const }
    const trial = await importAll(server, alice, [file], { ...options, isTrial: true })
    const real = await importAll(server, alice, [file], options)
    expect(real.slice(120).map(({ kind }) => kind)).toEqual(['updated', 'updated'])
    expect(trial.map(({ kind }) => kind)).toEqual(real.map(({ kind }) => kind))
  })
})

describe('what becomes of what is there already', () => {
  it('skip: it stays, and why is told', async () => {
    const alice = await server.account()
    await put(alice, 'ada', 'Ada Lovelace', 'EMAIL:ada@example.org')
    const files = [folder.write('b.vcf', card('ada', 'New Name')), table('X,Y,ada@example.org,1')]
    expect(inShort(await importAll(server, alice, files, { keys: ['email'], onMatch: 'skip' }))).toEqual([
      'skipped 1 It is there already, as ada.vcf: the same UID.',
      'skipped 2 It is there already, as ada.vcf: the same email.',
    ])
    expect((await alice.get(`${alice.contacts}ada.vcf`)).text).toContain('Ada Lovelace')
  })

  it('new: another object beside it, under a UID of its own', async () => {
    const alice = await server.account()
    await put(alice, 'ada', 'Ada Lovelace')
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    const files = [folder.write('a.vcf', card('ada', 'New Name')), folder.write('b.ics', event('e'))]
    const outcomes = await importAll(server, alice, files, { onMatch: 'new' })
    expect(outcomes).toMatchObject([
      { kind: 'created', notes: ['under a new UID'] },
      { kind: 'created', notes: ['under a new UID'] },
    ])
    expect(namesOf(outcomes)[0]).not.toBe('ada.vcf')
    expect((await alice.syncAll(alice.contacts, '')).changed).toHaveLength(2)
    expect((await alice.get(`${alice.contacts}ada.vcf`)).text).toContain('Ada Lovelace')
  })
})
