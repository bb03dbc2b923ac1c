import { listTokens, removeToken } from '../../../storage/api/tokens.ts'
import { AccountError, findAccount } from '../../features/accounts/accounts.ts'
import { newToken } from '../../features/tokens/schema.ts'
import { createToken } from '../../features/tokens/tokens.ts'
import { type Command, positional, text, UsageError, withServices } from '../command.ts'

export const tokenAdd: Command = {
  words: ['token', 'add'],
  usage: 'NAME --label L --scope people:read,files:write [--days N]',
  summary: 'Make a token for a program that uses the API; it is printed once.',
  options: {
    label: { type: 'string', help: 'what it is for' },
    scope: {
      type: 'string',
      help: 'people, calendars, files, sharing, account, admin, each with :read or :write',
    },
    days: { type: 'string', help: 'it is void after so many days (default never)' },
  },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const days = text(invocation, 'days')
    const outcome = newToken.safeParse({
      label: text(invocation, 'label') ?? '',
      scopes: (text(invocation, 'scope') ?? '').split(/[\s,]+/).filter((scope) => scope !== ''),
      ...(days !== undefined && { days: Number(days) }),
    })
    if (!outcome.success) {
      const [issue] = outcome.error.issues
      const option = issue?.path[0] === 'scopes' ? 'scope' : String(issue?.path[0])
      throw new UsageError(`--${option}: ${issue?.message}.`)
    }
    const { secret } = await withServices(settings, ({ store }) =>
      store.write(async (tx) => createToken(tx, await findAccount(tx, name), outcome.data, settings)),
    )
    print(secret)
    return 0
  },
}

export const tokenList: Command = {
  words: ['token', 'list'],
  usage: 'NAME',
  summary: 'List the tokens of an account.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const tokens = await withServices(settings, ({ store }) =>
      store.read(async (reader) => listTokens(reader, (await findAccount(reader, name)).id)),
    )
    const day = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString())
    for (const { id, label, scopes, createdAt, expiresAt, lastUsedAt } of tokens) {
      const times = [`made ${day(createdAt)}`, `over ${day(expiresAt)}`, `last used ${day(lastUsedAt)}`]
      print([id, label, scopes, ...times].join('\t'))
    }
    return 0
  },
}

export const tokenRemove: Command = {
  words: ['token', 'remove'],
  usage: 'NAME ID',
  summary: 'Remove a token, at once.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const id = positional(invocation, 1, 'the ID of the token (see token list)')
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const account = await findAccount(tx, name)
        const number = /^\d{1,15}$/.test(id) ? Number(id) : -1
        if (!(await removeToken(tx, account.id, number)))
          throw new AccountError(`The account ${account.name} has no token ${id}.`)
      }),
    )
    print(`The token ${id} of ${name} was removed.`)
    return 0
  },
}
