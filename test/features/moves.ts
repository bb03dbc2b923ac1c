import type { MigrationEvent } from '../../src/features/migration/events.ts'
import { type MigrationOptions, migrateFrom } from '../../src/features/migration/migrate.ts'
import { summarize } from '../../src/features/migration/summary.ts'
import type { BatchId } from '../../storage/ids.ts'
import { findSourceOfBatch } from '../../storage/migration-sources/sources.ts'
import type { Account, TestServer } from '../dav/server.ts'
import { rowOf } from './world.ts'

/** What a migration did and told. */
export interface Moved {
  readonly batch: BatchId
  readonly events: readonly MigrationEvent[]
  /** `what name`, of every item that was dealt with. */
  readonly items: readonly string[]
  /** What did not go as it should. */
  readonly odd: readonly MigrationEvent[]
}

/** Moves one account of a server into another one of it. */
export async function move(
  server: TestServer,
  from: Account,
  to: Account,
  options: Partial<MigrationOptions> = {},
): Promise<Moved> {
  let batch: BatchId = 0
  const events: MigrationEvent[] = []
  const whole: MigrationOptions = {
    url: new URL(server.url),
    user: from.name,
    password: from.password,
    mayReach: () => true,
    signal: new AbortController().signal,
    onBatch: (id) => {
      batch = id
    },
    ...options,
  }
  for await (const told of migrateFrom(server.services, await rowOf(server, to), whole)) events.push(told)
  const items = events.flatMap((told) => (told.kind === 'item' ? `${told.what} ${nameOf(told.href)}` : []))
  return { batch, events, items, odd: events.filter((told) => !isUsual(told)) }
}

function isUsual(told: MigrationEvent): boolean {
  if (told.kind === 'item') return told.what === 'copied' || told.what === 'unchanged'
  return told.kind === 'compared' ? told.verdict === 'identical' : ['collection', 'round'].includes(told.kind)
}

const nameOf = (href: string): string => decodeURIComponent(href.split('/').at(-1) ?? '')

export async function summaryOf({ services }: TestServer, batch: BatchId) {
  return services.store.read(async (reader) => {
    const source = await findSourceOfBatch(reader, batch)
    return source && summarize(reader, source)
  })
}

/** The members of a collection, or the collections of a home. */
export async function hrefsIn(account: Account, path: string): Promise<string[]> {
  const { hrefs } = await account.propfind(path, 1, ['{DAV:}getetag'])
  return hrefs.filter((href) => href !== path).sort()
}
