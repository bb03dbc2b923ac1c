import { inList } from './database.ts'
import { createFeed } from './feeds.ts'
import type { HomeKind } from './homes.ts'
import type { HomeId, PrincipalId, WebSessionId } from './ids.ts'
import { columnOf, selectList } from './select.ts'
import type { Reader, Writer } from './store.ts'

export type PrincipalKind = 'user' | 'group' | 'room' | 'resource'

/** An account, a group, a room or a thing that can be booked. @see RFC 3744 §2 */
export interface PrincipalRow {
  readonly id: PrincipalId
  readonly kind: PrincipalKind
  /** The login name, folded. Groups, rooms and resources have names too, and cannot sign in. */
  readonly name: string
  /** Its segment in URLs: made at creation, never changed. */
  readonly segment: string
  readonly displayName: string
  readonly email: string | null
  readonly passwordHash: string | null
  /** Rises whenever cached credentials must be judged again. */
  readonly stamp: number
  readonly createdAt: number
  readonly changedAt: number
  /** A language tag (BCP 47), and a name of the time zone database; null where nothing was said. */
  readonly language: string | null
  readonly timeZone: string | null
  /** Requests to the API in a minute; null: what the settings say. */
  readonly requestLimit: number | null
  /** Since when nobody signs in to it, with whatever password; null for one that is open. */
  readonly lockedAt: number | null
  /** What a room or a resource is like, where it is, and for how many people; null where nothing was said. */
  readonly description: string | null
  readonly place: string | null
  readonly capacity: number | null
}

export const principalFields: readonly (keyof PrincipalRow & string)[] = [
  'id',
  'kind',
  'name',
  'segment',
  'displayName',
  'email',
  'passwordHash',
  'stamp',
  'createdAt',
  'changedAt',
  'language',
  'timeZone',
  'requestLimit',
  'lockedAt',
  'description',
  'place',
  'capacity',
]
const columns = selectList<PrincipalRow>('p', principalFields)

export interface NewPrincipal {
  /** A user, unless it says otherwise. */
  readonly kind?: PrincipalKind | undefined
  readonly name: string
  readonly segment: string
  readonly displayName: string
  readonly email?: string | null | undefined
  readonly passwordHash?: string | null | undefined
}

/** Makes an account with its three homes, which are empty. */
export async function createPrincipal(
  tx: Writer,
  principal: NewPrincipal,
): Promise<{ id: PrincipalId; calendarHomeId: HomeId; addressbookHomeId: HomeId; filesHomeId: HomeId }> {
  const id = await insertPrincipal(tx, principal)
  await createFeed(tx, { kind: 'notifications', principalId: id })
  return {
    id,
    calendarHomeId: await createHome(tx, id, 'calendars'),
    addressbookHomeId: await createHome(tx, id, 'addressbooks'),
    filesHomeId: await createHome(tx, id, 'files'),
  }
}

/** Makes a principal without homes. */
export async function insertPrincipal(tx: Writer, principal: NewPrincipal): Promise<PrincipalId> {
  const row = await tx.sql.first<{ id: PrincipalId }>(
    `INSERT INTO principals (kind, name, segment, display_name, email, password_hash, stamp, created_at, changed_at)
     VALUES ($7, $1, $2, $3, $4, $5, 1, $6, $6) RETURNING id`,
    [
      principal.name,
      principal.segment,
      principal.displayName,
      principal.email,
      principal.passwordHash,
      tx.now,
      principal.kind ?? 'user',
    ],
  )
  if (row === undefined) throw new Error('The account was not made.')
  return row.id
}

/** Makes an empty home. */
export async function createHome(tx: Writer, principalId: PrincipalId, kind: HomeKind): Promise<HomeId> {
  const feedId = await createFeed(tx, { kind: 'home', principalId })
  const row = await tx.sql.first<{ id: HomeId }>(
    'INSERT INTO homes (principal_id, kind, feed_id) VALUES ($1, $2, $3) RETURNING id',
    [principalId, kind, feedId],
  )
  if (row === undefined) throw new Error('The home was not made.')
  return row.id
}

