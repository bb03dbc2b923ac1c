import { type Dialect, inList } from '../database.ts'
import type { CollectionId, PartyId } from '../ids.ts'
import type { Asked, Match, Sight, Span, Wanted } from './wanted.ts'

/** What a condition is written with: it adds its parameters to those of the statement. */
export interface Writing {
  readonly dialect: Dialect
  readonly sight: Sight
  readonly params: unknown[]
  /** The parameter of the people that it is about; without one everybody. */
  readonly within?: string | undefined
}

/** Begins a statement about people as somebody sees them. @param within  the only people it is about */
export function writing(dialect: Dialect, sight: Sight, within?: readonly PartyId[]): Writing {
  const params: unknown[] = []
  return { dialect, sight, params, within: within && `$${params.push(within)}` }
}

/** The parameter of a value. */
export function put({ params }: Writing, value: unknown): string {
  return `$${params.push(value)}`
}

/** Whether a column is one of these ids. */
export function isAmong(on: Writing, column: string, ids: readonly number[]): string {
  return ids.length === 0 ? '1 = 0' : inList(on.dialect, column, put(on, ids), 'bigint')
}

/** The condition on the placement `p` that a person is shown by. Every question is a set of people, worked out once. */
export function conditionOf(on: Writing, wanted: Wanted): string {
  if ('all' in wanted) return joined(on, wanted.all, ' AND ', '1 = 1')
  if ('any' in wanted) return joined(on, wanted.any, ' OR ', '1 = 0')
  if ('not' in wanted) return `NOT ${conditionOf(on, wanted.not)}`
  if (wanted.on === 'kind') return `(p.kind = ${put(on, wanted.kind)})`
  if (wanted.on === 'people') return `(${isAmong(on, 'p.party_id', wanted.ids)})`
  const sets = setsOf(on, wanted)
  return sets.length === 0 ? '(1 = 0)' : `(p.party_id IN (${sets.join(' UNION ALL ')}))`
}

function joined(on: Writing, parts: readonly Wanted[], by: string, empty: string): string {
  return `(${parts.length === 0 ? empty : parts.map((part) => conditionOf(on, part)).join(by)})`
}

/** Statements that together give those who are asked for; the others may be among them never. */
function setsOf(on: Writing, asked: Exclude<Asked, { readonly on: 'kind' | 'people' }>): readonly string[] {
  switch (asked.on) {
    case 'card':
      return onCards(on, 'contact_fields', () => {
        const kinds = inList(on.dialect, 'f.kind', put(on, asked.kinds), 'text')
        return `${kinds} AND ${matches(on, 'f', asked.match)}`
      })
    case 'labelled':
      return onCards(on, 'labelled_values', () => {
        const labels = inList(on.dialect, 'f.label', put(on, asked.labels), 'text')
        return `f.list = ${put(on, asked.list)} AND ${labels} AND ${matches(on, 'f', asked.match)}`
      })
    case 'label': {
      const { labels } = asked
      return ofLabels(on, () =>
        labels === undefined ? '1 = 1' : inList(on.dialect, 'f.label', put(on, labels), 'text'),
      )
    }
    case 'card-changed':
      return onCards(on, 'objects', () => inSpan(on, 'f.modified_at', asked.span))
    case 'book':
      return inBook(on, asked.id)
    case 'custom': {
      const isField = `v.field_id = ${put(on, asked.fieldId)}`
      return [ofPeople(on, 'custom_values v', `${isField} AND ${matches(on, 'v', asked.match)}`)]
    }
    case 'amount': {
      const { from, upTo } = asked
      const conditions = [`v.field_id = ${put(on, asked.fieldId)}`, 'v.amount IS NOT NULL']
      if (from !== undefined) conditions.push(`v.amount >= ${put(on, from)}`)
      if (upTo !== undefined) conditions.push(`v.amount <= ${put(on, upTo)}`)
      return [ofPeople(on, 'custom_values v', conditions.join(' AND '))]
    }
    case 'role':
      return [
        ofPeople(on, 'party_roles v', asked.role === undefined ? '1 = 1' : `v.role = ${put(on, asked.role)}`),
      ]
    case 'owner': {
      const isOwner = asked.ids ? isAmong(on, 'y.owner_id', asked.ids) : 'y.owner_id IS NOT NULL'
      return [`SELECT y.id FROM parties y WHERE ${isOwner}${among(on, 'y.id')}`]
    }
    case 'created':
    case 'changed': {
      const when = inSpan(on, `y.${asked.on}_at`, asked.span)
      return [`SELECT y.id FROM parties y WHERE ${when}${among(on, 'y.id')}`]
    }
    default:
      return setsOfRelated(on, asked)
  }
}

