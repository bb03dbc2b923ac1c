import { reindexAll } from '../features/reindex.ts'
import { type Command, withServices } from './command.ts'
import { createProgress } from './progress.ts'

export const reindex: Command = {
  words: ['reindex'],
  usage: '',
  summary: 'Derive the search index of every object again; a server may run meanwhile.',
  options: {},
  run: async ({ settings, print }) => {
    const progress = createProgress('reindex')
    const counts = await withServices(settings, (services) => reindexAll(services, progress.update))
    progress.clear()
    const { indexed, changed, unreadable } = counts
    print(`${indexed} indexed, ${changed} changed meanwhile, ${unreadable} unreadable`)
    return 0
  },
}
