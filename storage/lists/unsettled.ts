import { createHash } from 'node:crypto'
import type { CollectionId, ObjectId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'
import { scheduleJob } from '../upkeep/jobs.ts'

/** The kind of job that brings the group cards of a list in line with the CATEGORIES of people; its id says of which. */
export const settleJobKind = 'settle-lists'

/** A list whose group cards wait to be written. Its name is in no job: those who see these do not see that. */
export interface Unsettled {
  readonly collectionId: CollectionId
  readonly hash: string
}

/** Whoever marks lists settles them long before that, unless he is stopped. */
const waitMs = 3_600_000

/**
 * Has the group cards of a list written later.
 * @param run  the request id of all that is done until then
 * @param former  what the list is still called on cards until then, where it is being renamed
 */
export async function markUnsettled(
  tx: Writer,
  {
    id,
    label,
    run,
    former,
  }: {
    readonly id: CollectionId
    readonly label: string
    readonly run: string
    readonly former?: string | undefined
  },
): Promise<void> {
  const hashes = [label, ...(former === undefined ? [] : [former])].map(hashOf).join('.')
  await scheduleJob(tx, `${settleJobKind}:${id}/${hashes}/${run}`, tx.now + waitMs)
}

/** What lists are called on cards of a book that are being renamed to a name, and not yet all of them. */
export async function formerNames(
  reader: Reader,
  collectionId: CollectionId,
  label: string,
): Promise<string[]> {
  const from = `${settleJobKind}:${collectionId}/${hashOf(label)}.`
  const text = 'SELECT j.key FROM jobs j WHERE j.key LIKE $1'
  const jobs = await reader.sql.all<{ key: string }>(text, [`${from}%`])
  const names = jobs.map(({ key }) =>
    nameOfUnsettled(reader, { collectionId, hash: key.slice(from.length, from.length + hashLength) }),
  )
  return (await Promise.all(names)).flatMap((name) => name ?? [])
}

/** The jobs for what was marked in a run. */
export async function unsettledIn({ sql }: Reader, run: string): Promise<string[]> {
  const rows = await sql.all<{ key: string }>('SELECT j.key FROM jobs j WHERE j.key LIKE $1 ORDER BY j.key', [
    `${settleJobKind}:%/${run}`,
  ])
  return rows.map(({ key }) => key)
}

/** @param id  that of the job */
export function readUnsettled(id: string): Unsettled {
  const [collectionId = '', hashes = ''] = id.split('/')
  return { collectionId: Number(collectionId), hash: hashes.slice(0, hashLength) }
}

/** What the list is called; undefined where there is none of it any more. */
export async function nameOfUnsettled(
  { sql }: Reader,
  { collectionId, hash }: Unsettled,
): Promise<string | undefined> {
  const rows = await sql.all<{ name: string }>(
    `SELECT DISTINCT l.label AS name FROM card_labels l WHERE l.collection_id = $1
     UNION SELECT f.name FROM list_faces f WHERE f.collection_id = $1 AND f.name IS NOT NULL`,
    [collectionId],
  )
  return rows.find(({ name }) => hashOf(name) === hash)?.name
}

/** The UIDs of those whose cards have a label and whom no group card of its name has. */
export async function uidsUngrouped(
  { sql }: Reader,
  collectionId: CollectionId,
  label: string,
): Promise<string[]> {
  const rows = await sql.all<{ uid: string }>(
    `SELECT o.uid FROM card_labels l JOIN objects o ON o.id = l.object_id
     WHERE l.collection_id = $1 AND l.label = $2 AND o.uid IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM list_members m JOIN list_faces f ON f.object_id = m.object_id
       WHERE m.collection_id = $1 AND f.name = $2
         AND m.uid_key = CASE WHEN substr(o.uid, 1, 9) = 'urn:uuid:' THEN substr(o.uid, 10) ELSE o.uid END)
     ORDER BY o.id`,
    [collectionId, label],
  )
  return rows.map(({ uid }) => uid)
}

/** The UIDs of those whom a group card has and whose cards have not its name among their labels. */
export async function uidsUnlabelled(
  { sql }: Reader,
  collectionId: CollectionId,
  group: ObjectId,
  label: string,
): Promise<string[]> {
  const rows = await sql.all<{ uid: string }>(
    `SELECT o.uid FROM list_members m CROSS JOIN objects o
     WHERE m.object_id = $2 AND o.collection_id = $1 AND o.uid IN (m.uid_key, 'urn:uuid:' || m.uid_key)
       AND NOT EXISTS (SELECT 1 FROM list_faces g WHERE g.object_id = o.id AND g.kind = 'group')
       AND NOT EXISTS (SELECT 1 FROM card_labels l WHERE l.object_id = o.id AND l.label = $3)
     ORDER BY o.id`,
    [collectionId, group, label],
  )
  return rows.map(({ uid }) => uid)
}

const hashLength = 32

function hashOf(label: string): string {
  return createHash('sha256').update(label).digest('hex').slice(0, hashLength)
}
