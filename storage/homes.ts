import type { FeedId, HomeId, PrincipalId } from './ids.ts'
import { selectList } from './select.ts'
import type { Reader } from './store.ts'

export type HomeKind = 'calendars' | 'addressbooks' | 'files'

/** A home set with the state of its feed. @see RFC 4791 §6.2.1, RFC 6352 §7.1.1 */
export interface HomeRow {
  readonly id: HomeId
  readonly principalId: PrincipalId
  readonly kind: HomeKind
  readonly feedId: FeedId
  /** The present change number of the home's feed. */
  readonly feedChange: number
  /** Tokens below this number are invalid. */
  readonly feedFloor: number
}

export const homeFields: readonly (keyof HomeRow & string)[] = ['id', 'principalId', 'kind', 'feedId']

/** A home's columns from `h`, and its feed's from `hf`. */
export function homeColumns(prefix = ''): string {
  return (
    selectList<HomeRow>('h', homeFields, prefix) +
    `, hf.change AS "${prefix}feedChange", hf.floor AS "${prefix}feedFloor"`
  )
}

/** The homes of an account: calendars, address books, files. */
export function listHomes(reader: Reader, principalId: PrincipalId): Promise<HomeRow[]> {
  return reader.sql.all<HomeRow>(
    `SELECT ${homeColumns()} FROM homes h JOIN feeds hf ON hf.id = h.feed_id WHERE h.principal_id = $1 AND h.kind <> 'twins'
     ORDER BY CASE h.kind WHEN 'calendars' THEN 0 WHEN 'addressbooks' THEN 1 ELSE 2 END`,
    [principalId],
  )
}

export function findHomeById(reader: Reader, id: HomeId): Promise<HomeRow | undefined> {
  return reader.sql.first<HomeRow>(
    `SELECT ${homeColumns()} FROM homes h JOIN feeds hf ON hf.id = h.feed_id WHERE h.id = $1`,
    [id],
  )
}
