import { newAppPassword } from '../../src/auth/app-password.ts'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import type { DeviceKind } from '../../src/features/devices/kinds.ts'
import { addAppPassword } from '../../storage/credentials.ts'
import { type Client, createClient } from './client.ts'
import type { Account, TestServer } from './server.ts'

/** A client with an app password of its own, which is for this kind of device. */
export async function deviceOf(
  { services, url }: TestServer,
  { name }: Pick<Account, 'name'>,
  clientKind: DeviceKind | 'auto',
): Promise<Client> {
  const { secret, hash: secretHash } = newAppPassword()
  await services.store.write(async (tx) => {
    const { id: principalId } = await findAccount(tx, name)
    await addAppPassword(tx, { principalId, label: clientKind, secretHash, scope: 'write', clientKind })
  })
  return createClient(url, { name, password: secret })
}
