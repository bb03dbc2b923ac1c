import { dropJob } from '../../storage/upkeep/jobs.ts'
import { reindexAll, reindexJob } from '../features/reindex.ts'
import { type Command, withServices } from './command.ts'
import { createProgress } from './progress.ts'

export const reindex: Command = {
  words: ['reindex'],
  usage: '',
  summary: 'Derive the search index of every object again; a server may run meanwhile.',
  options: {},
  run: async ({ settings, print }) => {
    const progress = createProgress('reindex')
    const counts = await withServices(settings, async (services) => {
      const done = await reindexAll(services, ({ done, total }) => progress.update(done, total))
      await services.store.write((tx) => dropJob(tx, reindexJob))
      return done
    })
    progress.clear()
    const { indexed, changed, unreadable } = counts
    print(`${indexed} indexed, ${changed} changed meanwhile, ${unreadable} unreadable`)
    return 0
  },
}
