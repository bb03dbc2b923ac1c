import type { PartyId } from '../../../storage/ids.ts'
import { call } from '../../api/json.ts'
import type { Account, TestServer } from '../../dav/server.ts'

/** Whom the card at a path describes. */
export async function partyAt(server: TestServer, path: string): Promise<PartyId> {
  const [, , , segment = '', book = '', name = ''] = decodeURIComponent(path).split('/')
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ id: PartyId }>(
      `SELECT p.party_id AS id FROM placements p JOIN objects o ON o.id = p.object_id
       JOIN collections c ON c.id = o.collection_id JOIN principals u ON u.id = c.principal_id
       WHERE u.segment = $1 AND c.name = $2 AND o.name = $3`,
      [segment, book, name],
    ),
  )
  if (!row) throw new Error(`Nobody is at ${path}.`)
  return row.id
}

/** Everything about an account that a merge may change, without numbers that only count. */
export async function stateOf(server: TestServer, account: Account): Promise<unknown> {
  return server.services.store.read(async ({ sql }) => {
    const ids = (column: string): string =>
      `${column} IN (SELECT p.party_id FROM placements p JOIN collections c ON c.id = p.collection_id
        JOIN principals u ON u.id = c.principal_id WHERE u.segment = $1)`
    const rows = (text: string) => sql.all<Record<string, unknown>>(text, [account.segment])
    return {
      objects: await rows(
        `SELECT o.id, o.name, o.uid, o.etag, o.size, o.collection_id FROM objects o JOIN collections c ON c.id = o.collection_id
         JOIN principals u ON u.id = c.principal_id WHERE u.segment = $1 AND c.kind = 'addressbook' ORDER BY o.id`,
      ),
      placements: await rows(
        `SELECT object_id, party_id, collection_id, uid_key, kind, name, removed_at FROM placements
         WHERE ${ids('party_id')} ORDER BY object_id`,
      ),
      parties: await rows(`SELECT id, owner_id, merged_into FROM parties WHERE ${ids('id')} ORDER BY id`),
      values: await rows(`SELECT * FROM custom_values WHERE ${ids('party_id')} ORDER BY field_id, party_id`),
      history: await rows(`SELECT * FROM fact_revisions WHERE ${ids('party_id')} ORDER BY id`),
      pairs: await rows(`SELECT * FROM duplicate_pairs WHERE ${ids('party_a')} ORDER BY id`),
      keys: await rows(
        `SELECT k.key, k.object_id FROM match_keys k JOIN collections c ON c.id = k.collection_id
         JOIN principals u ON u.id = c.principal_id WHERE u.segment = $1 ORDER BY k.object_id, k.key`,
      ),
      aliases: await rows(
        `SELECT a.* FROM aliases a JOIN collections c ON c.id = a.collection_id JOIN principals u ON u.id = c.principal_id
         WHERE u.segment = $1`,
      ),
    }
  })
}

export interface AskedMerge {
  readonly choices?: Readonly<Record<string, string>>
  readonly inAllBooks?: boolean
}

/** Makes one of two people. */
export async function merge(
  account: Account,
  survivor: PartyId,
  loser: PartyId,
  asked: AskedMerge = {},
): Promise<{ status: number; id: number }> {
  const { status, json } = await call(account, 'POST', '/merges', { survivor, loser, ...asked })
  return { status, id: json.id }
}

export async function undo(account: Account, id: number): Promise<{ status: number; left: string[] }> {
  const { status, json } = await call(account, 'POST', `/merges/${id}/undo`)
  return { status, left: json.left }
}

/** Writes down a fact about somebody, as the history does. */
export async function addFact(server: TestServer, partyId: PartyId, key: string): Promise<void> {
  await server.services.store.write((tx) =>
    tx.sql.run(
      `INSERT INTO fact_revisions (party_id, kind, key, after_json, at, origin) VALUES ($1, 'test', $2, '{}', $3, 'web')`,
      [partyId, key, tx.now],
    ),
  )
}

/** Fills in fields of one's own. */
export async function addValue(
  server: TestServer,
  partyId: PartyId,
  field: number,
  value: string,
): Promise<void> {
  await server.services.store.write((tx) =>
    tx.sql.run('INSERT INTO custom_values (field_id, party_id, value, folded) VALUES ($1, $2, $3, $3)', [
      field,
      partyId,
      value,
    ]),
  )
}