/** @param name  the login name, folded as it was at creation */
export function findPrincipalByName(reader: Reader, name: string): Promise<PrincipalRow | undefined> {
  return findLiving(reader, 'p.name = $1', name)
}

export function findPrincipalBySegment(reader: Reader, segment: string): Promise<PrincipalRow | undefined> {
  return findLiving(reader, 'p.segment = $1', segment)
}

/** One that is there; whoever was removed is not. */
export function findLivingPrincipal(reader: Reader, id: PrincipalId): Promise<PrincipalRow | undefined> {
  return findLiving(reader, 'p.id = $1', id)
}

function findLiving(
  { sql }: Reader,
  condition: string,
  value: string | PrincipalId,
): Promise<PrincipalRow | undefined> {
  return sql.first<PrincipalRow>(
    `SELECT ${columns} FROM principals p WHERE ${condition} AND p.removed_at IS NULL`,
    [value],
  )
}

/** One of this id, be it removed: what was made of its things goes on being that. */
export function findPrincipalById(reader: Reader, id: PrincipalId): Promise<PrincipalRow | undefined> {
  return reader.sql.first<PrincipalRow>(`SELECT ${columns} FROM principals p WHERE p.id = $1`, [id])
}

/** Those of these ids, removed ones too: whoever did something is called as he was. In no order. */
export function findPrincipalsByIds({ sql }: Reader, ids: readonly PrincipalId[]): Promise<PrincipalRow[]> {
  const condition = inList(sql.dialect, 'p.id', '$1', 'bigint')
  return sql.all<PrincipalRow>(`SELECT ${columns} FROM principals p WHERE ${condition}`, [[...ids]])
}

/** Principals with this mail address, in whatever case, the oldest first. */
export function findPrincipalsByEmail(reader: Reader, email: string): Promise<PrincipalRow[]> {
  return reader.sql.all<PrincipalRow>(
    `SELECT ${columns} FROM principals p WHERE lower(p.email) = $1 AND p.removed_at IS NULL ORDER BY p.id`,
    [email.toLowerCase()],
  )
}

/** How a principal is called while it is filled, and not to be seen yet: no name of anybody can have a colon. */
export const stagedPrefix = 'restoring:'

/** Leaves those out that are being filled, and those that were removed. */
export const isPublished = `p.name NOT LIKE '${stagedPrefix}%' AND p.removed_at IS NULL`

/** The principals of one kind, or of all, as they were made. */
export function listPrincipals(reader: Reader, kind?: PrincipalKind): Promise<PrincipalRow[]> {
  const ofKind = kind === undefined ? '' : ' AND p.kind = $1'
  return reader.sql.all<PrincipalRow>(
    `SELECT ${columns} FROM principals p WHERE ${isPublished}${ofKind} ORDER BY p.id`,
    kind === undefined ? [] : [kind],
  )
}

/** Whether an account has this segment, be it removed, or one had it that was removed and not purged. */
export async function segmentTaken(reader: Reader, segment: string): Promise<boolean> {
  const text = `SELECT 1 AS taken FROM principals WHERE segment = $1
    UNION ALL SELECT 1 FROM reserved_segments WHERE segment = $1`
  return (await reader.sql.first(text, [segment])) !== undefined
}

/** The segments of accounts that are gone, which nobody gets again. */
export function listReservedSegments({ sql }: Reader): Promise<{ segment: string; at: number }[]> {
  return sql.all('SELECT segment, at FROM reserved_segments ORDER BY segment')
}

/** Keeps a segment from being given to anybody. */
export async function reserveSegment(tx: Writer, segment: string, at: number): Promise<void> {
  const text = 'INSERT INTO reserved_segments (segment, at) VALUES ($1, $2) ON CONFLICT (segment) DO NOTHING'
  await tx.sql.run(text, [segment, at])
}

