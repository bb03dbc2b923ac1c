import { listJobs } from '../../storage/upkeep/jobs.ts'
import { type Command, lineOf, withServices } from './command.ts'

export const jobList: Command = {
  words: ['job', 'list'],
  usage: '',
  summary: 'List the work the server does by itself: key, next time, last time, attempts, last error.',
  options: {},
  run: async ({ settings, print }) => {
    const jobs = await withServices(settings, ({ store }) => store.read(listJobs))
    for (const { key, nextAt, lastAt, attempts, lastError } of jobs) {
      const cells = [
        key,
        time(nextAt),
        lastAt === null ? '' : time(lastAt),
        String(attempts),
        lastError ?? '',
      ]
      print(lineOf(cells))
    }
    return 0
  },
}

function time(at: number): string {
  return new Date(at).toISOString()
}
