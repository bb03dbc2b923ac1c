import { describe, expect, it } from 'vitest'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { putCard } from '../dav/birthdays/birthdays.ts'
import { useServer } from '../dav/server.ts'
import { sharedWith } from '../dav/virtual/masked.ts'
import { call } from './json.ts'

const server = useServer()

describe('masks over the API', () => {
  it('are made, given, changed, taken and removed by who runs the place, and hold at once', async () => {
    const [root, owner, sharee] = await Promise.all([1, 2, 3].map(() => server.account()))
    if (!root || !owner || !sharee) throw new Error('Not enough accounts.')
    await server.services.store.write(async (tx) => makeAdministrator(tx, await findAccount(tx, root.name)))
    await putCard(owner, 'jane', ['NOTE:secret', 'TITLE:Boss'])
    const book = await sharedWith(owner, sharee)
    const seen = async (): Promise<string> => (await sharee.get(`${book}jane.vcf`)).text
    expect((await call(sharee, 'GET', '/masks')).status).toBe(403)
    expect((await call(sharee, 'PUT', '/masks/mine', { hide: ['NOTE'] })).status).toBe(403)
    const wrong = await call(root, 'PUT', '/masks/sales', { hide: ['FN'] })
    expect([wrong.status, wrong.json.detail]).toEqual([422, expect.stringContaining('"FN"')])
    const made = await call(root, 'PUT', '/masks/sales', { hide: ['NOTE'] })
    expect([made.status, made.json]).toEqual([200, { name: 'sales', hide: ['NOTE'], holders: [] }])
    expect(await seen()).toContain('secret')
    const given = await call(root, 'POST', '/masks/sales/holders', { name: sharee.name })
    const held = { name: sharee.name, kind: 'user' }
    expect(given.json.holders).toMatchObject([held])
    const role = await call(root, 'POST', '/team-roles', {
      name: 'Sellers',
      capabilities: [],
      masks: ['sales'],
    })
    expect((await call(root, 'GET', '/masks/sales')).json.holders).toMatchObject([
      held,
      { name: 'Sellers', displayName: 'Sellers', kind: 'role' },
    ])
    await call(root, 'DELETE', `/team-roles/${role.json.id}`)
    expect(await seen()).not.toContain('secret')
    const stale = { 'If-Match': String(made.headers.etag) }
    expect((await call(root, 'PUT', '/masks/sales', { hide: ['TITLE'] }, stale)).status).toBe(412)
    await call(root, 'PUT', '/masks/sales', { hide: ['TITLE'] })
    expect(await seen()).toMatch(/^(?!.*Boss).*secret/s)
    expect((await call(root, 'GET', '/masks')).json.masks).toHaveLength(1)
    expect((await call(root, 'DELETE', `/masks/sales/holders/${sharee.name}`)).json.holders).toEqual([])
    expect(await seen()).toContain('Boss')
    expect((await call(root, 'DELETE', '/masks/sales')).status).toBe(204)
    expect((await call(root, 'GET', '/masks/sales')).status).toBe(404)
  })
})
