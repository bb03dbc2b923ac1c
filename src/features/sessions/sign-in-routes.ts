import { z } from 'zod'
import { type ListedSignIn, listSignIns, type SignInPlace } from '../../../storage/api/sign-ins.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { look, type Route } from '../../api/route.ts'
import { findAccount } from '../accounts/accounts.ts'
import { mustMay } from '../team/team-roles.ts'
import { allSignInsPage, allSignInsQuery, signInPage, signInQuery } from './schema.ts'

/** Who has signed in from where, and who was refused. */
export const signInRoutes: readonly Route[] = [
  look(
    {
      ...{ method: 'GET', path: '/account/sign-ins', scope: 'account' },
      summary: 'Where my account was signed in to from, and where that was refused',
    },
    { query: signInQuery, reply: signInPage },
    async ({ store, session, query }) => {
      const { limit, cursor, outcome } = query
      const wanted = { principalId: session.principal.id, outcome, after: placeOf(cursor), limit: limit + 1 }
      const rows = await store.read((reader) => listSignIns(reader, wanted))
      return { body: page(rows, limit, { keyOf, shown }) }
    },
  ),
  look(
    { method: 'GET', path: '/sign-ins', summary: 'The same of all accounts', scope: 'admin' },
    { query: allSignInsQuery, reply: allSignInsPage },
    ({ store, session, query }) =>
      store.read(async (reader) => {
        await mustMay(reader, session, 'administer')
        const { limit, cursor, outcome, account: name } = query
        const principalId = name === undefined ? undefined : (await findAccount(reader, name)).id
        const rows = await listSignIns(reader, {
          ...{ principalId, outcome, after: placeOf(cursor), limit: limit + 1 },
        })
        const withAccount = (row: ListedSignIn) => ({ ...shown(row), account: row.account })
        return { body: page(rows, limit, { keyOf, shown: withAccount }) }
      }),
  ),
]

const placeShape = z.tuple([z.int(), z.int()])

function placeOf(cursor: string | undefined): SignInPlace | undefined {
  const [lastAt, id] = readCursor(cursor, placeShape) ?? []
  return lastAt === undefined || id === undefined ? undefined : { lastAt, id }
}

function keyOf({ lastAt, id }: ListedSignIn): [number, number] {
  return [lastAt, id]
}

function shown({ id, way, outcome, device, address, agent, count, at, lastAt }: ListedSignIn) {
  return {
    ...{ id, way, outcome, device, address, agent, count },
    ...{ at: new Date(at).toISOString(), lastAt: new Date(lastAt).toISOString() },
  }
}
