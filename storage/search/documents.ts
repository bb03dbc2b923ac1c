import type { ObjectId, PartyId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'
import type { Scope } from './scopes.ts'
import { settleEvery, settleSearch } from './settle.ts'

export type SearchKind = 'person' | 'org' | 'event' | 'note' | 'document' | 'value'

/** What can be found of something: whoever writes it derives this from it. */
export interface SearchText {
  readonly kind: SearchKind
  /** What it is shown as. */
  readonly title: string
  /** Fields with their texts, as whoever searches judges them: JSON. */
  readonly texts: string
  /** What a search may begin with, folded, a letter for the sort of text in front: a JSON array of texts. */
  readonly entries: string
  /** Everything that may be found by a part of it, folded. */
  readonly grams: string
}

/** What a document is made from. */
export type SearchSource =
  | { readonly objectId: ObjectId }
  | { readonly source: 'node' | 'note' | 'value'; readonly sourceId: number }

/** Where it belongs, and of whom it is, where it is beside cards. */
export interface SearchPlace {
  readonly scope: Scope
  readonly partyId?: PartyId | undefined
}

interface KnownRow extends SearchText {
  readonly id: number
  readonly scope: Scope
  readonly partyId: PartyId | null
}

/**
 * Makes something found by these texts, in place of those it was found by before. Its rows in the two indexes are written
 * together with those of others, a little later: until then it is looked at as it is (see `settleSearch`).
 */
export async function indexDocument(
  tx: Writer,
  source: SearchSource,
  { scope, partyId = undefined }: SearchPlace,
  text: SearchText,
): Promise<void> {
  const known = await findKnown(tx, source)
  const isSame =
    known !== undefined &&
    known.scope === scope &&
    known.partyId === (partyId ?? null) &&
    known.kind === text.kind &&
    known.title === text.title &&
    known.texts === text.texts &&
    known.entries === text.entries
  if (isSame) return
  if (known) await tx.sql.run('DELETE FROM search_documents WHERE id = $1', [known.id])
  await addDocument(tx, source, { scope, partyId }, text)
}

export async function dropDocument(tx: Writer, source: SearchSource): Promise<void> {
  const { where, params } = whereOf(source)
  await tx.sql.run(`DELETE FROM search_documents WHERE ${where}`, params)
}

/** The same texts in another place. */
export async function moveDocument(tx: Writer, source: SearchSource, place: SearchPlace): Promise<void> {
  const { where, params } = whereOf(source)
  const row = await tx.sql.first<SearchText>(
    `DELETE FROM search_documents WHERE ${where} RETURNING kind, title, texts, entries, grams`,
    params,
  )
  if (!row) return
  await addDocument(tx, source, place, row)
}

/** The same for something that is found by nothing yet. */
export async function addDocument(
  tx: Writer,
  source: SearchSource,
  { scope, partyId }: SearchPlace,
  { kind, title, texts, entries, grams }: SearchText,
): Promise<void> {
  const [objectId, name, sourceId] =
    'objectId' in source ? [source.objectId, null, null] : [null, source.source, source.sourceId]
  const row = await tx.sql.first<{ id: number }>(
    `INSERT INTO search_documents (kind, scope, object_id, source, source_id, party_id, title, texts, entries, grams, pending)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) RETURNING id`,
    [kind, scope, objectId, name, sourceId, partyId ?? null, title, texts, entries, grams],
  )
  if (row && row.id % settleEvery === 0) await settleSearch(tx)
}

function findKnown({ sql }: Reader, source: SearchSource): Promise<KnownRow | undefined> {
  const { where, params } = whereOf(source)
  return sql.first<KnownRow>(
    `SELECT id, scope, party_id AS "partyId", kind, title, texts, entries FROM search_documents WHERE ${where}`,
    params,
  )
}

function whereOf(source: SearchSource): { readonly where: string; readonly params: readonly unknown[] } {
  return 'objectId' in source
    ? { where: 'object_id = $1', params: [source.objectId] }
    : { where: 'source = $1 AND source_id = $2', params: [source.source, source.sourceId] }
}