type Related = Extract<
  Asked,
  { readonly on: 'works-at' | 'relation' | 'activity' | 'meeting' | 'open-task' | 'duplicate' }
>

/** What ties people to others, and to what they do. */
function setsOfRelated(on: Writing, asked: Related): readonly string[] {
  switch (asked.on) {
    case 'works-at':
      return [ofPeople(on, 'memberships v', worksAt(on, asked))]
    case 'relation': {
      const side = (of: 'party_id' | 'other_id'): string => {
        const [other, type] = of === 'party_id' ? ['other_id', 'type'] : ['party_id', 'inverse']
        const conditions = [`(v.until_on IS NULL OR v.until_on > ${put(on, asked.today)})`]
        if (asked.type !== undefined) conditions.push(`v.${type} = ${put(on, asked.type)}`)
        if (asked.otherId !== undefined) conditions.push(`v.${other} = ${put(on, asked.otherId)}`)
        conditions.push(`(v.${other} IS NULL OR ${isSeen(on, `v.${other}`)})`)
        conditions.push(isOutside(on, `v.${of}`, on.sight.veiled.relations))
        return `SELECT v.${of} FROM relations v WHERE v.${of} IS NOT NULL AND ${conditions.join(' AND ')}${among(on, `v.${of}`)}`
      }
      return [side('party_id'), side('other_id')]
    }
    case 'activity': {
      const conditions = [inSpan(on, 'v.at', asked.span), isReadable(on)]
      if (asked.kinds) conditions.push(inList(on.dialect, 'a.kind', put(on, asked.kinds), 'text'))
      return [
        ofPeople(
          on,
          'activity_parties v JOIN activities a ON a.id = v.activity_id',
          conditions.join(' AND '),
        ),
      ]
    }
    case 'meeting': {
      const when = (): string =>
        `${inSpan(on, 'i.end_at', asked.span)} AND ${inSpan(on, 'i.start_at', asked.begins ?? {})}
          AND coalesce(i.status, '') <> 'CANCELLED'`
      const from = `calendar_objects c JOIN calendar_instances i ON i.object_id = c.object_id AND c.component = 'VEVENT'`
      return concerning(on, from, when)
    }
    case 'open-task':
      return concerning(on, 'open_tasks c', () => '1 = 1')
    case 'duplicate':
      return (['a', 'b'] as const).map((side) => {
        const [one, other] = side === 'a' ? ['d.party_a', 'd.party_b'] : ['d.party_b', 'd.party_a']
        const isVeiled = [one, other].map((party) => isOutside(on, party, on.sight.veiled.duplicates))
        return `SELECT ${one} FROM duplicate_pairs d WHERE d.state = 'open' AND ${isSeen(on, other)}
          AND ${isVeiled.join(' AND ')}${among(on, one)}`
      })
    default:
      return asked satisfies never
  }
}

