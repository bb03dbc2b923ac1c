import { beginEpoch } from '../../storage/epoch.ts'
import { migrate as migrateStore } from '../compose.ts'
import { type Command, withServices } from './command.ts'

export const migrate: Command = {
  words: ['migrate'],
  usage: '[--new-epoch]',
  summary: 'Bring the database up to date with this version.',
  options: {
    'new-epoch': {
      type: 'boolean',
      help: 'after restoring a backup to PostgreSQL, or with its epoch.json: let every client start afresh',
    },
  },
  run: async ({ settings, values, print }) => {
    const ran = await migrateStore(settings)
    for (const name of ran) print(`migrated\t${name}`)
    if (ran.length === 0) print('The database is up to date; there was nothing to do.')
    if (values['new-epoch']) {
      await withServices(settings, ({ store, newId }) => store.write((tx) => beginEpoch(tx, newId())))
      print('A new epoch began: every client starts afresh with its next sync.')
    }
    return 0
  },
}
