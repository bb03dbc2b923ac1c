import { listAppPasswords, revokeAppPassword } from '../../storage/credentials.ts'
import type { DeviceId } from '../../storage/ids.ts'
import { AccountError, createAppPassword, findAccount } from '../features/accounts/accounts.ts'
import { type Command, positional, text, UsageError, withServices } from './command.ts'

export const appPasswordAdd: Command = {
  words: ['app-password', 'add'],
  usage: 'NAME --label "Pixel 9" [--read-only]',
  summary: 'Make a password for one device; it is printed once.',
  options: {
    label: { type: 'string', help: 'name of the device' },
    'read-only': { type: 'boolean', help: 'the device may read, not write' },
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const label = text(invocation, 'label')
    if (label === undefined) throw new UsageError('Name the device, such as --label "Pixel 9".')
    const scope = values['read-only'] ? 'read' : 'write'
    const { secret } = await withServices(settings, ({ store }) =>
      store.write(async (tx) => createAppPassword(tx, await findAccount(tx, name), { label, scope })),
    )
    print(secret)
    return 0
  },
}

export const appPasswordList: Command = {
  words: ['app-password', 'list'],
  usage: 'NAME',
  summary: 'List the devices of an account.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const devices = await withServices(settings, ({ store }) =>
      store.read(async (reader) => listAppPasswords(reader, (await findAccount(reader, name)).id)),
    )
    const day = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString())
    for (const { id, label, scope, createdAt, lastUsedAt, revokedAt } of devices) {
      const state = revokedAt === null ? `last used ${day(lastUsedAt)}` : `revoked ${day(revokedAt)}`
      print([id, label, scope, `made ${day(createdAt)}`, state].join('\t'))
    }
    return 0
  },
}

export const appPasswordRevoke: Command = {
  words: ['app-password', 'revoke'],
  usage: 'NAME ID',
  summary: 'Revoke the password of one device, at once.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const id = positional(invocation, 1, 'the ID of the app password (see app-password list)')
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const account = await findAccount(tx, name)
        // The number is only a guess of the caller's: the query names the account too.
        const isRevoked =
          /^\d+$/.test(id) && (await revokeAppPassword(tx, account.id, Number(id) as DeviceId))
        if (!isRevoked)
          throw new AccountError(`The account ${account.name} has no app password ${id} in use.`)
      }),
    )
    print(`The app password ${id} of ${name} was revoked.`)
    return 0
  },
}