/** Whoever has a card there, or a copy of one where it holds copies. */
function inBook(on: Writing, id: CollectionId): readonly string[] {
  const { books, twins } = on.sight
  const isOpen = `q.removed_at IS NULL AND ${isAmong(on, 'q.collection_id', books)}${among(on, 'q.party_id')}`
  const sets = [`SELECT q.party_id FROM placements q WHERE q.collection_id = ${put(on, id)} AND ${isOpen}`]
  if (twins.includes(id))
    sets.push(
      `SELECT q.party_id FROM virtual_members m JOIN placements q ON q.object_id = m.source_id
       WHERE m.collection_id = ${put(on, id)} AND m.member_id IS NOT NULL AND q.removed_at IS NULL${among(on, 'q.party_id')}`,
    )
  return sets
}

function ofPeople(on: Writing, from: string, where: string): string {
  return `SELECT v.party_id FROM ${from} WHERE ${where}${among(on, 'v.party_id')}`
}

/**
 * Rows that are derived from cards: those of cards that are seen as they are, and of the copies that stand for others. SQLite
 * joins in the order that is written here: from the people where they are few.
 * @param also  columns that are had with each of them
 */
export function onCards(on: Writing, table: string, where: () => string, also = ''): readonly string[] {
  const id = table === 'objects' ? 'f.id' : 'f.object_id'
  const { whole, twins } = on.sight
  const sets: string[] = []
  if (whole.length > 0) {
    const isThere = `q.object_id = ${id} AND q.removed_at IS NULL AND ${isAmong(on, 'f.collection_id', whole)}`
    const from = on.within ? `placements q CROSS JOIN ${table} f` : `${table} f CROSS JOIN placements q`
    sets.push(
      `SELECT q.party_id${also} FROM ${from} WHERE ${isThere} AND ${where()}${among(on, 'q.party_id')}`,
    )
  }
  if (twins.length > 0) {
    const isCopy = `m.member_id = ${id} AND m.collection_id = f.collection_id AND q.object_id = m.source_id`
    const isThere = `${isCopy} AND q.removed_at IS NULL AND ${isAmong(on, 'f.collection_id', twins)}`
    const from = on.within
      ? `placements q CROSS JOIN virtual_members m CROSS JOIN ${table} f`
      : `${table} f CROSS JOIN virtual_members m CROSS JOIN placements q`
    sets.push(
      `SELECT q.party_id${also} FROM ${from} WHERE ${isThere} AND ${where()}${among(on, 'q.party_id')}`,
    )
  }
  return sets
}

/** Of a copy the labels are those of the card that it was made of. */
function ofLabels(on: Writing, where: () => string): readonly string[] {
  const { labelled } = on.sight
  const whole = onCards({ ...on, sight: { ...on.sight, twins: [] } }, 'card_labels', where)
  if (labelled.length === 0) return whole
  const isCopied = `m.source_id = f.object_id AND m.member_id IS NOT NULL AND ${isAmong(on, 'm.collection_id', labelled)}`
  const from = 'card_labels f CROSS JOIN virtual_members m CROSS JOIN placements q'
  const isThere = `${isCopied} AND q.object_id = m.source_id AND q.removed_at IS NULL`
  return [
    ...whole,
    `SELECT q.party_id FROM ${from} WHERE ${isThere} AND ${where()}${among(on, 'q.party_id')}`,
  ]
}

/** Events and tasks that somebody is linked to, or whose addresses they name. @param from  has them as `c` */
function concerning(on: Writing, from: string, when: () => string): readonly string[] {
  const { calendars } = on.sight
  if (calendars.length === 0) return []
  const isOpen = (): string => `${isAmong(on, 'c.collection_id', calendars)} AND ${when()}`
  const linked = `SELECT v.party_id FROM party_links v, ${from}
    WHERE v.kind = 'object' AND v.target_id = c.object_id AND ${isOpen()}${among(on, 'v.party_id')}`
  const byMail = onCards(on, 'contact_fields', () => {
    const isNamed = `e.object_id = c.object_id AND f.folded IN (e.mail, 'mailto:' || e.mail)`
    return `f.kind = 'email' AND EXISTS (SELECT 1 FROM event_people e, ${from} WHERE ${isNamed} AND ${isOpen()})`
  })
  return [linked, ...byMail]
}

