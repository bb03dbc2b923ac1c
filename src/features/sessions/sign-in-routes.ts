import { z } from 'zod'
import { type ListedSignIn, listSignIns, type SignInPlace } from '../../../storage/api/sign-ins.ts'
import { type Blocked, clearThrottle, listBlocked, throttleKeyOf } from '../../../storage/throttle.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { look, type Route } from '../../api/route.ts'
import { foldName } from '../../auth/basic.ts'
import { findAccount } from '../accounts/accounts.ts'
import { adminChange, adminLook } from '../team/administering.ts'
import {
  allSignInsPage,
  allSignInsQuery,
  blockedList,
  releaseQuery,
  signInPage,
  signInQuery,
} from './schema.ts'

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
  adminLook(
    { path: '/sign-ins', summary: 'The same of all accounts' },
    { query: allSignInsQuery, reply: allSignInsPage },
    async (reader, { query }) => {
      const { limit, cursor, outcome, account: name } = query
      const principalId = name === undefined ? undefined : (await findAccount(reader, name)).id
      const rows = await listSignIns(reader, {
        ...{ principalId, outcome, after: placeOf(cursor), limit: limit + 1 },
      })
      const withAccount = (row: ListedSignIn) => ({ ...shown(row), account: row.account })
      return { body: page(rows, limit, { keyOf, shown: withAccount }) }
    },
  ),
  adminLook(
    { path: '/blocked', summary: 'Who is let in no more for a while, after too many wrong passwords' },
    { reply: blockedList },
    async (reader, call) => ({ body: { blocked: (await listBlocked(reader, call.now(), most)).map(told) } }),
  ),
  adminChange(
    { method: 'DELETE', path: '/blocked', summary: 'Let somebody try again at once' },
    { query: releaseQuery },
    async (tx, { query: { account: name, address } }) => {
      await clearThrottle(tx, throttleKeyOf({ name: foldName(name), address }))
      return {}
    },
  ),
]

/** So many blocks are listed. */
const most = 200

function told({ name, address, until }: Blocked) {
  return { account: name === '' ? null : name, address, until: new Date(until).toISOString() }
}

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
