import { expect } from 'vitest'
import { recordedPrincipal } from '../../../src/features/accounts/record.ts'
import { findBookable } from '../../../src/features/accounts/rooms.ts'
import { writeMask } from '../../../src/features/masks/edit-masks.ts'
import { addRole, changingHolders } from '../../../src/features/team/edit-roles.ts'
import { mustFindByName } from '../../../src/features/team/team-roles.ts'
import { setBookableTraits } from '../../../storage/principals.ts'
import { addHolder } from '../../../storage/roles/team-roles.ts'
import { call, type JsonAnswer } from '../../api/json.ts'
import { group, room } from '../../dav/directory.ts'
import { filesOf } from '../../dav/files/files.ts'
import { card, event } from '../../dav/objects.ts'
import type { Account, TestServer } from '../../dav/server.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { company, idOf as partyOf, person } from '../facts/world.ts'
import { idOf } from '../history/world.ts'
import { rowOf } from '../world.ts'

/** A firm about whose people everything is known. */
export interface Firm {
  readonly alice: Account
  readonly bob: Account
  readonly jane: number
  readonly merged: number
}

/** A room of which it is known what it was like before. */
async function furnished(server: TestServer): Promise<void> {
  await room(server, 'attic')
  await server.services.store.write(async (tx) => {
    const { id } = await findBookable(tx, 'room', 'attic')
    await recordedPrincipal(tx, id, { kind: 'job' }, () => setBookableTraits(tx, id, { capacity: 4 }))
  })
}

/** Fills a server with people of two colleagues, and one of every kind of fact. */
export async function makeFirm(server: TestServer): Promise<Firm> {
  const [alice, bob] = [await server.account({ name: 'alice' }), await server.account({ name: 'bob' })]
  const { clock } = server
  const { ask } = asking(alice, clock)
  await group(server, 'team', alice, bob)
  await ask('PATCH', '/account', { language: 'en' })
  await furnished(server)
  await sharedWith(alice, bob)
  await masked(server, { hide: ['NOTE'] }, bob)
  const acme = await company(alice, 'Acme', ['EMAIL:info@acme.example'])
  const holding = await company(alice, 'Acme Holding')
  const jane = await person(alice, 'Jane', [
    ...[
      'ORG:Acme',
      'TITLE:CEO',
      'EMAIL:jane@acme.example',
      'CATEGORIES:friend',
      'RELATED;TYPE=spouse;VALUE=text:John',
    ],
  ])
  const john = await person(alice, 'John', ['EMAIL:john@example.org'])
  await ask('PATCH', `/parties/${jane}`, { owner: 'bob', roles: ['customer', 'press'] })
  await ask('PATCH', `/parties/${jane}`, { roles: ['customer'] })
  await ask('POST', `/parties/${acme}/parents`, { organisation: holding, kind: 'branch', from: '2020-01-01' })
  await ask('POST', `/parties/${john}/memberships`, {
    organisation: acme,
    title: 'Clerk',
    from: '2019-05-01',
  })
  await ask('POST', `/parties/${john}/relations`, { type: 'friend', other: jane })
  await ask('PUT', `/parties/${john}/cadence`, { everyDays: 90 })
  const { calendars } = await ask('GET', '/calendars')
  await ask('PATCH', `/calendars/${calendars[0].id}`, { title: 'Visits' })
  await tied(server, alice, john)
  await written(server, { alice, bob }, [jane, john])
  await inFields(server, alice, jane)
  await ask('POST', '/grants', {
    what: { kind: 'person', party: jane },
    with: 'bob',
    masks: [{ hide: ['TEL'] }],
  })
  await ask('POST', '/grants', { what: { kind: 'label', label: 'friend' }, with: 'team' })
  await ask('POST', '/shares', { collection: 'contacts', with: 'team' })
  await ask('POST', `/files/${await nodeOf(server, 'offers')}/shares`, { with: 'team', access: 'read' })
  for (const org of ['Nobody', 'Initech'])
    await alice.put(`${alice.contacts}ann.vcf`, card('ann', 'Ann', [`ORG:${org}`]))
  const filter = {
    all: [{ field: 'works-at', organisation: acme }, { not: { field: 'owner', op: 'is', who: 'bob' } }],
  }
  await ask('POST', '/lists', { name: 'Of Acme', filter })
  await ask('PATCH', '/labels/friend', { color: '#ff0000' })
  await ask('POST', '/labels', { name: 'Nobody yet', color: '#00ff00' })
  const merged = await twins(server, alice)
  await asTheyWere(server, alice)
  await inRoles(server, bob)
  return { alice, bob, jane, merged }
}

/** Requests that have to go well, each a minute after the one before where there is a clock. */
export function asking(account: Account, clock = { now: 0 }) {
  return {
    ask: async (method: string, path: string, body?: unknown): Promise<JsonAnswer['json']> => {
      clock.now += 60_000
      const answer = await call(account, method, path, body)
      expect([method, path, answer.status < 300, answer.text]).toEqual([method, path, true, answer.text])
      return answer.json
    },
  }
}

async function tied(server: TestServer, alice: Account, john: number): Promise<void> {
  const { clock } = server
  const { ask } = asking(alice, clock)
  await alice.put(`${alice.calendar}e.ics`, event('e', ['ATTENDEE:mailto:john@example.org']))
  await ask('POST', `/parties/${john}/links`, {
    kind: 'object',
    id: await idOf(server, `${alice.calendar}e.ics`),
  })
  await ask('POST', `/parties/${john}/tasks`, { summary: 'Call John' })
  await filesOf(alice).make('offers/', 'offers/john.txt')
  const id = await nodeOf(server, 'john.txt')
  const link = await ask('POST', `/parties/${john}/links`, { kind: 'file', id })
  await ask('DELETE', `/party-links/${link.id}`)
  await ask('POST', `/parties/${john}/links`, { kind: 'file', id })
}

