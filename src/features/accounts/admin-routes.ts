import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type AccountOverview, accountOverview, pageAccounts } from '../../../storage/overview/accounts.ts'
import {
  findPrincipalByName,
  type PrincipalRow,
  setLocked,
  updatePrincipal,
} from '../../../storage/principals.ts'
import { setQuota } from '../../../storage/quotas.ts'
import { addHolder, removeHolder } from '../../../storage/roles/team-roles.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfContent } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { type ChangeCall, change, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { foldName } from '../../auth/basic.ts'
import { mustBeInPerson } from '../../auth/session.ts'
import { passwordLinkFor } from '../sessions/links.ts'
import { changingHolders } from '../team/role-masks.ts'
import { checkSomebodyAdministers, listHeldTeamRoles, mustFindByName, mustMay } from '../team/team-roles.ts'
import { createAccount, findAccount, removeAccount, renameAccount } from './accounts.ts'
import {
  accountPage,
  accountPatch,
  accountQuery,
  adminAccount,
  madeAccount,
  newAccount,
  removal,
  removalQuery,
} from './admin-schema.ts'
import { changeTraits } from './traits.ts'

const scope = 'admin'
const affects = 'other'

/** The accounts, for whoever runs the place. */
export const adminAccountRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/accounts', summary: 'The accounts', scope },
    { query: accountQuery, reply: accountPage },
    ({ store, session, query }) =>
      store.read(async (reader) => {
        await mustMay(reader, session, 'administer')
        const { limit, cursor, q } = query
        const after = readCursor(cursor, z.tuple([z.string()]))?.[0]
        const text = q === undefined ? undefined : foldName(q)
        const rows = await pageAccounts(reader, { kind: 'user', text, after, limit: limit + 1 })
        const admins = await administrators(reader)
        const shown = (row: AccountOverview) => shownAccount(row, admins)
        return { body: page(rows, limit, { keyOf: ({ name }) => [name], shown }) }
      }),
  ),
  change(
    {
      ...{ method: 'POST', path: '/accounts', scope, affects, isSecret: true },
      summary: 'Make an account; the link by which its person chooses a password is shown this once',
    },
    { body: newAccount, reply: madeAccount, statuses: [201] },
    async (tx, call) => {
      mustBeInPerson(call.session)
      await mustMay(tx, call.session, 'administer')
      const { isAdmin, language, timeZone, ...named } = call.body
      const id = await createAccount(tx, named, call.settings, call.newId)
      await changeTraits(tx, id, { language, timeZone })
      const account = await findAccount(tx, named.name)
      if (isAdmin) await setAdministrator(tx, call, account, true)
      const link = await passwordLinkFor(tx, account, call.settings)
      return { body: { account: (await overviewOf(tx, account)).body, passwordLink: link } }
    },
  ),
  look(
    { method: 'GET', path: '/accounts/:name', summary: 'One account', scope },
    { reply: adminAccount },
    (call) => call.store.read(async (reader) => overviewOf(reader, await mustFind(reader, call))),
  ),
  change(
    { method: 'PATCH', path: '/accounts/:name', summary: 'Change an account, or lock it', scope, affects },
    { body: accountPatch, reply: adminAccount },
    async (tx, call) => {
      const account = await mustFind(tx, call)
      checkMatch(call, (await overviewOf(tx, account)).etag)
      await patchAccount(tx, call, account)
      return overviewOf(tx, await findAccount(tx, call.body.name ?? account.name))
    },
  ),
  change(
    {
      ...{ method: 'DELETE', path: '/accounts/:name', scope, affects },
      summary: 'Remove an account; what it shares goes to another, and the rest only if that is said',
    },
    { query: removalQuery, reply: removal },
    async (tx, call) => {
      mustBeInPerson(call.session)
      const account = await mustFind(tx, call)
      if (account.id === call.session.principal.id)
        throw refuseStatus(422, 'That is your own account: somebody else has to remove it.')
      const { giveTo, purge } = call.query
      return { body: await removeAccount(tx, account.name, { giveTo, purge: purge === '1' }, call) }
    },
  ),
]

type Patching = ChangeCall<z.infer<typeof accountPatch>>

async function patchAccount(tx: Writer, call: Patching, account: PrincipalRow): Promise<void> {
  const { name, displayName, email, isAdmin, isLocked, language, timeZone, limitBytes } = call.body
  if (email !== undefined && email !== null && !/^[^\s@]+@[^\s@]+$/.test(email))
    throw refuseStatus(422, `"${email}" is not a mail address.`)
  const named = { ...(displayName !== undefined && { displayName }), ...(email !== undefined && { email }) }
  if (Object.keys(named).length > 0) await updatePrincipal(tx, account.id, named)
  await changeTraits(tx, account.id, { language, timeZone })
  if (limitBytes !== undefined) await setQuota(tx, account.id, limitBytes)
  if (isAdmin !== undefined) await setAdministrator(tx, call, account, isAdmin)
  if (isLocked !== undefined && isLocked !== (account.lockedAt !== null)) {
    if (account.id === call.session.principal.id)
      throw refuseStatus(422, 'That is your own account: somebody else has to lock it.')
    await setLocked(tx, account.id, isLocked)
  }
  if (name !== undefined && foldName(name) !== account.name) await renameAccount(tx, account.name, name)
}

/** Who may run the place can let others in for good: no device and no token gives that away. */
async function setAdministrator(
  tx: Writer,
  call: Pick<ChangeCall<unknown>, 'session' | 'requestId'>,
  { id }: PrincipalRow,
  isAdmin: boolean,
): Promise<void> {
  mustBeInPerson(call.session)
  const role = await mustFindByName(tx, 'administrators')
  const act = () => (isAdmin ? addHolder(tx, role.id, id) : removeHolder(tx, role.id, id))
  await changingHolders(tx, role, originOf(call), act)
  await checkSomebodyAdministers(tx)
}

/** @throws refusal 403, 404 */
async function mustFind(reader: Reader, { session, params }: Pick<RawCall, 'session' | 'params'>) {
  await mustMay(reader, session, 'administer')
  const found = await findPrincipalByName(reader, foldName(params.name ?? ''))
  if (found?.kind !== 'user') throw refuseStatus(404, 'There is no such account.')
  return found
}

/** The names of those who may run the place by themselves. */
async function administrators(reader: Reader): Promise<ReadonlySet<string>> {
  const held = (await listHeldTeamRoles(reader)).find(({ role }) => role.builtIn === 'administrators')
  return new Set(held?.holders.map(({ name }) => name) ?? [])
}

/** The tag is of what can be changed: that a device asks for something makes it no other account. */
async function overviewOf(reader: Reader, { id }: Pick<PrincipalRow, 'id'>) {
  const row = await accountOverview(reader, id)
  if (!row) throw refuseStatus(404, 'There is no such account.')
  const body = shownAccount(row, await administrators(reader))
  const { name, displayName, email, isAdmin, isLocked, language, timeZone, limitBytes } = body
  const etag = etagOfContent([name, displayName, email, isAdmin, isLocked, language, timeZone, limitBytes])
  return { body, etag }
}

function shownAccount(row: AccountOverview, admins: ReadonlySet<string>) {
  const { name, displayName, email, language, timeZone, limitBytes, devices, browsers } = row
  return {
    ...{ name, displayName, email, isAdmin: admins.has(name), isLocked: row.lockedAt !== null },
    ...{ language, timeZone, usedBytes: row.usedBytes ?? 0, limitBytes, devices, browsers },
    createdAt: new Date(row.createdAt).toISOString(),
    seenAt: row.seenAt === null ? null : new Date(row.seenAt).toISOString(),
  }
}
