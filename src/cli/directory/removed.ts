import { pageRemoved, type RemovedRow } from '../../../storage/removed/removed.ts'
import type { Writer } from '../../../storage/store.ts'
import { bringBack, mustFindRemoved, removeForGood } from '../../features/accounts/removed/bring-back.ts'
import type { Sharing } from '../../features/sharing/sharing.ts'
import {
  type Command,
  type Invocation,
  lineOf,
  positional,
  text,
  UsageError,
  withServices,
} from '../command.ts'

/** How somebody who was removed is brought back, in a line. */
export const wayBack = (id: number): string => `It comes back with "farley removed restore ${id}".`

export const removedList: Command = {
  words: ['removed', 'list'],
  usage: '',
  summary:
    'List accounts, groups, rooms and resources that were removed, the last first: id, when, kind, name, display name, by whom.',
  options: {},
  run: async ({ settings, print }) => {
    await withServices(settings, async ({ store }) => {
      for (let after: RemovedRow | undefined; ; ) {
        const seen = after && { at: after.removedAt, id: after.id }
        const rows = await store.read((reader) => pageRemoved(reader, { after: seen, limit: pageSize }))
        for (const { id, removedAt, kind, name, displayName, authorName } of rows) {
          const when = new Date(removedAt).toISOString()
          print(lineOf([String(id), when, kind, name, displayName, authorName ?? '']))
        }
        after = rows.at(-1)
        if (rows.length < pageSize) return
      }
    })
    return 0
  },
}

const pageSize = 500

export const removedRestore: Command = {
  words: ['removed', 'restore'],
  usage: 'ID [--as NAME]',
  summary: 'Bring back an account, a group, a room or a resource as it was; see removed list for the IDs.',
  options: { as: { type: 'string', help: 'another name, where its own is another one by now' } },
  run: async (invocation) => {
    const as = text(invocation, 'as')
    const name = await change(invocation, (tx, found, sharing) => bringBack(tx, found, { as }, sharing))
    invocation.print(`${name} is back.`)
    return 0
  },
}

export const removedPurge: Command = {
  words: ['removed', 'purge'],
  usage: 'ID NAME',
  summary: 'Remove for good what was removed, with all that it holds; say its NAME once more.',
  options: {},
  run: async (invocation) => {
    const name = positional(invocation, 1, 'its NAME')
    await change(invocation, (tx, found) => removeForGood(tx, found, name))
    invocation.print(`${name} is gone for good.`)
    return 0
  },
}

function change<T>(
  invocation: Invocation,
  act: (tx: Writer, found: RemovedRow, sharing: Sharing) => Promise<T>,
): Promise<T> {
  const given = positional(invocation, 0, 'the ID (see removed list)')
  if (!/^\d{1,15}$/.test(given)) throw new UsageError('The ID is a number; see removed list.')
  const { settings } = invocation
  return withServices(settings, ({ store, newId }) =>
    store.write(async (tx) =>
      act(tx, await mustFindRemoved(tx, Number(given)), { origin: { kind: 'restore' }, settings, newId }),
    ),
  )
}