export async function nodeOf({ services }: TestServer, name: string): Promise<number> {
  const text = 'SELECT id FROM nodes WHERE name = $1'
  const row = await services.store.read(({ sql }) => sql.first<{ id: number }>(text, [name]))
  return row?.id ?? 0
}

async function written(
  { clock }: TestServer,
  { alice, bob }: Pick<Firm, 'alice' | 'bob'>,
  parties: readonly number[],
): Promise<void> {
  const { ask } = asking(alice, clock)
  const [jane] = parties
  const html = '<p>About <strong>money</strong>, says <span data-mention="bob">Bob</span></p>'
  const note = await ask('POST', '/activities', { kind: 'note', html, parties, isPinned: true })
  await ask('POST', '/activities', {
    kind: 'call',
    direction: 'in',
    outcome: 'no',
    minutes: 3,
    parties: [jane],
  })
  await ask('POST', '/activities', {
    kind: 'note',
    html: 'us',
    visibility: 'team',
    team: 'team',
    parties: [jane],
  })
  await ask('POST', '/activities', { kind: 'note', html: 'mine', visibility: 'private', parties: [jane] })
  const gone = await ask('POST', '/activities', { kind: 'visit', html: 'gone', parties })
  await ask('DELETE', `/activities/${gone.id}`)
  const evidence = { kind: 'activity', id: note.id }
  await ask('POST', `/parties/${jane}/consents`, {
    channel: 'email',
    purpose: 'News',
    state: 'given',
    evidence,
  })
  const his = { kind: 'note', html: 'only his', visibility: 'private', parties: [jane] }
  await asking(bob, clock).ask('POST', '/activities', his)
}

async function inRoles(server: TestServer, bob: Account): Promise<void> {
  const { id: holder } = await rowOf(server, bob)
  await server.services.store.write(async (tx) => {
    const ofBook = `SELECT c.id FROM collections c WHERE c.principal_id = $1 AND c.kind = 'addressbook' AND c.generated IS NULL`
    const book = await tx.sql.first<{ id: number }>(ofBook, [holder])
    const job = { kind: 'job' } as const
    await writeMask(tx, 'of one book', { hide: ['NOTE'], books: [book?.id ?? 0] }, job)
    await addRole(tx, { name: 'sellers', capabilities: ['merge'], masks: ['of one book'] }, job)
    const sellers = await mustFindByName(tx, 'sellers')
    await changingHolders(tx, sellers, job, () => addHolder(tx, sellers.id, holder))
    await tx.sql.run(
      "UPDATE team_roles SET capabilities = 'export merge', version = 2 WHERE built_in = 'everyone'",
    )
  })
}

async function inFields(server: TestServer, alice: Account, jane: number): Promise<void> {
  const { clock } = server
  const { ask } = asking(alice, clock)
  const choices = ['red', 'blue'].map((key) => ({ key, label: key.toUpperCase() }))
  await ask('POST', '/fields', { label: 'Colour', type: 'choice', options: { choices } })
  await ask('POST', '/fields', { label: 'Budget', type: 'money', options: { currency: 'EUR' } })
  await ask('POST', '/fields', { label: 'Contract', type: 'file' })
  await ask('POST', '/fields', { label: 'Assistant', type: 'person' })
  const { id } = await ask('POST', '/fields', { label: 'Old', type: 'text' })
  const values = {
    colour: 'red',
    budget: { amount: '12.50', currency: 'EUR' },
    old: 'so',
    assistant: { name: 'Al' },
  }
  await ask('PATCH', `/parties/${jane}/fields`, values)
  await ask('PATCH', `/parties/${jane}/fields`, {
    contract: { id: await nodeOf(server, 'john.txt') },
    colour: 'blue',
  })
  await ask('PATCH', `/fields/${id}`, { isRetired: true, label: 'Older' })
}

/** Two who were merged, with something known of each. @returns the merge */
async function twins({ clock }: TestServer, alice: Account): Promise<number> {
  const { ask } = asking(alice, clock)
  const survivor = await person(alice, 'Anna Doe', ['EMAIL:anna@example.org'])
  const loser = await person(alice, 'Anna M. Doe', ['EMAIL:anna@example.org', 'TEL:+4930123'])
  await ask('PATCH', `/parties/${loser}`, { roles: ['supplier'] })
  await ask('POST', '/activities', { kind: 'note', html: 'of the loser', parties: [loser] })
  await ask('POST', `/parties/${loser}/relations`, { type: 'child', name: 'Tim' })
  return (await ask('POST', '/merges', { survivor, loser })).id
}

/** People who are not the same, somebody in the trash, and one who has two cards. */
async function asTheyWere({ clock }: TestServer, alice: Account): Promise<void> {
  const { ask } = asking(alice, clock)
  for (const uid of ['homonym-1', 'homonym-2'])
    await alice.put(`${alice.contacts}${uid}.vcf`, card(uid, 'Homer Nym', ['EMAIL:homer@example.org']))
  const { items } = await ask('GET', '/duplicates')
  await ask('POST', `/duplicates/${items[0].id}/not-same`)
  await alice.put(`${alice.contacts}gone.vcf`, card('gone', 'Gone', ['ORG:Nowhere']))
  await ask('PATCH', `/parties/${await partyOf(alice, 'Gone')}`, { roles: ['lead'] })
  await alice.delete(`${alice.contacts}gone.vcf`)
  await alice.request('MKCOL', `${alice.books}second/`, {
    headers: { 'Content-Type': 'application/xml' },
    body: '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>',
  })
  await alice.put(`${alice.books}second/homer.vcf`, card('homonym-1', 'Homer Nym'))
}
