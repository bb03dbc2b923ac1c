import { listJobs, progressOf } from '../../storage/upkeep/jobs.ts'
import { type Command, lineOf, withServices } from './command.ts'

export const jobList: Command = {
  words: ['job', 'list'],
  usage: '',
  summary:
    'List the work the server does by itself: key, next time, last time, attempts, last error or how far it is.',
  options: {},
  run: async ({ settings, print }) => {
    const jobs = await withServices(settings, ({ store }) => store.read(listJobs))
    for (const job of jobs) {
      const { key, nextAt, lastAt, attempts, lastError } = job
      const progress = progressOf(job)
      const cells = [
        key,
        time(nextAt),
        lastAt === null ? '' : time(lastAt),
        String(attempts),
        lastError ?? (progress ? `${progress.done} of ${progress.total}` : ''),
      ]
      print(lineOf(cells))
    }
    return 0
  },
}

function time(at: number): string {
  return new Date(at).toISOString()
}
