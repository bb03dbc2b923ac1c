import type { Reader } from './store.ts'

/** What must hold between the tables after every write: the query finds the rows for which it does not. */
const laws: Readonly<Record<string, string>> = {
  'a member has a higher change number than its feed': `SELECT o.id FROM objects o
    JOIN collections c ON c.id = o.collection_id JOIN feeds f ON f.id = c.feed_id WHERE o.change > f.change`,
  'two entries of a feed have the same change number': `SELECT collection_id, change FROM
    (SELECT collection_id, change FROM objects UNION ALL SELECT collection_id, change FROM tombstones) entries
    GROUP BY collection_id, change HAVING count(*) > 1`,
  'a member has no body': `SELECT o.id FROM objects o
    WHERE NOT EXISTS (SELECT 1 FROM bodies b WHERE b.id = o.body_id)`,
  'a body is not as long as its member says': `SELECT o.id FROM objects o
    JOIN bodies b ON b.id = o.body_id WHERE length(b.bytes) + b.media_bytes <> o.size`,
  'a body has not the media it says': `SELECT b.id FROM bodies b LEFT JOIN (
      SELECT body_id, sum(text_bytes) AS octets FROM body_media GROUP BY body_id) m ON m.body_id = b.id
    WHERE coalesce(m.octets, 0) <> b.media_bytes`,
  'media belong to no body, or to one that is gone': `SELECT id FROM media m
    WHERE NOT EXISTS (SELECT 1 FROM body_media b WHERE b.media_id = m.id)
    UNION ALL SELECT body_id FROM body_media b WHERE NOT EXISTS (SELECT 1 FROM bodies o WHERE o.id = b.body_id)
      OR NOT EXISTS (SELECT 1 FROM media m WHERE m.id = b.media_id)`,
  'the newest revision of a member is not its state': `SELECT o.id FROM objects o
    LEFT JOIN revisions r ON r.id = (SELECT max(last.id) FROM revisions last WHERE last.object_id = o.id)
    WHERE r.id IS NULL OR r.etag <> o.etag OR r.name <> o.name OR r.collection_id <> o.collection_id
      OR r.body_id IS NULL OR r.body_id <> o.body_id OR r.kind = 'deleted' OR r.change <> o.change`,
  'a dead object has a newest revision that is no deletion': `SELECT r.id FROM revisions r
    WHERE r.kind <> 'deleted' AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.id = r.object_id)
      AND NOT EXISTS (SELECT 1 FROM revisions later WHERE later.object_id = r.object_id AND later.id > r.id)`,
  'a revision points to a body that is gone': `SELECT r.id FROM revisions r
    WHERE r.body_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bodies b WHERE b.id = r.body_id)
      OR r.sent_body_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bodies b WHERE b.id = r.sent_body_id)`,
  'a body belongs to nothing': `SELECT b.id FROM bodies b
    WHERE NOT EXISTS (SELECT 1 FROM objects o WHERE o.body_id = b.id)
      AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.body_id = b.id OR r.sent_body_id = b.id)`,
  'a body belongs to two objects': `SELECT body_id FROM revisions
    WHERE body_id IS NOT NULL GROUP BY body_id HAVING count(DISTINCT object_id) > 1`,
  'a living name has a tombstone': `SELECT o.id FROM objects o
    JOIN tombstones t ON t.collection_id = o.collection_id AND t.name = o.name`,
  'a tombstone has a higher change number than its feed': `SELECT t.name FROM tombstones t
    JOIN collections c ON c.id = t.collection_id JOIN feeds f ON f.id = c.feed_id WHERE t.change > f.change`,
  'a deletion has neither tombstone nor successor': `SELECT r.id FROM revisions r
    JOIN collections c ON c.id = r.collection_id JOIN feeds f ON f.id = c.feed_id
    WHERE r.kind = 'deleted' AND r.change > f.floor
      AND NOT EXISTS (SELECT 1 FROM tombstones t
        WHERE t.collection_id = r.collection_id AND t.name = r.name AND t.change >= r.change)
      AND NOT EXISTS (SELECT 1 FROM objects o
        WHERE o.collection_id = r.collection_id AND o.name = r.name AND o.change >= r.change)`,
  'what an account keeps is not what is counted for it': `SELECT p.id FROM principals p
    LEFT JOIN quotas q ON q.principal_id = p.id
    LEFT JOIN (SELECT principal_id, sum(size) AS bytes FROM
        (SELECT c.principal_id, o.size FROM objects o JOIN collections c ON c.id = o.collection_id
          WHERE c.deleted_at IS NULL AND c.generated IS NULL
        UNION ALL SELECT principal_id, size FROM nodes WHERE deleted_root IS NULL) living
      GROUP BY principal_id) kept ON kept.principal_id = p.id
    WHERE coalesce(q.used_bytes, 0) <> coalesce(kept.bytes, 0)`,
  'what a generated collection holds is not what it was made from': `SELECT o.id FROM objects o
    JOIN collections c ON c.id = o.collection_id AND c.generated = 'birthdays'
    WHERE NOT EXISTS (SELECT 1 FROM generated_members g WHERE g.collection_id = c.id AND g.name = o.name)
    UNION ALL SELECT g.collection_id FROM generated_members g WHERE NOT EXISTS
      (SELECT 1 FROM objects o WHERE o.collection_id = g.collection_id AND o.name = g.name)`,
  'a book that has birthdays is not followed': `SELECT b.id FROM birthday_calendars y
    JOIN collections b ON b.id = y.book_id JOIN feeds f ON f.id = b.feed_id
    WHERE y.through >= 0 AND f.followed <> 1`,
  'something is written about nobody': `SELECT id FROM activities a
    WHERE NOT EXISTS (SELECT 1 FROM activity_parties p WHERE p.activity_id = a.id)`,
  'the history tells of somebody who is gone': `SELECT id FROM fact_revisions f
    WHERE NOT EXISTS (SELECT 1 FROM parties y WHERE y.id = f.party_id)`,
  'somebody is tied to what is gone': `SELECT id FROM party_links l
    WHERE l.kind = 'object' AND NOT EXISTS (SELECT 1 FROM objects o WHERE o.id = l.target_id)
        AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.object_id = l.target_id)
      OR l.kind = 'node' AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = l.target_id)`,
  'a note is found that is gone': `SELECT id FROM search_documents d WHERE d.source = 'note'
    AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.id = d.source_id)`,
  'a UID lives twice in a collection': `SELECT collection_id FROM objects
    WHERE uid IS NOT NULL GROUP BY collection_id, uid HAVING count(*) > 1`,
  'an index row names another collection than its member': `SELECT i.object_id FROM
    (SELECT object_id, collection_id FROM calendar_objects UNION ALL
     SELECT object_id, collection_id FROM contact_fields UNION ALL
     SELECT object_id, collection_id FROM labelled_values UNION ALL
     SELECT object_id, collection_id FROM event_people UNION ALL
     SELECT object_id, collection_id FROM list_faces UNION ALL
     SELECT object_id, collection_id FROM card_labels UNION ALL
     SELECT object_id, collection_id FROM list_members) i
    LEFT JOIN objects o ON o.id = i.object_id WHERE o.id IS NULL OR o.collection_id <> i.collection_id`,
  'what is found is no member, or in another collection': `SELECT d.id FROM search_documents d
    LEFT JOIN objects o ON o.id = d.object_id
    WHERE d.object_id IS NOT NULL AND (o.id IS NULL OR d.scope <> o.collection_id * 4)`,
  'the index of searches has what is not found any more': `SELECT e.document_id FROM search_entries e
    WHERE NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.id = e.document_id AND d.scope = e.scope AND d.pending = 0)
      AND NOT EXISTS (SELECT 1 FROM search_removed r WHERE r.document_id = e.document_id)
    UNION ALL SELECT g.rowid FROM search_grams g
    WHERE NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.id = g.rowid AND d.pending = 0)
      AND NOT EXISTS (SELECT 1 FROM search_removed r WHERE r.document_id = g.rowid)`,
  'the index of searches lacks what is found': `SELECT d.id FROM search_documents d
    WHERE d.pending = 0 AND (NOT EXISTS (SELECT 1 FROM search_grams g WHERE g.rowid = d.id)
      OR (d.entries <> '[]' AND NOT EXISTS (SELECT 1 FROM search_entries e WHERE e.document_id = d.id)))`,
  'a face has a higher change number than its card, or a feed that knows of no lists': `SELECT i.object_id
    FROM list_faces i JOIN objects o ON o.id = i.object_id JOIN collections c ON c.id = o.collection_id
    JOIN feeds f ON f.id = c.feed_id WHERE i.bare_change > o.change OR f.lists_since IS NULL`,
  'a card is in lists, or has members, and has no face': `SELECT i.object_id FROM
    (SELECT object_id, 'person' AS kind FROM card_labels UNION ALL SELECT object_id, 'group' FROM list_members) i
    LEFT JOIN list_faces f ON f.object_id = i.object_id WHERE f.object_id IS NULL OR f.kind <> i.kind`,
  'a card is placed where it is not, or is not placed as it lives': `SELECT p.object_id FROM placements p
    LEFT JOIN objects o ON o.id = p.object_id
    WHERE (o.id IS NULL) <> (p.removed_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM list_faces f
        WHERE f.object_id = p.object_id AND f.kind = 'group'))
      OR o.collection_id <> p.collection_id`,
  'somebody has no card, not even in the trash': `SELECT id FROM parties y
    WHERE y.merged_into IS NULL AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.party_id = y.id)`,
  'a card is placed in a book that the server makes': `SELECT p.object_id FROM placements p
    JOIN collections c ON c.id = p.collection_id WHERE c.kind <> 'addressbook'`,
  'an instance has no calendar object': `SELECT i.object_id FROM calendar_instances i
    WHERE NOT EXISTS (SELECT 1 FROM calendar_objects k WHERE k.object_id = i.object_id)`,
  'a collection has a higher change number than its home': `SELECT c.id FROM collections c
    JOIN homes h ON h.id = c.home_id JOIN feeds f ON f.id = h.feed_id
    WHERE c.home_change > f.change OR c.deleted_change > f.change`,
  'a living collection has a tombstone': `SELECT c.id FROM collections c
    JOIN collection_tombstones t ON t.home_id = c.home_id AND t.name = c.name WHERE c.deleted_at IS NULL`,
  'a collection and its feed do not agree whether it lives': `SELECT c.id FROM collections c
    JOIN feeds f ON f.id = c.feed_id
    WHERE (f.closed = 1) <> (c.deleted_at IS NOT NULL) OR f.collection_id <> c.id`,
  'a collection, a home or a feed has lost the other': `SELECT c.id FROM collections c
    WHERE NOT EXISTS (SELECT 1 FROM feeds f WHERE f.id = c.feed_id)
    UNION ALL SELECT h.id FROM homes h WHERE NOT EXISTS (SELECT 1 FROM feeds f WHERE f.id = h.feed_id)
    UNION ALL SELECT f.id FROM feeds f
      WHERE NOT EXISTS (SELECT 1 FROM collections c WHERE c.feed_id = f.id)
        AND NOT EXISTS (SELECT 1 FROM homes h WHERE h.feed_id = f.id)
        AND NOT EXISTS (SELECT 1 FROM mounts m WHERE m.feed_id = f.id)
        AND (f.kind <> 'notifications' OR NOT EXISTS (SELECT 1 FROM principals p WHERE p.id = f.principal_id))
    UNION ALL SELECT m.id FROM mounts m WHERE NOT EXISTS (SELECT 1 FROM feeds f WHERE f.id = m.feed_id)`,
  'a principal has two feeds of notifications, or what it is told no feed': `SELECT principal_id FROM feeds
    WHERE kind = 'notifications' GROUP BY principal_id HAVING count(*) > 1
    UNION ALL SELECT n.principal_id FROM notifications n LEFT JOIN feeds f
      ON f.principal_id = n.principal_id AND f.kind = 'notifications' WHERE f.id IS NULL OR n.change > f.change`,
  'two notifications of a principal have the same change number': `SELECT principal_id, change FROM notifications
    GROUP BY principal_id, change HAVING count(*) > 1`,
  'a mount has the name of a collection of its home': `SELECT m.id FROM mounts m
    JOIN collections c ON c.home_id = m.home_id AND c.name = m.name
    WHERE c.deleted_at IS NULL AND m.state = 'accepted'`,
  'a mount has no share that reaches its user, or not the access of the strongest one': `WITH RECURSIVE
      reached(collection_id, access, id) AS (
        SELECT s.collection_id, CASE s.access WHEN 'free-busy' THEN 0 WHEN 'read' THEN 1 WHEN 'no-delete' THEN 2
          ELSE 3 END, s.principal_id FROM shares s
        UNION SELECT r.collection_id, r.access, g.member_id FROM group_members g JOIN reached r ON r.id = g.group_id)
    SELECT m.id, m.access FROM mounts m JOIN collections c ON c.id = m.collection_id AND c.deleted_at IS NULL
    LEFT JOIN reached r ON r.collection_id = m.collection_id AND r.id = m.principal_id
    WHERE m.state <> 'withdrawn' GROUP BY m.id, m.access
    HAVING coalesce(max(r.access), -1) <> CASE m.access WHEN 'free-busy' THEN 0 WHEN 'read' THEN 1
      WHEN 'no-delete' THEN 2 ELSE 3 END`,
  'a mount shows another view than its access allows': `SELECT m.id FROM mounts m
    JOIN collections c ON c.id = m.collection_id
    WHERE (m.access = 'free-busy') <> (m.view = 'busy') OR (c.kind = 'addressbook' AND m.view <> 'whole')`,
  'a mount that shows has a tombstone': `SELECT m.id FROM mounts m
    JOIN collections c ON c.id = m.collection_id AND c.deleted_at IS NULL
    JOIN collection_tombstones t ON t.home_id = m.home_id AND t.name = m.name WHERE m.state = 'accepted'`,
  'a mount has a higher change number than its home': `SELECT m.id FROM mounts m
    JOIN homes h ON h.id = m.home_id JOIN feeds f ON f.id = h.feed_id WHERE m.home_change > f.change`,
  'a mount is in the home of another account, or of another kind': `SELECT m.id FROM mounts m
    JOIN homes h ON h.id = m.home_id JOIN collections c ON c.id = m.collection_id
    WHERE h.principal_id <> m.principal_id OR (c.principal_id = m.principal_id AND m.state <> 'withdrawn')
      OR (h.kind = 'calendars') <> (c.kind = 'calendar')`,
  'a node has a higher change number than its home': `SELECT n.id FROM nodes n
    JOIN homes h ON h.id = n.home_id JOIN feeds f ON f.id = h.feed_id WHERE n.change > f.change`,
  'two entries of a home of files have the same change number': `SELECT home_id, change FROM
    (SELECT home_id, change FROM nodes WHERE deleted_root IS NULL
     UNION ALL SELECT home_id, change FROM node_tombstones) entries
    GROUP BY home_id, change HAVING count(*) > 1`,
  'a node lives where there is no living folder': `SELECT n.id FROM nodes n
    WHERE n.deleted_root IS NULL AND n.parent_id <> 0 AND NOT EXISTS (SELECT 1 FROM nodes p
      WHERE p.id = n.parent_id AND p.home_id = n.home_id AND p.kind = 'folder' AND p.deleted_root IS NULL)`,
  'a node and its home do not agree on their owner': `SELECT n.id FROM nodes n
    JOIN homes h ON h.id = n.home_id WHERE h.principal_id <> n.principal_id`,
  'a file has no octets, or not as many as it says': `SELECT n.id FROM nodes n
    LEFT JOIN blobs b ON b.id = n.blob_id
    WHERE (n.kind = 'file') <> (b.id IS NOT NULL) OR (n.kind = 'file' AND b.size <> n.size)`,
  'the newest revision of a node is not its state': `SELECT n.id FROM nodes n
    LEFT JOIN node_revisions r ON r.id = (SELECT max(last.id) FROM node_revisions last WHERE last.node_id = n.id)
    WHERE n.deleted_root IS NULL AND (r.id IS NULL OR r.etag <> n.etag OR r.name <> n.name
      OR coalesce(r.blob_id, 0) <> coalesce(n.blob_id, 0) OR r.kind IN ('deleted', 'replaced'))`,
  'a node in the trash belongs to nothing in the trash': `SELECT n.id FROM nodes n
    WHERE n.deleted_root IS NOT NULL AND NOT EXISTS (SELECT 1 FROM nodes root
      WHERE root.id = n.deleted_root AND root.deleted_root = root.id AND root.deleted_at IS NOT NULL)`,
  'a node was deleted and lives': `SELECT n.id FROM nodes n
    WHERE n.deleted_root IS NULL AND n.deleted_at IS NOT NULL`,
  'the name of a living file has a tombstone': `SELECT n.id FROM nodes n
    JOIN node_tombstones t ON t.home_id = n.home_id AND t.parent_id = n.parent_id AND t.folded_name = n.folded_name
    WHERE n.deleted_root IS NULL AND n.kind = 'file' AND t.kind = 'file'`,
  'a tombstone of a node has a higher change number than its home': `SELECT t.name FROM node_tombstones t
    JOIN homes h ON h.id = t.home_id JOIN feeds f ON f.id = h.feed_id WHERE t.change > f.change`,
  'a dead property or an entry of a list belongs to no node': `SELECT target_id FROM
    (SELECT target_kind, target_id FROM dead_properties UNION ALL SELECT target_kind, target_id FROM aces) held
    WHERE target_kind = 'node' AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = held.target_id)`,
  'a layer has a higher change number than the feed of its view, or no mount': `SELECT l.object_id
    FROM member_layers l LEFT JOIN mounts m ON m.principal_id = l.principal_id AND m.collection_id = l.collection_id
    LEFT JOIN feeds f ON f.id = m.feed_id WHERE f.id IS NULL OR l.change > f.change`,
  'a layer is in another collection than its member': `SELECT l.object_id FROM member_layers l
    JOIN objects o ON o.id = l.object_id WHERE o.collection_id <> l.collection_id`,
}

/** All laws in one statement: the names of those that are broken. */
const whichAreBroken = Object.entries(laws)
  .map(([law, query]) => `SELECT '${law}' AS law WHERE EXISTS (${query})`)
  .join(' UNION ALL ')

/** Looks at every table. @returns a sentence for each law that is broken; nothing when the world is whole */
export async function checkInvariants(reader: Reader): Promise<string[]> {
  const broken: string[] = []
  for (const { law } of await reader.sql.all<{ readonly law: string }>(whichAreBroken)) {
    const rows = await reader.sql.all<Record<string, unknown>>(`${laws[law]} LIMIT 5`)
    broken.push(`${law}: ${JSON.stringify(rows)}`)
  }
  return broken
}
