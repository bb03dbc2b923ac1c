import { expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { company, person } from '../features/facts/world.ts'
import { call } from './json.ts'

const server = useServer()

it('the history of a person tells facts by parts, with names in place of ids', async () => {
  const alice = await server.account()
  const [ann, bea, acme] = [
    await person(alice, 'Ann Berg'),
    await person(alice, 'Bea Holm'),
    await company(alice, 'Acme'),
  ]
  const path = `/parties/${ann}`
  await call(alice, 'PATCH', path, { owner: alice.name, roles: ['lead'] })
  await call(alice, 'PATCH', path, { owner: null })
  const job = await call(alice, 'POST', `${path}/memberships`, { organisation: acme, title: 'Clerk' })
  await call(alice, 'PATCH', `${path}/memberships/${job.json.id}`, { title: 'Chief' })
  await call(alice, 'POST', `${path}/relations`, { type: 'friend', other: bea })
  await call(alice, 'POST', '/fields', { type: 'text', label: 'Shoe size', key: 'shoe' })
  expect((await call(alice, 'PATCH', `${path}/fields`, { shoe: '42' })).status).toBe(200)
  const { items } = (await call(alice, 'GET', `${path}/history`)).json
  const facts = items
    .filter(({ type }: { type: string }) => type === 'fact')
    .map(({ fact, summary }: { fact: string; summary: object }) => ({ fact, ...summary }))
  const at = (fact: string, how: string) =>
    facts.find((one: { fact: string; how: string }) => one.fact === fact && one.how === how)
  const text = (value: string) => ({ type: 'text', text: value })
  expect(at('role', 'added')).toMatchObject({ changes: [{ part: 'role', from: null, to: text('lead') }] })
  const owner = { type: 'account', name: alice.name, displayName: alice.name }
  expect(at('owner', 'removed').changes).toEqual([{ part: 'owner', from: owner, to: null }])
  expect(at('membership', 'added')).toMatchObject({
    people: [
      { part: 'partyId', id: ann, name: 'Ann Berg' },
      { part: 'orgId', id: acme, name: 'Acme' },
    ],
    changes: expect.arrayContaining([
      { part: 'orgId', from: null, to: { type: 'party', id: acme, name: 'Acme' } },
      { part: 'title', from: null, to: text('Clerk') },
    ]),
  })
  expect(at('membership', 'changed').changes).toEqual([
    { part: 'title', from: text('Clerk'), to: text('Chief') },
  ])
  expect(at('relation', 'added').people).toContainEqual({ part: 'otherId', id: bea, name: 'Bea Holm' })
  expect(at('field', 'added')).toMatchObject({ field: { label: 'Shoe size' }, changes: [{ to: text('42') }] })
})
