import { type AppPasswordRow, listAppPasswords, revokeAppPassword } from '../../../storage/credentials.ts'
import type { DeviceId } from '../../../storage/ids.ts'
import { AccountError, createAppPassword, findAccount } from '../../features/accounts/accounts.ts'
import { chooseKind, chooseMerge, readKind, readMerge } from '../../features/devices/devices.ts'
import { deviceKinds } from '../../features/devices/kinds.ts'
import { type Command, positional, text, UsageError, withServices } from '../command.ts'

const kindsHelp = `what it is: ${deviceKinds.join(', ')}, or auto to tell by its first use`

const mergeHelp =
  'keep what the device cannot hold when it writes a card: on, off, or auto as is usual for its kind'

export const appPasswordAdd: Command = {
  words: ['app-password', 'add'],
  usage: 'NAME --label "Pixel 9" [--device KIND] [--merge on|off|auto] [--read-only]',
  summary: 'Make a password for one device; it is printed once.',
  options: {
    label: { type: 'string', help: 'name of the device' },
    device: { type: 'string', help: kindsHelp },
    merge: { type: 'string', help: mergeHelp },
    'read-only': { type: 'boolean', help: 'the device may read, not write' },
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const label = text(invocation, 'label')
    if (label === undefined) throw new UsageError('Name the device, such as --label "Pixel 9".')
    const scope = values['read-only'] ? 'read' : 'write'
    const device = text(invocation, 'device')
    const clientKind = device === undefined ? undefined : readKind(device)
    const merge = readMerge(text(invocation, 'merge') ?? 'auto')
    const { secret } = await withServices(settings, ({ store }) =>
      store.write(async (tx) =>
        createAppPassword(tx, await findAccount(tx, name), { label, scope, clientKind, merge }),
      ),
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
    for (const device of devices) {
      const { id, label, scope, createdAt, lastUsedAt, revokedAt } = device
      const state = revokedAt === null ? `last used ${day(lastUsedAt)}` : `revoked ${day(revokedAt)}`
      const merge = device.merge === null ? '' : ` merge ${device.merge === 0 ? 'off' : 'on'}`
      print([id, label, scope, kindOf(device) + merge, `made ${day(createdAt)}`, state].join('\t'))
    }
    return 0
  },
}

/** The kind it has, or seems to have. */
function kindOf({ clientKind, suggestedKind }: AppPasswordRow): string {
  const isOpen = suggestedKind !== null && suggestedKind !== clientKind
  // Which way DAVx5 keeps groups is not in what it says of itself.
  const isHidden = suggestedKind === 'davx5' && clientKind === 'davx5-groups'
  const seems = isOpen && !isHidden ? ` (looks like ${suggestedKind})` : ''
  return `${clientKind ?? 'other'}${seems}`
}

export const appPasswordSet: Command = {
  words: ['app-password', 'set'],
  usage: 'NAME ID [--device KIND] [--merge on|off|auto]',
  summary: 'Say what kind of device has a password, and whether what it cannot hold is kept.',
  options: {
    device: { type: 'string', help: kindsHelp },
    merge: { type: 'string', help: mergeHelp },
  },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const id = positional(invocation, 1, 'the ID of the app password (see app-password list)')
    const device = text(invocation, 'device')
    const merge = text(invocation, 'merge')
    if (device === undefined && merge === undefined)
      throw new UsageError(`Say which, with --device: ${kindsHelp}; or with --merge: ${mergeHelp}.`)
    const kind = device === undefined ? undefined : readKind(device)
    const isMerging = merge === undefined ? undefined : readMerge(merge)
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const account = await findAccount(tx, name)
        if (kind !== undefined) await chooseKind(tx, account, deviceId(id), kind)
        if (merge !== undefined) await chooseMerge(tx, account, deviceId(id), isMerging)
      }),
    )
    if (kind !== undefined) print(`The app password ${id} of ${name} is for ${kind}.`)
    if (merge !== undefined) print(`The merge of the app password ${id} of ${name} is ${merge}.`)
    return 0
  },
}

/** A number that somebody typed; what is none is nobody's. */
function deviceId(word: string): DeviceId {
  return (/^\d{1,15}$/.test(word) ? Number(word) : -1) as DeviceId
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
        if (!(await revokeAppPassword(tx, account.id, deviceId(id))))
          throw new AccountError(`The account ${account.name} has no app password ${id} in use.`)
      }),
    )
    print(`The app password ${id} of ${name} was revoked.`)
    return 0
  },
}
