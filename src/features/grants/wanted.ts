import type { GrantAccess, GrantRow } from '../../../storage/grants/grants.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { grouped } from '../../../storage/select.ts'
import { keyOfMasks, parseMasks } from '../masks/masks.ts'

/** A book that somebody is to have for what another gives him. */
export interface WantedBook {
  /** What is in it, in short: the same for as long as its people may change places with nobody else's. */
  readonly slot: string
  readonly access: GrantAccess
  /** What the giver calls it. */
  readonly name: string | null
  /** One of the grants that it is for. */
  readonly grant: GrantRow
  /** Of single people: who they are. */
  readonly parties: readonly PartyId[]
}

/**
 * The books for what one gives another: single people go into one, unless they are seen, changed or called otherwise; each
 * label and each list has one of its own. Of two grants of the same the one that lets more be done counts.
 * @param grants  those that reach him, the first first
 */
export function wantedBooks(grants: readonly GrantRow[]): readonly WantedBook[] {
  return [...grouped(grants, slotOf)].flatMap(([slot, some]) =>
    some[0]?.kind === 'person' ? booksOfPeople(slot, some) : bookOf(slot, some),
  )
}

function bookOf(slot: string, grants: readonly GrantRow[]): WantedBook[] {
  const grant = grants.find(({ access }) => access === 'read-write') ?? grants[0]
  if (!grant) return []
  const name = grants.find((one) => one.name !== null)?.name ?? null
  return [{ slot, access: grant.access, name, grant, parties: [] }]
}

function booksOfPeople(slot: string, grants: readonly GrantRow[]): WantedBook[] {
  const writable = new Set(grants.flatMap((one) => (one.access === 'read-write' ? [one.partyId] : [])))
  const counting = grants.filter(({ access, partyId }) => access === 'read-write' || !writable.has(partyId))
  const byBook = grouped(counting, ({ access, name }) => JSON.stringify([access, name]))
  return [...byBook.values()].flatMap((some) => {
    const [grant] = some
    if (!grant) return []
    const parties = [...new Set(some.flatMap(({ partyId }) => partyId ?? []))]
    return [{ slot, access: grant.access, name: grant.name, grant, parties }]
  })
}

/** What a label that is shared is still called on some cards. */
export function formerLabelsOf({ formerLabels }: Pick<GrantRow, 'formerLabels'>): readonly string[] {
  const names: unknown = JSON.parse(formerLabels)
  return Array.isArray(names) ? names.map(String) : []
}

/** What the book is called that somebody has of a label of another, unless that calls it otherwise. */
export function titleOfLabel(label: string, { displayName }: PrincipalRow): string {
  return `${label} (${displayName})`
}

/** What is in the book of a grant, in short. */
export function slotOf({ kind, sourceId, label, masks }: GrantRow): string {
  return JSON.stringify([kind, sourceId, label, keyOfMasks(parseMasks(masks))])
}
