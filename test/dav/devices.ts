import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import type { DeviceKind } from '../../src/features/devices/kinds.ts'
import type { DeviceId } from '../../storage/ids.ts'
import { type Client, createClient } from './client.ts'
import type { Account, TestServer } from './server.ts'

/** A client with an app password of its own. */
export interface Device extends Client {
  readonly id: DeviceId
}

/** A client with an app password of its own, which is for this kind of device. */
export async function deviceOf(
  { services, url }: TestServer,
  { name }: Pick<Account, 'name'>,
  clientKind?: DeviceKind | 'auto',
  merge?: boolean,
): Promise<Device> {
  const { id, secret } = await services.store.write(async (tx) =>
    createAppPassword(tx, await findAccount(tx, name), {
      label: clientKind ?? 'unknown',
      scope: 'write',
      clientKind,
      merge,
    }),
  )
  return { ...createClient(url, { name, password: secret }), id }
}
