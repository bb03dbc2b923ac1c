import { createSession } from '../../../src/features/sessions/sessions.ts'
import { makeAdministrator } from '../../../src/features/team/team-roles.ts'
import { findPrincipalByName } from '../../../storage/principals.ts'
import type { Examples } from './example.ts'
import type { World } from './world.ts'

/** A browser of alice. @returns the id of its session */
async function browserOf({ server, alice }: World): Promise<number> {
  const { store, settings } = server.services
  return store.write(async (tx) => {
    const account = await findPrincipalByName(tx, alice.name)
    if (!account) throw new Error('She is there.')
    return (await createSession(tx, account, { address: '127.0.0.1', agent: 'a browser' }, settings)).id
  })
}

/** What is kept of a secret of alice, in this table. */
function kept({ server, alice }: World, table: 'principals' | 'password_links', column: string) {
  const text = `SELECT t.${column} AS kept FROM ${table} t JOIN principals p
    ON p.id = t.${table === 'principals' ? 'id' : 'principal_id'} WHERE p.name = $1`
  return () => server.services.store.read((reader) => reader.sql.first(text, [alice.name]))
}

/** Routes about who is signed in. */
export const sessionExamples: Examples = {
  'DELETE /sessions/:id': async (world) => ({
    ...{ path: `/sessions/${await browserOf(world)}`, shows: '/sessions' },
  }),
  'DELETE /sessions': async (world) => {
    await browserOf(world)
    return { path: '/sessions', shows: '/sessions' }
  },
  'PUT /account/password': async (world) => {
    const { password } = world.alice
    const shows = kept(world, 'principals', 'password_hash')
    return { path: '/account/password', body: { current: password, password }, shows }
  },
  'POST /password-links': async (world) => {
    const { server, alice } = world
    await server.services.store.write(async (tx) => {
      const account = await findPrincipalByName(tx, alice.name)
      if (account) await makeAdministrator(tx, account)
    })
    const shows = kept(world, 'password_links', 'secret_hash')
    return { path: '/password-links', body: { name: alice.name }, shows }
  },
}
