import { readMultistatus, syncBody } from '../../dav/client.ts'
import type { Account, TestServer } from '../../dav/server.ts'

const everything =
  '<d:propfind xmlns:d="DAV:" xmlns:cs="http://calendarserver.org/ns/"><d:allprop/><d:include><d:sync-token/><cs:getctag/></d:include></d:propfind>'
const xml = { 'Content-Type': 'application/xml' }

/** All that a client of the account could notice: every property and tag of what it has, and what a sync says of it. */
export async function seenBy(account: Account): Promise<readonly string[]> {
  const answers: string[] = []
  const ask = async (method: string, path: string, body: string, depth = '1') => {
    const answer = await account.request(method, path, { headers: { ...xml, Depth: depth }, body })
    answers.push(`${method} ${path} ${answer.status} ${answer.text}`)
    return answer
  }
  await ask('PROPFIND', account.principal, everything, '0')
  for (const home of [account.calendars, account.books, account.files]) {
    const listed = readMultistatus(await ask('PROPFIND', home, everything))
    await ask('REPORT', home, syncBody(''))
    for (const path of listed.hrefs.filter((one) => one !== home)) {
      await ask('PROPFIND', path, everything)
      await ask('REPORT', path, syncBody(''))
    }
  }
  return answers
}

/** What is synced of everybody's, as it is kept: the feeds, and what stands in them. */
export function feedsOf({ services }: TestServer): Promise<readonly unknown[]> {
  return services.store.read(async ({ sql }) => [
    await sql.all('SELECT id, change, floor, closed FROM feeds ORDER BY id'),
    await sql.all('SELECT id, collection_id, name, etag, change FROM objects ORDER BY id'),
    await sql.all('SELECT id, home_id, name, home_change, deleted_at FROM collections ORDER BY id'),
    await sql.all('SELECT collection_id, name, change FROM tombstones ORDER BY collection_id, name'),
  ])
}
