import type { PartyId, PrincipalId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Before } from '../../../storage/timeline/activities.ts'
import type { Services } from '../../services.ts'
import type { Asking } from '../people/asking.ts'
import type { SeenParty } from '../people/parties.ts'
import type { SourceName } from './schema.ts'

/** Whose timeline is read. */
export type Scope =
  | {
      readonly kind: 'parties'
      /** The person; or the organisation first, and its people. */
      readonly ids: readonly PartyId[]
      readonly seen: ReadonlyMap<PartyId, SeenParty>
      /** The addresses of each, in small letters, and those of all. */
      readonly mailsOf: ReadonlyMap<PartyId, readonly string[]>
      readonly mails: readonly string[]
    }
  | { readonly kind: 'team'; readonly id: PrincipalId; readonly members: readonly PrincipalId[] }

/** Something that happened. The kinds are an open list: mail, deals and cases are others of the same shape. */
export interface Entry {
  /** Where it stands among the others of its source. */
  readonly at: number
  readonly id: number
  readonly kind: string
  readonly title: string
  readonly author: string | null
  readonly device: string | null
  /** Those whom the caller sees. */
  readonly parties: readonly {
    readonly id: PartyId
    readonly name: string
    readonly kind: 'person' | 'org'
  }[]
  /** What belongs to its kind. */
  readonly data: Readonly<Record<string, unknown>>
}

export interface SourcePage {
  readonly before: Before
  readonly limit: number
}

/**
 * One sort of things on a timeline. It gives what comes behind a place, the latest first, and shows only what the caller may
 * see. What it had to leave out, it counts as read: `last` is where it goes on.
 */
export interface TimelineSource {
  readonly name: SourceName
  read(
    reader: Reader,
    asking: Asking,
    scope: Scope,
    page: SourcePage,
    services: Pick<Services, 'settings' | 'now'>,
  ): Promise<Found>
}

export interface Found {
  readonly entries: readonly Entry[]
  /** The place of the last row that was read, shown or not; undefined where there is nothing behind. */
  readonly last: Before | undefined
}

/** What a source answers that has nothing for a scope. */
export const nothing: Found = { entries: [], last: undefined }

/** People as an entry names them. */
export function named(seen: ReadonlyMap<PartyId, SeenParty>, ids: Iterable<PartyId>): Entry['parties'] {
  return [...new Set(ids)].flatMap((id) => {
    const [first] = seen.get(id)?.placements ?? []
    return first ? [{ id, name: first.name, kind: first.kind }] : []
  })
}

/** The rows of a page, and where the next one begins. */
export function foundOf<Row extends Before>(
  rows: readonly Row[],
  limit: number,
  entries: readonly Entry[],
): Found {
  const last = rows.length < limit ? undefined : rows.at(-1)
  return { entries, last: last && { at: last.at, id: last.id } }
}
