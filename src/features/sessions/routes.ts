import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listWebSessions, removeWebSession, removeWebSessions } from '../../../storage/api/web-sessions.ts'
import { findLivingPrincipal, setPassword } from '../../../storage/principals.ts'
import { etagOfContent } from '../../api/conditions.ts'
import { type ApiCall, change, idIn, look, type Route, work } from '../../api/route.ts'
import { hashPassword, verifyPassword } from '../../auth/password.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { AccountError, checkChosenPassword, findAccount } from '../accounts/accounts.ts'
import { shownAccount } from '../accounts/routes.ts'
import { mustMay } from '../team/team-roles.ts'
import { passwordLinkFor } from './links.ts'
import {
  passwordChange,
  passwordLink,
  signedIn,
  signedOut,
  wantedPasswordLink,
  webSession,
  webSessionList,
} from './schema.ts'
import { sessionTimes } from './sessions.ts'
import { signInRoutes } from './sign-in-routes.ts'

const scope = 'account'
const affects = 'facts'

/** Browsers that are signed in, and the password of an account. Signing in and out itself is src/sign-in.ts. */
export const sessionRoutes: readonly Route[] = [
  ...signInRoutes,
  look(
    { method: 'GET', path: '/session', summary: 'Who is signed in', scope },
    { reply: signedIn },
    async (call) => ({
      body: {
        account: await call.store.read((reader) => shownAccount(reader, call)),
        csrfToken: call.session.browser?.csrfToken ?? null,
      },
    }),
  ),
  look(
    { method: 'GET', path: '/sessions', summary: 'The browsers that are signed in', scope },
    { reply: webSessionList },
    async (call) => ({ body: { sessions: await shownSessions(call) } }),
  ),
  look(
    { method: 'GET', path: '/sessions/:id', summary: 'One of them', scope },
    { reply: webSession },
    async (call) => {
      const body = (await shownSessions(call)).find(({ id }) => id === idIn(call))
      if (!body) throw refuseStatus(404, 'There is no such session.')
      return { body, etag: etagOfContent({ ...body, lastUsedAt: null }) }
    },
  ),
  change(
    { method: 'DELETE', path: '/sessions/:id', summary: 'Sign a browser out', scope, affects },
    {},
    async (tx, call) => {
      if (!(await removeWebSession(tx, call.session.principal.id, idIn(call))))
        throw refuseStatus(404, 'There is no such session.')
      return {}
    },
  ),
  change(
    { method: 'DELETE', path: '/sessions', summary: 'Sign all other browsers out', scope, affects },
    { reply: signedOut },
    async (tx, { session }) => ({
      body: { count: await removeWebSessions(tx, session.principal.id, session.browser?.id) },
    }),
  ),
  work(
    {
      method: 'PUT',
      path: '/account/password',
      summary: 'Choose another password; all other browsers are signed out',
      scope,
      affects,
    },
    { body: passwordChange },
    async ({ store, session, settings, body }) => {
      mustBeInPerson(session)
      checkChosenPassword(body.password)
      const { id } = session.principal
      const account = await store.read((reader) => findLivingPrincipal(reader, id))
      const { bcryptCost } = settings.auth
      if (!(await verifyPassword(body.current, account?.passwordHash ?? undefined, bcryptCost)))
        throw new AccountError('That is not the password of now.')
      const hash = await hashPassword(body.password, bcryptCost)
      await store.write((tx) => setPassword(tx, id, hash, session.browser?.id))
      return {}
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/password-links', scope: 'admin', affects, isSecret: true },
      summary: 'Make a link by which somebody chooses a new password; it is shown this once',
    },
    { body: wantedPasswordLink, reply: passwordLink, statuses: [201] },
    async (tx, call) => {
      mustBeInPerson(call.session)
      await mustMay(tx, call.session, 'administer')
      const account = await findAccount(tx, call.body.name)
      return { body: await passwordLinkFor(tx, account, call.settings) }
    },
  ),
]

async function shownSessions({ store, session, settings, now }: ApiCall<unknown>) {
  const rows = await store.read((reader) =>
    listWebSessions(reader, session.principal.id, sessionTimes(now(), settings)),
  )
  return rows.map(({ id, address, agent, createdAt, lastUsedAt }) => ({
    ...{ id, address, agent, isThis: id === session.browser?.id },
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: new Date(lastUsedAt).toISOString(),
  }))
}