/**
 * Sets the password, and makes cached credentials and links for a new password void; whoever is signed in is so no longer.
 * @param keep  the session that stays: of whoever changes his own
 */
export async function setPassword(
  tx: Writer,
  id: PrincipalId,
  passwordHash: string,
  keep?: WebSessionId,
): Promise<void> {
  await tx.sql.run(
    'UPDATE principals SET password_hash = $2, stamp = stamp + 1, changed_at = $3 WHERE id = $1',
    [id, passwordHash, tx.now],
  )
  await tx.sql.run('DELETE FROM web_sessions WHERE principal_id = $1 AND id <> $2', [id, keep ?? 0])
  await tx.sql.run('DELETE FROM password_links WHERE principal_id = $1', [id])
}

/**
 * Locks an account, or opens it again: remembered passwords are judged anew in every process, and whoever is signed in with a
 * browser is so no longer.
 */
export async function setLocked(tx: Writer, id: PrincipalId, isLocked: boolean): Promise<void> {
  const text = 'UPDATE principals SET locked_at = $2, stamp = stamp + 1 WHERE id = $1'
  await tx.sql.run(text, [id, isLocked ? tx.now : null])
  if (isLocked) await tx.sql.run('DELETE FROM web_sessions WHERE principal_id = $1', [id])
}

export type PrincipalPatch = Partial<Pick<PrincipalRow, 'name' | 'displayName' | 'email'>>

/** Changes what people call a principal: its id and its URLs stay (law 7). */
export async function updatePrincipal(tx: Writer, id: PrincipalId, patch: PrincipalPatch): Promise<void> {
  const fields = (['name', 'displayName', 'email'] as const).filter((field) => patch[field] !== undefined)
  const assignments = fields.map((field, at) => `${columnOf(field)} = $${at + 3}`)
  await tx.sql.run(`UPDATE principals SET ${['changed_at = $2', ...assignments].join(', ')} WHERE id = $1`, [
    id,
    tx.now,
    ...fields.map((field) => patch[field]),
  ])
}

export type AccountTraits = Pick<PrincipalRow, 'language' | 'timeZone' | 'requestLimit'>

/** Those that are changed. */
export type ChangedTraits = {
  readonly [Trait in keyof AccountTraits]?: AccountTraits[Trait] | undefined
}

/** Changes what no client syncs and nobody else sees: it touches neither the time of the last change nor the stamp. */
export function setAccountTraits(tx: Writer, id: PrincipalId, traits: ChangedTraits): Promise<void> {
  return setTraits(tx, id, ['language', 'timeZone', 'requestLimit'], traits)
}

/** What a room or a resource is like. */
export type BookableTraits = Pick<PrincipalRow, 'description' | 'place' | 'capacity'>

/** Those that are changed. */
export type ChangedBookable = {
  readonly [Trait in keyof BookableTraits]?: BookableTraits[Trait] | undefined
}

/** Says what a room or a resource is like: no client syncs it either. */
export function setBookableTraits(tx: Writer, id: PrincipalId, traits: ChangedBookable): Promise<void> {
  return setTraits(tx, id, ['description', 'place', 'capacity'], traits)
}

async function setTraits<Trait extends keyof PrincipalRow>(
  tx: Writer,
  id: PrincipalId,
  known: readonly Trait[],
  traits: { readonly [One in Trait]?: PrincipalRow[One] | undefined },
): Promise<void> {
  const fields = known.filter((field) => traits[field] !== undefined)
  if (fields.length === 0) return
  const assignments = fields.map((field, at) => `${columnOf(field)} = $${at + 2}`)
  const text = `UPDATE principals SET ${assignments.join(', ')} WHERE id = $1`
  await tx.sql.run(text, [id, ...fields.map((field) => traits[field])])
}
