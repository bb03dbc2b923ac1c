import { migrate as migrateStore } from '../compose.ts'
import type { Command } from './command.ts'

export const migrate: Command = {
  words: ['migrate'],
  usage: '',
  summary: 'Bring the database up to date with this version.',
  options: {},
  run: async ({ settings, print }) => {
    const ran = await migrateStore(settings)
    for (const name of ran) print(`migrated\t${name}`)
    if (ran.length === 0) print('The database is up to date; there was nothing to do.')
    return 0
  },
}
