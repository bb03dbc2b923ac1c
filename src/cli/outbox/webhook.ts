import { countWaiting } from '../../../storage/events/outbox.ts'
import { listWebhooks, targetOf } from '../../../storage/events/webhooks.ts'
import { findAccount } from '../../features/accounts/accounts.ts'
import { type Command, lineOf, positional, withServices } from '../command.ts'

export const webhookList: Command = {
  words: ['webhook', 'list'],
  usage: 'NAME',
  summary:
    'List the webhooks of an account: id, state, what waits, since when nothing arrives, address, reason.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const account = positional(invocation, 0, 'the NAME of the account')
    const found = await withServices(settings, ({ store }) =>
      store.read(async (reader) => {
        const { id } = await findAccount(reader, account)
        const rows = await listWebhooks(reader, id)
        return Promise.all(
          rows.map(async (row) => ({ row, waiting: await countWaiting(reader, targetOf(row)) })),
        )
      }),
    )
    for (const { row, waiting } of found) {
      const { id, isActive, disabledAt, disabledReason, failingSince, url } = row
      const state = isActive === 1 ? 'on' : disabledAt === null ? 'off' : 'switched off'
      const since = failingSince === null ? '' : new Date(failingSince).toISOString()
      print(lineOf([String(id), state, String(waiting), since, url, disabledReason ?? '']))
    }
    return 0
  },
}
