import { emptyTrash } from '../../storage/purge.ts'
import { findAnybody } from '../features/accounts/named.ts'
import { restoreFromTrash } from '../features/trash/restore.ts'
import { listTrashEntries } from '../features/trash/trash.ts'
import { type Command, lineOf, plain, positional, UsageError, withServices } from './command.ts'

export const trashList: Command = {
  words: ['trash', 'list'],
  usage: 'NAME',
  summary:
    'List what an account or a group has in the trash: id, when, kind, name, summary, collection, device.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account or the group')
    await withServices(settings, async ({ store }) => {
      const account = await store.read((reader) => findAnybody(reader, name))
      for await (const entry of listTrashEntries(store, account)) {
        const { id, deletedAt, kind, collection, device, summary } = entry
        const when = new Date(deletedAt).toISOString()
        print(lineOf([id, when, kind, entry.name, summary, collection, device]))
      }
    })
    return 0
  },
}

export const trashRestore: Command = {
  words: ['trash', 'restore'],
  usage: 'NAME ID…',
  summary:
    'Bring objects, collections, folders, files, lists of people and public links back to where they were; see trash list for the IDs.',
  options: {},
  run: async (invocation) => {
    const { settings, positionals, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account or the group')
    const ids = positionals.slice(1)
    if (ids.length === 0) throw new UsageError('Missing: the IDs to restore (see trash list).')
    let refused = 0
    await withServices(settings, async (services) => {
      const account = await services.store.read((reader) => findAnybody(reader, name))
      for (const id of ids) {
        const outcome = await services.store.write((tx) => restoreFromTrash(tx, account, id, services))
        if (outcome.kind === 'refused') refused += 1
        const place = 'name' in outcome && [outcome.collection, outcome.name].filter(Boolean).join('/')
        print(
          [outcome.kind, id, place || ('reason' in outcome && outcome.reason) || ''].map(plain).join('\t'),
        )
      }
    })
    return refused > 0 ? 1 : 0
  },
}

export const trashEmpty: Command = {
  words: ['trash', 'empty'],
  usage: 'NAME',
  summary: 'Take everything out of the trash of an account or a group, for good.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account or the group')
    let count = 0
    await withServices(settings, async ({ store }) => {
      const { id } = await store.read((reader) => findAnybody(reader, name))
      for (let more = true; more; ) {
        const batch = await store.write((tx) => emptyTrash(tx, id))
        count += batch.removed
        more = batch.more
      }
    })
    print(`${count} removed from the trash of ${name}.`)
    return 0
  },
}
