import { inList } from '../database.ts'
import type { CollectionId, CustomFieldId, PartyId } from '../ids.ts'
import { isAmong, isReadable, onCards, put, type Writing } from './conditions.ts'

/** What people are sorted by that is not their name. */
export type KeyedOrder =
  | { readonly by: 'created' | 'changed' | 'organisation' }
  /** The last call, visit or touch, or meeting in a calendar, until now. */
  | { readonly by: 'contact'; readonly kinds: readonly string[]; readonly now: number }
  | ((
      | { readonly by: 'custom'; readonly fieldId: CustomFieldId }
      | { readonly by: 'labelled'; readonly list: string; readonly labels: readonly string[] }
      /** Keys that are known, each with whose it is. */
      | { readonly by: 'given'; readonly keys: readonly (readonly [PartyId, string])[] }
    ) & {
      /** Of a field of one book: that. */
      readonly book: CollectionId | null
    })

/** Whether everybody has a key. */
export function isOfAll({ by }: KeyedOrder): boolean {
  return by === 'created' || by === 'changed'
}

/** A statement of those who have a key, each once, with `party_id` and `key`. */
export function keysOf(on: Writing, order: KeyedOrder): string {
  switch (order.by) {
    case 'created':
      return 'SELECT y.id AS party_id, y.created_at AS key FROM parties y'
    case 'changed': {
      const facts = 'SELECT y.id AS party_id, y.changed_at AS key FROM parties y'
      return greatest('max', [facts, ...onCards(on, 'objects', () => '1 = 1', ', f.modified_at AS key')])
    }
    case 'organisation':
      return greatest(
        'min',
        onCards(on, 'contact_fields', () => "f.kind = 'org'", ', f.folded AS key'),
      )
    case 'contact':
      return greatest('max', [contacts(on, order), ...meetings(on, order.now)])
    case 'custom': {
      const isField = `v.field_id = ${put(on, order.fieldId)}`
      const isHere = order.book === null ? '' : ` AND v.party_id IN (${peopleIn(on, order.book)})`
      return `SELECT v.party_id, v.sort_key AS key FROM custom_values v WHERE ${isField}${isHere}`
    }
    case 'labelled': {
      const { list, labels, book } = order
      const isField = (): string =>
        `f.list = ${put(on, list)} AND ${inList(on.dialect, 'f.label', put(on, labels), 'text')}
           ${book === null ? '' : ` AND q.party_id IN (${peopleIn(on, book)})`}`
      return greatest('min', onCards(on, 'labelled_values', isField, ', f.sort_key AS key'))
    }
    case 'given': {
      const isHere = order.book === null ? '' : ` WHERE g.party_id IN (${peopleIn(on, order.book)})`
      return `SELECT g.party_id, g.key FROM (${givenKeys(on, order.keys)}) g${isHere}`
    }
    default:
      return order satisfies never
  }
}

function givenKeys(on: Writing, keys: readonly (readonly [PartyId, string])[]): string {
  const given = put(on, JSON.stringify(keys))
  return on.dialect === 'sqlite'
    ? `SELECT json_extract(j.value, '$[0]') AS party_id, json_extract(j.value, '$[1]') AS key FROM json_each(${given}) j`
    : `SELECT (j.value->>0)::bigint AS party_id, j.value->>1 AS key FROM jsonb_array_elements(${given}::jsonb) j`
}

function greatest(which: 'min' | 'max', sets: readonly string[]): string {
  if (sets.length === 0) return `SELECT y.id AS party_id, '' AS key FROM parties y WHERE 1 = 0`
  return `SELECT s.party_id, ${which}(s.key) AS key FROM (${sets.join(' UNION ALL ')}) s GROUP BY s.party_id`
}

function peopleIn(on: Writing, book: CollectionId): string {
  return `SELECT h.party_id FROM placements h WHERE h.collection_id = ${put(on, book)} AND h.removed_at IS NULL`
}

function contacts(on: Writing, { kinds, now }: Extract<KeyedOrder, { readonly by: 'contact' }>): string {
  return `SELECT v.party_id, a.at AS key FROM activity_parties v JOIN activities a ON a.id = v.activity_id
    WHERE ${inList(on.dialect, 'a.kind', put(on, kinds), 'text')} AND a.at <= ${put(on, now)} AND ${isReadable(on)}`
}

/** Events that are over, of those who are linked to them or whose addresses they name. */
function meetings(on: Writing, now: number): readonly string[] {
  const { calendars } = on.sight
  if (calendars.length === 0) return []
  const from = 'calendar_objects c JOIN calendar_instances i ON i.object_id = c.object_id'
  const isOver = `c.component = 'VEVENT' AND ${isAmong(on, 'c.collection_id', calendars)}
    AND i.end_at <= ${put(on, now)} AND coalesce(i.status, '') <> 'CANCELLED'`
  const linked = `SELECT v.party_id, i.end_at AS key FROM ${from} JOIN party_links v ON v.target_id = c.object_id
    WHERE v.kind = 'object' AND ${isOver}`
  const spoken = `(SELECT e.mail, max(i.end_at) AS at FROM ${from} JOIN event_people e ON e.object_id = c.object_id
    WHERE ${isOver} GROUP BY e.mail)`
  const isNamed = "f.kind = 'email' AND f.folded IN (t.mail, 'mailto:' || t.mail)"
  return [linked, ...onCards(on, `${spoken} t CROSS JOIN contact_fields`, () => isNamed, ', t.at AS key')]
}
