import type { BatchId, CollectionId, MigrationCollectionId, MigrationSourceId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** An account of another server that is moved into one of ours. */
export interface MigrationSourceRow {
  readonly id: MigrationSourceId
  readonly principalId: PrincipalId
  /** As it was given, without user and password. */
  readonly url: string
  readonly userName: string
  /** All that the migration wrote, so that it can be undone as a whole. */
  readonly batchId: BatchId
  readonly createdAt: number
  readonly touchedAt: number
}

/** A collection there, and where it goes here. */
export interface MigrationCollectionRow {
  readonly id: MigrationCollectionId
  readonly sourceId: MigrationSourceId
  readonly url: string
  readonly kind: 'calendar' | 'addressbook'
  readonly displayname: string | null
  readonly collectionId: CollectionId
  /** The sync-token whose state was taken over; null where there is none yet, or the server gives none. */
  readonly token: string | null
  /** The ctag whose state was taken over. */
  readonly ctag: string | null
  /** Deletions there that were not followed because there were too many at once. */
  readonly held: number
}

const sourceFields: readonly (keyof MigrationSourceRow & string)[] = [
  'id',
  'principalId',
  'url',
  'userName',
  'batchId',
  'createdAt',
  'touchedAt',
]
const sourceColumns = selectList<MigrationSourceRow>('s', sourceFields)
const collectionFields: readonly (keyof MigrationCollectionRow & string)[] = [
  'id',
  'sourceId',
  'url',
  'kind',
  'displayname',
  'collectionId',
  'token',
  'ctag',
  'held',
]
const collectionColumns = selectList<MigrationCollectionRow>('c', collectionFields)

export function findSource(
  reader: Reader,
  principalId: PrincipalId,
  url: string,
  userName: string,
): Promise<MigrationSourceRow | undefined> {
  return reader.sql.first<MigrationSourceRow>(
    `SELECT ${sourceColumns} FROM migration_sources s
     WHERE s.principal_id = $1 AND s.url = $2 AND s.user_name = $3`,
    [principalId, url, userName],
  )
}

export function findSourceOfBatch(reader: Reader, batchId: BatchId): Promise<MigrationSourceRow | undefined> {
  return reader.sql.first<MigrationSourceRow>(
    `SELECT ${sourceColumns} FROM migration_sources s WHERE s.batch_id = $1`,
    [batchId],
  )
}

/** The sources of an account, the latest first. */
export function listSources(reader: Reader, principalId: PrincipalId): Promise<MigrationSourceRow[]> {
  return reader.sql.all<MigrationSourceRow>(
    `SELECT ${sourceColumns} FROM migration_sources s WHERE s.principal_id = $1 ORDER BY s.id DESC`,
    [principalId],
  )
}

/** Makes a source, in place of the one of that account which was undone. */
export async function addSource(
  tx: Writer,
  made: Pick<MigrationSourceRow, 'principalId' | 'url' | 'userName' | 'batchId'>,
): Promise<MigrationSourceRow> {
  const { principalId, url, userName, batchId } = made
  await tx.sql.run('DELETE FROM migration_sources WHERE principal_id = $1 AND url = $2 AND user_name = $3', [
    principalId,
    url,
    userName,
  ])
  const row = await tx.sql.first<{ id: MigrationSourceId }>(
    `INSERT INTO migration_sources (principal_id, url, user_name, batch_id, created_at, touched_at)
     VALUES ($1, $2, $3, $4, $5, $5) RETURNING id`,
    [principalId, url, userName, batchId, tx.now],
  )
  if (row === undefined) throw new Error('The source was not stored.')
  return { ...made, id: row.id, createdAt: tx.now, touchedAt: tx.now }
}

export function listMigrationCollections(
  reader: Reader,
  sourceId: MigrationSourceId,
): Promise<MigrationCollectionRow[]> {
  return reader.sql.all<MigrationCollectionRow>(
    `SELECT ${collectionColumns} FROM migration_collections c WHERE c.source_id = $1 ORDER BY c.id`,
    [sourceId],
  )
}

export async function addMigrationCollection(
  tx: Writer,
  made: Pick<MigrationCollectionRow, 'sourceId' | 'url' | 'kind' | 'displayname' | 'collectionId'>,
): Promise<MigrationCollectionRow> {
  const { sourceId, url, kind, displayname, collectionId } = made
  const row = await tx.sql.first<{ id: MigrationCollectionId }>(
    `INSERT INTO migration_collections (source_id, url, kind, displayname, collection_id)
     VALUES ($1, $2, $3, $4, $5) RETURNING id`,
    [sourceId, url, kind, displayname, collectionId],
  )
  if (row === undefined) throw new Error('The collection was not stored.')
  return { ...made, id: row.id, token: null, ctag: null, held: 0 }
}

/** Notes up to which state of the remote collection all is taken over. */
export async function reachState(
  tx: Writer,
  id: MigrationCollectionId,
  { token, ctag, held }: Pick<MigrationCollectionRow, 'token' | 'ctag' | 'held'>,
): Promise<void> {
  await tx.sql.run('UPDATE migration_collections SET token = $2, ctag = $3, held = $4 WHERE id = $1', [
    id,
    token,
    ctag,
    held,
  ])
}
