import { describe, expect, it } from 'vitest'
import { putCard } from '../dav/birthdays/birthdays.ts'
import { group, join } from '../dav/directory.ts'
import { type Account, useServer } from '../dav/server.ts'
import { namesIn } from '../dav/virtual/books.ts'
import { partyAt } from '../features/people/merge-world.ts'
import { call } from './json.ts'

const server = useServer()

interface Seeing {
  readonly by: string
  readonly title: string
  readonly who: { readonly name: string }
  readonly access: string
  readonly isMasked: boolean
  readonly isMine: boolean
}

async function seenBy(account: Account, party: number): Promise<unknown[]> {
  const { json } = await call(account, 'GET', `/parties/${party}/access`)
  return json.items.map(({ by, title, who, access, isMasked, isMine }: Seeing) => [
    ...[by, title, who.name, access, isMasked, isMine],
  ])
}

describe('who sees somebody', () => {
  it('is told by what: a book, a label, a list, himself, and for as long as he is in it', async () => {
    const [owner, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const { name: team } = await group(server, `team${Math.random()}`)
    await join(server, team, bob.name)
    const jane = await putCard(owner, 'jane', ['CATEGORIES:Friend'])
    const party = await partyAt(server, jane)
    expect(await seenBy(owner, party)).toEqual([])
    const name = owner.contacts.split('/').at(-2) ?? ''
    await call(owner, 'POST', '/shares', { collection: name, with: carol.name, access: 'read-write' })
    const masks = [{ hide: ['NOTE'] }]
    const filter = { field: 'name', op: 'begins', text: 'Jane' }
    const list = (await call(owner, 'POST', '/lists', { name: 'Janes', filter })).json.id
    for (const [what, receiver] of [
      [{ kind: 'person', party }, bob.name],
      [{ kind: 'label', label: 'Friend' }, team],
      [{ kind: 'label', label: 'Foe' }, bob.name],
      [{ kind: 'list', list }, bob.name],
    ] as const)
      expect(
        (
          await call(owner, 'POST', '/grants', {
            ...{ what, with: receiver },
            // Who is in a list with masks is found out when it is looked at.
            ...(what.kind !== 'list' && { masks }),
          })
        ).status,
      ).toBe(201)
    const title = (await call(owner, 'GET', '/books')).json.books[0].title
    expect(await seenBy(owner, party)).toEqual([
      ['book', title, carol.name, 'read-write', false, true],
      ['person', '', bob.name, 'read', true, true],
      ['label', 'Friend', team, 'read', true, true],
      ['list', 'Janes', bob.name, 'read', false, true],
    ])
    expect(await seenBy(bob, party)).toContainEqual([
      'owner',
      expect.any(String),
      owner.name,
      'read-write',
      false,
      false,
    ])
    await putCard(owner, 'jane', [], 'Joan Doe')
    expect((await seenBy(owner, party)).map((row) => (row as string[])[0])).toEqual(['book', 'person'])
    expect((await call(await server.account(), 'GET', `/parties/${party}/access`)).status).toBe(404)
  })
})

describe('a whole book that is shared with something hidden', () => {
  it('is a book of copies, as long as it is shared, and lets lines be changed that are seen', async () => {
    const [owner, bob] = [await server.account(), await server.account()]
    await putCard(owner, 'jane', ['NOTE:secret'])
    const book = owner.contacts.split('/').at(-2) ?? ''
    const masks = [{ hide: ['NOTE'] }]
    const made = await call(owner, 'POST', '/grants', { what: { kind: 'book', book }, with: bob.name, masks })
    expect([made.status, made.json.what, made.json.version]).toEqual([
      201,
      { kind: 'book', book },
      expect.any(Number),
    ])
    const [received] = (await call(bob, 'GET', '/grants/received')).json.books
    const path = `${bob.books}${received.name}/`
    expect(await namesIn(bob, path)).toEqual(['Jane Doe'])
    await putCard(owner, 'joe', [], 'Joe Doe')
    expect(await namesIn(bob, path)).toEqual(['Jane Doe', 'Joe Doe'])
    const party = await partyAt(server, `${owner.contacts}jane.vcf`)
    expect((await seenBy(owner, party))[0]).toMatchObject([
      'book',
      expect.any(String),
      bob.name,
      'read',
      true,
      true,
    ])
    expect((await call(owner, 'DELETE', `/grants/${made.json.id}`)).status).toBe(204)
    expect((await call(bob, 'GET', '/grants/received')).json.books).toEqual([])
  })
})

describe('a card as it is with something hidden', () => {
  it('is shown before it is shared, and by rules that are such', async () => {
    const owner = await server.account()
    await putCard(owner, 'jane', [
      'NOTE:secret',
      'TEL;TYPE=home,cell:+1 555 0100',
      'TEL;TYPE=work:+1 555 0200',
    ])
    const id = (await call(owner, 'GET', '/parties')).json.items[0].cards[0].id
    const asked = (query: Record<string, string>) =>
      call(owner, 'GET', `/cards/${id}/masked?${new URLSearchParams(query)}`)
    const { details } = (await asked({ hide: 'NOTE,TEL;TYPE=cell+home' })).json
    expect([details.fn, details.notes, details.phones.map(({ value }: { value: string }) => value)]).toEqual([
      'Jane Doe',
      [],
      ['+1 555 0200'],
    ])
    const only = (await asked({ only: 'NOTE' })).json.details
    expect([only.fn, only.notes.length, only.phones]).toEqual(['Jane Doe', 1, []])
    expect((await asked({ hide: 'FN' })).status).toBe(422)
  })
})
