import { listProxies } from '../../../storage/groups.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { AccountError } from '../../features/accounts/accounts.ts'
import { findAnybody } from '../../features/accounts/named.ts'
import { addDelegate, removeDelegate } from '../../features/rights/delegates.ts'
import { type Command, plain, positional, withServices } from '../command.ts'

export const proxyAdd: Command = {
  words: ['proxy', 'add'],
  usage: 'NAME DELEGATE [--write]',
  summary:
    'Let an account or a group read, or with --write change, all the calendars of an account or a room.',
  options: { write: { type: 'boolean', help: 'change them too' } },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const [owner, delegate] = namesIn(invocation)
    const mode = values.write === true ? 'write' : 'read'
    await withServices(settings, ({ store }) =>
      store.write(async (tx) =>
        addDelegate(tx, await findOwner(tx, owner), await findAnybody(tx, delegate), mode, settings),
      ),
    )
    print(`${delegate} may ${mode} in the calendars of ${owner}.`)
    return 0
  },
}

export const proxyList: Command = {
  words: ['proxy', 'list'],
  usage: 'NAME',
  summary: 'List the delegates of an account or a room.',
  options: {},
  run: async (invocation) => {
    const name = positional(invocation, 0, 'the NAME of the account')
    const delegates = await withServices(invocation.settings, ({ store }) =>
      store.read(async (reader) => listProxies(reader, (await findOwner(reader, name)).id)),
    )
    for (const one of delegates) invocation.print([one.name, one.mode, plain(one.displayName)].join('\t'))
    return 0
  },
}

export const proxyRemove: Command = {
  words: ['proxy', 'remove'],
  usage: 'NAME DELEGATE',
  summary: 'End what a delegate may do.',
  options: {},
  run: async (invocation) => {
    const [owner, delegate] = namesIn(invocation)
    await withServices(invocation.settings, ({ store }) =>
      store.write(async (tx) => {
        if (await removeDelegate(tx, await findOwner(tx, owner), await findAnybody(tx, delegate))) return
        throw new AccountError(`"${delegate}" is no delegate of "${owner}".`)
      }),
    )
    invocation.print(`${delegate} is no delegate of ${owner} any more.`)
    return 0
  },
}

function namesIn(invocation: Parameters<Command['run']>[0]): [owner: string, delegate: string] {
  const owner = positional(invocation, 0, 'the NAME of the account')
  return [owner, positional(invocation, 1, 'the DELEGATE')]
}

/** Whoever has calendars. */
async function findOwner(reader: Reader, name: string): Promise<PrincipalRow> {
  const found = await findAnybody(reader, name)
  if (found.kind !== 'group') return found
  throw new AccountError(`The group "${name}" has no calendars.`)
}
