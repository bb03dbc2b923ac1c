import { expect } from 'vitest'
import type { Ranked } from '../../../src/features/search/rank.ts'
import { type SearchRequest, search } from '../../../src/features/search/search.ts'
import { scopeOf } from '../../../storage/search/scopes.ts'
import { settleSearch } from '../../../storage/search/settle.ts'
import type { Account, TestServer } from '../../dav/server.ts'

/** Stores cards of these lines, and gives their paths. */
export async function addCards(account: Account, cards: readonly (readonly string[])[]): Promise<string[]> {
  const paths: string[] = []
  for (const lines of cards) {
    const uid = crypto.randomUUID()
    const path = `${account.contacts}${uid}.vcf`
    const body = ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, ...lines, 'END:VCARD', ''].join('\r\n')
    expect((await account.put(path, body)).status).toBe(201)
    paths.push(path)
  }
  return paths
}

/** A card of somebody, with the name in the order of the family. */
export function named(given: string, family: string, ...more: readonly string[]): readonly string[] {
  return [`FN:${given} ${family}`, `N:${family};${given};;;`, ...more]
}

/** Searches in all that an account has, without asking for rights. */
export async function find(
  { services }: Pick<TestServer, 'services'>,
  account: Account,
  text: string,
  asked: Partial<SearchRequest> = {},
): Promise<Ranked[]> {
  return services.store.read(async (reader) => {
    const rows = await reader.sql.all<{ id: number }>(
      'SELECT c.id FROM collections c JOIN principals p ON p.id = c.principal_id WHERE p.segment = $1',
      [account.segment],
    )
    const scopes = rows.map(({ id }) => scopeOf.collection(id))
    return search(reader, {
      text,
      scopes,
      kinds: ['person', 'org', 'event'],
      limit: 20,
      country: '49',
      ...asked,
    })
  })
}

/** The titles that are found. */
export async function titles(...asked: Parameters<typeof find>): Promise<string[]> {
  return (await find(...asked)).map(({ row }) => row.title)
}

/** Brings everything that waits into the indexes. */
export async function settle({ services }: Pick<TestServer, 'services'>): Promise<void> {
  while ((await services.store.write(settleSearch)) > 0);
}
