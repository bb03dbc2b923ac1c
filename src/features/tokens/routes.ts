import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listTokens, removeToken, type TokenRow } from '../../../storage/api/tokens.ts'
import { etagOfContent } from '../../api/conditions.ts'
import { change, idIn, look, type Route } from '../../api/route.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { madeToken, newToken, token, tokenList } from './schema.ts'
import { createToken, scopesOf } from './tokens.ts'

const scope = 'account'
const affects = 'facts'

/** Tokens for programs that use the API. */
export const tokenRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/tokens', summary: 'My tokens', scope },
    { reply: tokenList },
    async ({ store, session }) => {
      const tokens = await store.read((reader) => listTokens(reader, session.principal.id))
      return { body: { tokens: tokens.map(shown) } }
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/tokens', scope, affects, isSecret: true },
      summary: 'Make a token; it is shown this once',
    },
    { body: newToken, reply: madeToken, statuses: [201] },
    async (tx, call) => {
      mustBeInPerson(call.session)
      const { row, secret } = await createToken(tx, call.session.principal, call.body, call.settings)
      return { body: { ...shown(row), token: secret } }
    },
  ),
  look(
    { method: 'GET', path: '/tokens/:id', summary: 'One of them', scope },
    { reply: token },
    async (call) => {
      const tokens = await call.store.read((reader) => listTokens(reader, call.session.principal.id))
      const found = tokens.find(({ id }) => id === idIn(call))
      if (!found) throw refuseStatus(404, 'There is no such token.')
      const body = shown(found)
      return { body, etag: etagOfContent({ ...body, lastUsedAt: null }) }
    },
  ),
  change(
    { method: 'DELETE', path: '/tokens/:id', summary: 'Remove a token, at once', scope, affects },
    {},
    async (tx, call) => {
      const isRemoved = await removeToken(tx, call.session.principal.id, idIn(call))
      if (!isRemoved) throw refuseStatus(404, 'There is no such token.')
      return {}
    },
  ),
]

function shown(row: TokenRow) {
  const { id, label, createdAt, expiresAt, lastUsedAt } = row
  const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
  return {
    ...{ id, label, scopes: scopesOf(row), createdAt: new Date(createdAt).toISOString() },
    ...{ expiresAt: time(expiresAt), lastUsedAt: time(lastUsedAt) },
  }
}
