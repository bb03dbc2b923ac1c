import { card } from '../dav/objects.ts'
import type { Account, TestServer } from '../dav/server.ts'

/** Cards that are put as a phone puts them; all others are copies of their rows. */
const seeds = 260

/**
 * Fills a book with so many people, every second of whom has the label Half, in sets: all that lists are drawn from and changes are
 * made of, and nothing that only history needs. SQLite's.
 * @param count  a multiple of 260
 */
export async function fillMany(server: TestServer, account: Account, count: number): Promise<void> {
  for (let n = 0; n < seeds; n += 1) {
    const letter = String.fromCharCode(65 + (n % 26))
    const name = `Pat ${letter}ander${String(n).padStart(3, '0')}`
    const label = n % 2 === 0 ? ['CATEGORIES:Half'] : []
    await account.put(
      `${account.contacts}s${n}.vcf`,
      card(`s${n}`, name, [`EMAIL:s${n}@example.org`, ...label]),
    )
  }
  await server.services.store.write(async ({ sql }) => {
    const of = (table: string): string => `FROM ${table} t JOIN seeds s ON s.id = t.object_id, copies c`
    // Ids of the copies lie far behind those that the server gives.
    await sql.run(`CREATE TEMP TABLE seeds AS SELECT p.object_id AS id, p.party_id AS party FROM placements p
      JOIN objects o ON o.id = p.object_id WHERE o.name LIKE 's%.vcf'`)
    await sql.run(`CREATE TEMP TABLE copies AS WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up
      WHERE n < ${count / seeds - 1}) SELECT n, n * 1000000 AS far FROM up`)
    await sql.run(`INSERT INTO parties SELECT t.id + c.far, owner_id, merged_into, version, created_at, changed_at
      FROM parties t JOIN seeds s ON s.party = t.id, copies c`)
    await sql.run(`INSERT INTO bodies (id, bytes)
      SELECT b.id + c.far, CAST(replace(CAST(b.bytes AS text), 'UID:', 'UID:' || c.n) AS blob)
      FROM objects t JOIN seeds s ON s.id = t.id JOIN bodies b ON b.id = t.body_id, copies c`)
    await sql.run(`INSERT INTO objects (id, collection_id, name, uid, component, media_type, version, etag, schedule_tag, size,
        change, body_id, created_at, modified_at)
      SELECT t.id + c.far, collection_id, c.n || name, c.n || uid, component, media_type, version, etag, schedule_tag,
        size + length(c.n), change, body_id + c.far, created_at, modified_at
      FROM objects t JOIN seeds s ON s.id = t.id, copies c`)
    await sql.run(`INSERT INTO placements (object_id, party_id, collection_id, uid_key, kind, name, sort_key, removed_at)
      SELECT t.object_id + c.far, t.party_id + c.far, collection_id, c.n || uid_key, kind, name || ' ' || c.n,
        sort_key || ' ' || c.n, removed_at ${of('placements')}`)
    await sql.run(`INSERT INTO contact_fields (collection_id, object_id, kind, folded, value)
      SELECT collection_id, object_id + c.far, t.kind, folded, value ${of('contact_fields')} WHERE t.kind IN ('fn', 'email')`)
    await sql.run(`INSERT INTO list_faces (object_id, collection_id, kind, name, bare_etag, bare_size, bare_change, made, group_since)
      SELECT t.object_id + c.far, t.collection_id, t.kind, t.name, bare_etag, bare_size, bare_change, made, group_since
      ${of('list_faces')}`)
    await sql.run(`INSERT INTO card_labels (object_id, label, collection_id)
      SELECT t.object_id + c.far, t.label, t.collection_id ${of('card_labels')}`)
    for (const table of ['seeds', 'copies']) await sql.run(`DROP TABLE ${table}`)
  })
}
