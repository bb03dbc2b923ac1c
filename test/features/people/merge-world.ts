import type { PartyId } from '../../../storage/ids.ts'
import { factTables } from '../../../storage/people/fact-tables.ts'
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
export async function stateOf(server: TestServer, account: Account) {
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
      facts: await Promise.all(
        factTables.map(
          async ({ table, parties, key }): Promise<[string, Record<string, unknown>[]]> => [
            table,
            // What follows a change of a card stands in the history, and so does what follows its undoing.
            await rows(`SELECT * FROM ${table} WHERE (${parties.map(ids).join(' OR ')})
            ${table === 'fact_revisions' ? "AND kind = 'test'" : ''} ORDER BY ${key.join(', ')}`),
          ],
        ),
      ),
      history: await rows(
        `SELECT party_id, key FROM fact_revisions WHERE kind = 'test' AND ${ids('party_id')} ORDER BY id`,
      ),
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

/** Facts of every kind about somebody, as rows of their tables; each number makes others. */
export async function addFacts(
  server: TestServer,
  partyId: PartyId,
  numbers: readonly number[],
  others: readonly PartyId[],
): Promise<void> {
  const fields = await customFields(server)
  const notes = await writtenNotes(server)
  await server.services.store.write(async ({ sql, now }) => {
    for (const number of numbers) {
      const other = others[number % others.length] ?? partyId
      const made: readonly (readonly [string, readonly unknown[]])[] = [
        [
          'INSERT INTO party_roles (party_id, role, at) VALUES ($1, $2, $3)',
          [partyId, `role ${number}`, now],
        ],
        [
          `INSERT INTO memberships (party_id, org_id, org_name, department, title, role, is_primary)
           VALUES ($1, $2, 'Lyra', '', $3, '', $4)`,
          [partyId, other === partyId ? null : other, `title ${number}`, number % 2],
        ],
        [
          "INSERT INTO relations (party_id, other_id, type, inverse, name, other_name) VALUES ($1, $2, 'friend', 'friend', '', '')",
          [partyId, other === partyId ? null : other],
        ],
        [
          'INSERT INTO custom_values (field_id, party_id, value, folded) VALUES ($1, $2, $3, $3)',
          [fields[number % fields.length], partyId, JSON.stringify(`value ${number}`)],
        ],
        [
          `INSERT INTO org_links (party_id, parent_id, kind) SELECT CAST($1 AS bigint), CAST($2 AS bigint), 'branch'
           WHERE $1 <> $2`,
          [partyId, other],
        ],
        [
          "INSERT INTO suggestions (party_id, kind, key, data_json, created_at) VALUES ($1, 'test', $2, '{}', $3)",
          [partyId, String(number), now],
        ],
        [
          `INSERT INTO cadences (party_id, principal_id, every_days, began_at, version)
           SELECT p.party_id, c.principal_id, CAST($2 AS bigint), CAST($3 AS bigint), 1
           FROM placements p JOIN collections c ON c.id = p.collection_id
           WHERE p.party_id = $1 LIMIT 1`,
          [partyId, 10 + number, now],
        ],
        [
          'INSERT INTO activity_parties (party_id, activity_id, at) VALUES ($1, $2, $3)',
          [partyId, notes[number % notes.length], now],
        ],
        [
          "INSERT INTO party_links (party_id, kind, target_id, at) VALUES ($1, 'event', $2, $3)",
          [partyId, 1_000 + number, now],
        ],
        [
          `INSERT INTO consents (party_id, channel, purpose, purpose_key, state, given_on, expires_on)
           VALUES ($1, 'mail', $2, $2, $3, '2026-01-01', $4)`,
          [
            partyId,
            `purpose ${number % 4}`,
            number % 3 === 0 ? 'refused' : 'given',
            `20${40 + number}-01-01`,
          ],
        ],
        [
          "INSERT INTO fact_revisions (party_id, other_id, kind, key, after_json, at, origin) VALUES ($1, $2, 'test', $3, '{}', $4, 'web')",
          [partyId, other, String(number), now],
        ],
      ]
      for (const [text, params] of made) await sql.run(`${text} ON CONFLICT DO NOTHING`, params)
    }
  })
}

/** Two notes that are about nobody yet. */
function writtenNotes(server: TestServer): Promise<number[]> {
  return server.services.store.write(async ({ sql, now }) => {
    const known = await sql.all<{ id: number }>("SELECT id FROM activities WHERE html = 'test' ORDER BY id")
    if (known.length > 0) return known.map(({ id }) => id)
    const made: number[] = []
    for (let note = 0; note < 2; note += 1) {
      const row = await sql.first<{ id: number }>(
        `INSERT INTO activities (kind, at, visibility, html, text, version, created_at, changed_at)
         VALUES ('note', $1, 'public', 'test', 'test', 1, $1, $1) RETURNING id`,
        [now],
      )
      if (row) made.push(row.id)
    }
    return made
  })
}

/** Two fields that everybody has, made once. */
function customFields(server: TestServer): Promise<number[]> {
  return server.services.store.write(async ({ sql, now }) => {
    for (const key of ['test-one', 'test-two']) {
      await sql.run(
        `INSERT INTO custom_fields (key, label, former_labels, type, options, position, version, created_at, changed_at)
         VALUES ($1, $1, '[]', 'text', '{}', 0, 1, $2, $2) ON CONFLICT DO NOTHING`,
        [key, now],
      )
    }
    const rows = await sql.all<{ id: number }>(
      "SELECT id FROM custom_fields WHERE key LIKE 'test-%' ORDER BY id",
    )
    return rows.map(({ id }) => id)
  })
}
