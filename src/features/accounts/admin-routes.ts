import type { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type AccountOverview, accountOverview, pageAccounts } from '../../../storage/overview/accounts.ts'
import { type PrincipalRow, setLocked } from '../../../storage/principals.ts'
import { setQuota } from '../../../storage/quotas.ts'
import { addHolder, removeHolder } from '../../../storage/roles/team-roles.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfContent } from '../../api/conditions.ts'
import { page } from '../../api/cursor.ts'
import { type ChangeCall, originOf, type Route } from '../../api/route.ts'
import { foldName } from '../../auth/basic.ts'
import { passwordLinkFor } from '../sessions/links.ts'
import { adminChange, adminLook } from '../team/administering.ts'
import { changingHolders } from '../team/edit-roles.ts'
import { checkSomebodyAdministers, listHeldTeamRoles, mustFindByName } from '../team/team-roles.ts'
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
import { changeNames, mustFindNamed, searchIn } from './asked.ts'
import { recordedPrincipal } from './record.ts'
import { changeTraits } from './traits.ts'

/** The accounts, for whoever runs the place. */
export const adminAccountRoutes: readonly Route[] = [
  adminLook(
    { path: '/accounts', summary: 'The accounts' },
    { query: accountQuery, reply: accountPage },
    async (reader, { query }) => {
      const { limit, search } = searchIn(query)
      const rows = await pageAccounts(reader, { kind: 'user', ...search })
      const admins = await administrators(reader)
      const shown = (row: AccountOverview) => shownAccount(row, admins)
      return { body: page(rows, limit, { keyOf: ({ name }) => [name], shown }) }
    },
  ),
  adminChange(
    {
      ...{ method: 'POST', path: '/accounts', isSecret: true },
      summary: 'Make an account; the link by which its person chooses a password is shown this once',
    },
    { body: newAccount, reply: madeAccount, statuses: [201] },
    async (tx, call) => {
      const { isAdmin, language, timeZone, ...named } = call.body
      const id = await createAccount(tx, named, call.settings, call.newId)
      await changeTraits(tx, id, { language, timeZone })
      const account = await findAccount(tx, named.name)
      if (isAdmin) await setAdministrator(tx, call, account, true)
      const link = await passwordLinkFor(tx, account, call.settings)
      return { body: { account: (await overviewOf(tx, account)).body, passwordLink: link } }
    },
  ),
  adminLook(
    { path: '/accounts/:name', summary: 'One account' },
    { reply: adminAccount },
    async (reader, call) => overviewOf(reader, await mustFindNamed(reader, call, ['user'])),
  ),
  adminChange(
    { method: 'PATCH', path: '/accounts/:name', summary: 'Change an account, or lock it' },
    { body: accountPatch, reply: adminAccount },
    async (tx, call) => {
      const account = await mustFindNamed(tx, call, ['user'])
      checkMatch(call, (await overviewOf(tx, account)).etag)
      await recordedPrincipal(tx, account.id, originOf(call), () => patchAccount(tx, call, account))
      return overviewOf(tx, await findAccount(tx, call.body.name ?? account.name))
    },
  ),
  adminChange(
    {
      ...{ method: 'DELETE', path: '/accounts/:name' },
      summary: 'Remove an account, until it is brought back; what it shares goes to another',
    },
    { query: removalQuery, reply: removal },
    async (tx, call) => {
      const account = await mustFindNamed(tx, call, ['user'])
      if (account.id === call.session.principal.id)
        throw refuseStatus(422, 'That is your own account: somebody else has to remove it.')
      const { giveTo, purge } = call.query
      const services = { settings: call.settings, newId: call.newId, origin: originOf(call) }
      return { body: await removeAccount(tx, account.name, { giveTo, purge: purge === '1' }, services) }
    },
  ),
]

type Patching = ChangeCall<z.infer<typeof accountPatch>>

async function patchAccount(tx: Writer, call: Patching, account: PrincipalRow): Promise<void> {
  const { name, displayName, email, isAdmin, isLocked, language, timeZone, limitBytes } = call.body
  await changeNames(tx, account, { displayName, email })
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

async function setAdministrator(
  tx: Writer,
  call: Pick<ChangeCall<unknown>, 'session' | 'requestId'>,
  { id }: PrincipalRow,
  isAdmin: boolean,
): Promise<void> {
  const role = await mustFindByName(tx, 'administrators')
  const act = () => (isAdmin ? addHolder(tx, role.id, id) : removeHolder(tx, role.id, id))
  await changingHolders(tx, role, originOf(call), act)
  await checkSomebodyAdministers(tx)
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