function worksAt(on: Writing, asked: Extract<Asked, { readonly on: 'works-at' }>): string {
  const { orgId, withParts, when, today } = asked
  const day = put(on, today)
  const conditions = [`(v.org_id IS NULL OR ${isSeen(on, 'v.org_id')})`]
  const { jobs, titles } = on.sight.veiled
  conditions.push(isOutside(on, 'v.party_id', jobs))
  conditions.push(`(v.org_id IS NOT NULL OR v.org_name <> '' OR ${isOutside(on, 'v.party_id', titles)})`)
  if (when === 'now') conditions.push(`(v.until_on IS NULL OR v.until_on > ${day})`)
  if (when === 'past') conditions.push(`v.until_on <= ${day}`)
  if (when === 'ever') conditions.push(`${day} <> ''`)
  if (orgId !== undefined && !withParts) conditions.push(`v.org_id = ${put(on, orgId)}`)
  if (orgId !== undefined && withParts)
    conditions.push(`v.org_id IN (WITH RECURSIVE below(id) AS (SELECT CAST(${put(on, orgId)} AS bigint)
      UNION SELECT l.party_id FROM org_links l JOIN below b ON l.parent_id = b.id
      WHERE (l.until_on IS NULL OR l.until_on > ${day}) AND ${isSeen(on, 'l.party_id')}) SELECT id FROM below)`)
  return conditions.join(' AND ')
}

/** What keeps a statement to the people it is about. */
export function among(on: Writing, column: string): string {
  return on.within === undefined ? '' : ` AND ${inList(on.dialect, column, on.within, 'bigint')}`
}

function isSeen(on: Writing, column: string): string {
  const isThere = `s.party_id = ${column} AND s.removed_at IS NULL`
  return `EXISTS (SELECT 1 FROM placements s WHERE ${isThere} AND ${isAmong(on, 's.collection_id', on.sight.books)})`
}

/** Whether somebody has no card in any of these books. */
function isOutside(on: Writing, column: string, books: readonly CollectionId[]): string {
  if (books.length === 0) return '1 = 1'
  const isThere = `h.party_id = ${column} AND h.removed_at IS NULL`
  return `NOT EXISTS (SELECT 1 FROM placements h WHERE ${isThere} AND ${isAmong(on, 'h.collection_id', books)})`
}

/** Whether an activity, as `a`, is there for whoever looks. */
export function isReadable(on: Writing): string {
  const { principalId, principals } = on.sight
  return `(a.visibility = 'public' OR a.author_id = ${put(on, principalId)}
    OR (a.visibility = 'team' AND ${isAmong(on, 'a.team_id', principals)}))`
}

function inSpan(on: Writing, column: string, { from, until }: Span): string {
  const conditions: string[] = []
  if (from !== undefined) conditions.push(`${column} >= ${put(on, from)}`)
  if (until !== undefined) conditions.push(`${column} < ${put(on, until)}`)
  return conditions.length === 0 ? '1 = 1' : conditions.join(' AND ')
}

function matches(on: Writing, table: string, match: Match): string {
  if (match.op === 'any') return '1 = 1'
  const column = `${table}.${match.of ?? 'folded'}`
  if (match.op === 'between') {
    const ordered = on.dialect === 'postgres' ? `${column} COLLATE "C"` : column
    const conditions: string[] = []
    if (match.from !== undefined) conditions.push(`${ordered} >= ${put(on, match.from)}`)
    if (match.upTo !== undefined) conditions.push(`${ordered} <= ${put(on, match.upTo)}`)
    return conditions.length === 0 ? '1 = 1' : `(${conditions.join(' AND ')})`
  }
  const { op, text } = match
  if (op === 'is') return `${column} = ${put(on, text)}`
  if (op === 'begins') return `substr(${column}, 1, ${String(Array.from(text).length)}) = ${put(on, text)}`
  const position = on.dialect === 'sqlite' ? 'instr' : 'strpos'
  return `${position}(${column}, ${put(on, text)}) > 0`
}
