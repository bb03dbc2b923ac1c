import { makeAdministrator } from '../../../src/features/team/team-roles.ts'
import type { Account, TestServer } from '../../dav/server.ts'
import { rowOf } from '../world.ts'

/** An account that may erase people. */
export async function eraser(server: TestServer): Promise<Account> {
  const account = await server.account()
  const row = await rowOf(server, account)
  await server.services.store.write((tx) => makeAdministrator(tx, row))
  return account
}
