import { defaults } from '../../../config/defaults.ts'
import { directoryOf, type Session } from '../../../src/auth/session.ts'
import { type Reach, reachOf } from '../../../src/features/people/reach.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import type { Account, TestServer } from '../../dav/server.ts'
import { rowOf } from '../world.ts'

/** A session of an account, as one that gave its password. */
export async function sessionFor(server: TestServer, account: Account): Promise<Session> {
  return {
    principal: await rowOf(server, account),
    deviceId: undefined,
    clientKind: undefined,
    lists: 'both',
    scope: 'write',
    directory: directoryOf(defaults),
    hasDirectoryBook: false,
  }
}

/** What an account reaches. */
export async function reachFor(server: TestServer, account: Account): Promise<Reach> {
  const session = await sessionFor(server, account)
  return server.services.store.read((reader) => reachOf(reader, session))
}

/** The row that says whose card it is, dead or alive: by the path of the card. */
export async function placedAt(server: TestServer, href: string): Promise<PlacementRow> {
  const name = decodeURIComponent(href.slice(href.lastIndexOf('/') + 1))
  const collection = href.split('/').at(-2)
  const segment = href.split('/').at(-3)
  const found = await server.services.store.read(({ sql }) =>
    sql.first<PlacementRow>(
      `SELECT p.object_id AS "objectId", p.party_id AS "partyId", p.collection_id AS "collectionId", p.kind, p.name,
         p.sort_key AS "sortKey", p.removed_at AS "removedAt", p.uid_key AS "uidKey"
       FROM placements p JOIN collections c ON c.id = p.collection_id JOIN principals y ON y.id = c.principal_id
       JOIN revisions r ON r.object_id = p.object_id
       WHERE r.name = $1 AND c.name = $2 AND y.segment = $3 ORDER BY r.id DESC`,
      [name, collection, segment],
    ),
  )
  if (!found) throw new Error(`Nobody is placed at ${href}.`)
  return found
}
