import { inList } from './database.ts'
import type { CollectionId, ObjectId } from './ids.ts'
import { insertRows } from './insert-rows.ts'
import type { Indexed } from './member-index.ts'
import { grouped } from './select.ts'
import type { Reader, Writer } from './store.ts'

/** One searchable value of a card. */
export interface ContactFieldRow {
  /** 'fn', 'email', 'tel' … */
  readonly kind: string
  readonly value: string
  /** The value as searches compare it: case and accents folded away. */
  readonly folded: string
}

/** Writes the rows of a card that has none. */
export async function writeContactIndex(
  tx: Writer,
  object: Indexed,
  fields: readonly ContactFieldRow[],
): Promise<void> {
  await insertRows(
    tx,
    'contact_fields',
    ['object_id', 'collection_id', 'kind', 'value', 'folded'],
    fields.map((field) => [object.id, object.collectionId, field.kind, field.value, field.folded]),
  )
}

/** A row of a card that is there; null stands for a value that the card labels in its own words. */
interface KnownRow extends ContactFieldRow {
  readonly id: number | null
}

/**
 * Writes the rows of a card that has some: only what differs. Each row lies in another place of the index, and a page that is
 * written costs more than all the rows that are read.
 * @returns whether it has values that it labels in its own words
 */
export async function rewriteContactIndex(
  tx: Writer,
  object: Indexed,
  fields: readonly ContactFieldRow[],
): Promise<boolean> {
  const { sql } = tx
  const rows = await sql.all<KnownRow>(
    `SELECT f.id, f.kind, f.value, f.folded FROM contact_fields f WHERE f.object_id = $1
     UNION ALL SELECT NULL, '', '', '' FROM labelled_values l WHERE l.object_id = $1`,
    [object.id],
  )
  const known = rows.filter(({ id }) => id !== null)
  const left = grouped(known, keyOf)
  const added = fields.filter((field) => left.get(keyOf(field))?.pop() === undefined)
  const gone = [...left.values()].flat().map(({ id }) => id)
  if (gone.length > 0)
    await sql.run(`DELETE FROM contact_fields WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`, [gone])
  await writeContactIndex(tx, object, added)
  return known.length < rows.length
}

function keyOf({ kind, value, folded }: ContactFieldRow): string {
  return `${kind}\0${folded}\0${value}`
}

/** A field of this kind whose folded value contains a text. */
export interface FieldCondition {
  readonly kind: string
  readonly contains: string
}

/**
 * The ids of the cards that for each clause have a field of one of its conditions: those that a filter can match, and
 * maybe more; in order.
 */
export async function objectsWithFields(
  { sql }: Reader,
  collectionId: CollectionId,
  clauses: readonly (readonly FieldCondition[])[],
): Promise<ObjectId[]> {
  const position = sql.dialect === 'sqlite' ? 'instr' : 'strpos'
  const params: unknown[] = [collectionId]
  const conditions = clauses.map((clause) => {
    if (clause.length === 0) return '1 = 0'
    const alternatives = clause.map(({ kind, contains }) => {
      params.push(kind)
      const isKind = `f.kind = $${params.length}`
      if (contains === '') return `(${isKind})`
      params.push(contains)
      return `(${isKind} AND ${position}(f.folded, $${params.length}) > 0)`
    })
    return `o.id IN (SELECT f.object_id FROM contact_fields f
      WHERE f.collection_id = $1 AND (${alternatives.join(' OR ')}))`
  })
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT o.id FROM objects o
     WHERE ${['o.collection_id = $1', ...conditions].join(' AND ')} ORDER BY o.id`,
    params,
  )
  return rows.map(({ id }) => id)
}

/** A card that has a value of a kind. */
export interface FieldOwner {
  readonly objectId: ObjectId
  readonly folded: string
}

/** Longer values are in no index of PostgreSQL's, and nobody is known by them. */
const longestWhole = 500
/** A value that very many cards have tells nobody apart. */
const mostOwners = 5_000

/** The cards that have one of these values, whole, as searches compare them. */
export async function ownersOfValues(
  { sql }: Reader,
  collectionId: CollectionId,
  kind: string,
  values: readonly string[],
): Promise<FieldOwner[]> {
  const short = values.filter((value) => value.length <= longestWhole)
  if (short.length === 0) return []
  return sql.all<FieldOwner>(
    `SELECT f.object_id AS "objectId", f.folded FROM contact_fields f
     WHERE f.collection_id = $1 AND f.kind = $2 AND ${inList(sql.dialect, 'f.folded', '$3', 'text')}
       AND length(f.folded) <= ${longestWhole} LIMIT ${mostOwners}`,
    [collectionId, kind, short],
  )
}
