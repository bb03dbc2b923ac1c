import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import type { Account, TestServer } from '../dav/server.ts'

/** Somebody new who runs the place. */
export async function administratorOf(server: TestServer): Promise<Account> {
  const account = await server.account()
  await administering(server, account)
  return account
}

/** Has somebody run the place from now on. */
export async function administering({ services }: TestServer, { name }: Account): Promise<void> {
  await services.store.write(async (tx) => {
    const found = await findPrincipalByName(tx, name)
    if (!found) throw new Error(`There is no ${name}.`)
    await makeAdministrator(tx, found)
  })
}
