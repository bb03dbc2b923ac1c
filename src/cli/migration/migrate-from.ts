import type { BatchId } from '../../../storage/ids.ts'
import { findSourceOfBatch } from '../../../storage/migration-sources/sources.ts'
import { findAccount } from '../../features/accounts/accounts.ts'
import type { MigrationEvent } from '../../features/migration/events.ts'
import { type MigrationOptions, migrateFrom } from '../../features/migration/migrate.ts'
import { type MigrationSummary, summarize } from '../../features/migration/summary.ts'
import type { Services } from '../../services.ts'
import { type Command, type Invocation, positional, text, UsageError, withServices } from '../command.ts'
import { createProgress } from '../progress.ts'
import { askPassword } from './ask-password.ts'
import { isNoteworthy, openReport, reportLines } from './report.ts'

export const migrateFromCommand: Command = {
  words: ['migrate-from'],
  usage:
    'NAME --url URL --user U [--password-stdin] [--into COLLECTION] [--only A,B] [--dry-run] [--follow] [--every 1m] [--with-deletions] [--report FILE] [--refused DIR]',
  summary:
    'Move in from another CardDAV and CalDAV server: copy, compare, report. Again it goes on and takes over changes.',
  options: {
    url: { type: 'string', help: 'the address of the other server, or of the account there' },
    user: { type: 'string', help: 'the user name there' },
    'password-stdin': { type: 'boolean', help: 'read the password there from standard input' },
    into: { type: 'string', help: 'the collection here that shall have everything' },
    only: { type: 'string', help: 'only these there: names, display names or URLs, separated by commas' },
    'dry-run': { type: 'boolean', help: 'store nothing, and report what would be' },
    follow: { type: 'boolean', help: 'go on with what changes there, until Ctrl-C' },
    every: { type: 'string', help: 'how often to look with --follow: 30s, 5m, 1h (default 1m)' },
    'with-deletions': { type: 'boolean', help: 'delete here what is gone there, however much it is' },
    report: { type: 'string', help: 'a file that gets everything as lines of JSON' },
    refused: { type: 'string', help: 'a folder that gets a copy of everything that was refused' },
  },
  run: async (invocation) => {
    const { settings, print, values } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const wanted = optionsOf(invocation)
    const password = await askPassword(
      values['password-stdin'] === true,
      `Password of ${wanted.user} at ${wanted.url.host}: `,
    )
    const stopping = new AbortController()
    const stop = (): void => stopping.abort()
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
    try {
      return await withServices(settings, (services) =>
        run(services, name, { ...wanted, password, signal: stopping.signal }, { print, invocation }),
      )
    } finally {
      process.removeListener('SIGINT', stop)
      process.removeListener('SIGTERM', stop)
    }
  },
}

interface Told {
  readonly print: (line: string) => void
  readonly invocation: Invocation
}

async function run(
  services: Services,
  name: string,
  options: MigrationOptions,
  { print, invocation }: Told,
): Promise<number> {
  const account = await services.store.read((reader) => findAccount(reader, name))
  const report = openReport(text(invocation, 'report'), text(invocation, 'refused'))
  const progress = createProgress('move in')
  const tally = new Map<string, number>()
  let batch: BatchId | undefined
  let isFollowing = false
  const told = { onProgress: progress.update, onBatch: (id: BatchId) => void (batch = id) }
  try {
    for await (const event of migrateFrom(services, account, { ...options, ...told })) {
      report.write(event)
      count(tally, event)
      if (event.kind === 'round') {
        if (options.followMs !== undefined && !isFollowing) print('following\tuntil Ctrl-C')
        isFollowing = true
      } else if (isNoteworthy(event) || (isFollowing && event.kind === 'item')) {
        progress.clear()
        for (const line of reportLines(event)) print(line)
      }
    }
  } finally {
    progress.clear()
    await report.close()
  }
  const summary = batch === undefined ? undefined : await summaryOf(services, batch)
  print(summary ? `${shownSummary(summary)} (migration ${batch})` : shownTally(tally))
  if (options.signal.aborted && !isFollowing) print('Stopped: the same command goes on.')
  return troubles.some((what) => (tally.get(what) ?? 0) > 0) ? 1 : 0
}

/** What a person has to look at. */
const troubles = ['conflict', 'refused', 'failed', 'differing', 'held', 'problem']

function count(tally: Map<string, number>, event: MigrationEvent): void {
  const what = event.kind === 'item' ? event.what : event.kind === 'compared' ? event.verdict : event.kind
  tally.set(what, (tally.get(what) ?? 0) + 1)
}

async function summaryOf({ store }: Services, batch: BatchId): Promise<MigrationSummary | undefined> {
  return store.read(async (reader) => {
    const source = await findSourceOfBatch(reader, batch)
    return source && summarize(reader, source)
  })
}

export function shownSummary(summary: MigrationSummary): string {
  return Object.entries(summary)
    .map(([what, number]) => `${number} ${what}`)
    .join(', ')
}

function shownTally(tally: ReadonlyMap<string, number>): string {
  const wanted = ['copied', 'refused', 'failed', 'vanished']
  return `${wanted.map((what) => `${tally.get(what) ?? 0} ${what}`).join(', ')} (dry run)`
}

function optionsOf(invocation: Invocation): Omit<MigrationOptions, 'password' | 'signal'> {
  const { values } = invocation
  const user = text(invocation, 'user')
  if (user === undefined || user === '') throw new UsageError('Missing: --user, the user name there.')
  const isTrial = values['dry-run'] === true
  const isFollowing = values.follow === true
  if (isTrial && isFollowing)
    throw new UsageError('A dry run follows nothing: leave --dry-run or --follow out.')
  const only = text(invocation, 'only')
    ?.split(',')
    .map((wish) => wish.trim())
  return {
    url: addressIn(invocation),
    user,
    only,
    into: text(invocation, 'into'),
    isTrial,
    followMs: isFollowing ? intervalIn(invocation) : undefined,
    withDeletions: values['with-deletions'] === true,
    // Whoever has this command may reach from this machine whatever he likes.
    mayReach: () => true,
  }
}

function addressIn(invocation: Invocation): URL {
  const given = text(invocation, 'url')?.trim()
  if (given === undefined || given === '')
    throw new UsageError('Missing: --url, the address of the other server.')
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new UsageError(`"${given}" is no address: give https://dav.example.org or the like.`)
  if (url.username !== '' || url.password !== '')
    throw new UsageError('Give the user as --user and the password on standard input, not in the address.')
  return url
}

function intervalIn(invocation: Invocation): number {
  const given = text(invocation, 'every') ?? '1m'
  const [, digits, unit = ''] = /^(\d{1,4})([smh])$/.exec(given) ?? []
  const seconds = Number(digits) * ({ s: 1, m: 60, h: 3_600 }[unit] ?? 0)
  if (!(seconds > 0)) throw new UsageError('Give --every as 30s, 5m or 1h.')
  return seconds * 1_000
}
