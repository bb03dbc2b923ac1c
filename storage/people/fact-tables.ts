/** A row of a table of facts, by its columns. */
export type FactRow = Readonly<Record<string, unknown>>

/** A table of what is known of people beside their cards, and what becomes of its rows when two people are one. */
export interface FactTable {
  readonly table: string
  /** The columns that name somebody: with `ON DELETE CASCADE`, or without a foreign key. */
  readonly parties: readonly string[]
  /** The columns of the primary key. Rows that others hang on have an `id` and nothing `unique`: they are never taken away
   * but for a twin, with what is asked about them. */
  readonly key: readonly string[]
  /**
   * Columns of which together there may be one row. Where both have it, the survivor's stays and the loser's goes (and
   * comes back when the merge is undone); without it all rows of both are kept.
   */
  readonly unique?: readonly (readonly string[])[]
  /** Whether two rows say the same of the survivor, where no columns tell: the loser's goes then too. */
  readonly isTwin?: (survivors: FactRow, losers: FactRow) => boolean
  /** The kind of suggestions that have the id of such a row as their key: they go with it. */
  readonly asked?: string
  /** Of two such rows: what is written into the survivor's, so that the stricter one wins; nothing where that is it. */
  readonly stricter?: (survivor: FactRow, loser: FactRow) => FactRow | undefined
  /** What is written into a row that comes to the survivor, who may have only one of a kind: one primary job. */
  readonly adjust?: (row: FactRow, survivors: readonly FactRow[]) => FactRow | undefined
  /** Whether a row may name the same one twice, as a relation must not. */
  readonly mayBeSelf?: boolean
}

/** Every table of facts. Each feature adds its own; what is only derived, as what is searched, is none. */
export const factTables: readonly FactTable[] = [
  { table: 'fact_revisions', parties: ['party_id', 'other_id'], key: ['id'], mayBeSelf: true },
  { table: 'party_roles', parties: ['party_id'], key: ['party_id', 'role'], unique: [['party_id', 'role']] },
  { table: 'memberships', parties: ['party_id', 'org_id'], key: ['id'], adjust: onePrimary },
  {
    table: 'relations',
    parties: ['party_id', 'other_id'],
    key: ['id'],
    isTwin: isSameRelation,
    asked: 'relation',
    stricter: sinceEarlier,
  },
  { table: 'org_links', parties: ['party_id', 'parent_id'], key: ['id'] },
  { table: 'suggestions', parties: ['party_id'], key: ['id'], unique: [['party_id', 'kind', 'key']] },
  {
    table: 'custom_values',
    parties: ['party_id'],
    key: ['field_id', 'party_id'],
    unique: [['field_id', 'party_id']],
  },
  {
    table: 'activity_parties',
    parties: ['party_id'],
    key: ['party_id', 'activity_id'],
    unique: [['party_id', 'activity_id']],
  },
  {
    table: 'virtual_people',
    parties: ['party_id'],
    key: ['collection_id', 'party_id'],
    unique: [['collection_id', 'party_id']],
  },
  {
    table: 'grants',
    parties: ['party_id'],
    key: ['id'],
    unique: [['party_id', 'giver_id', 'receiver_id']],
    stricter: lessShown,
  },
  {
    table: 'cadences',
    parties: ['party_id'],
    key: ['id'],
    unique: [['party_id', 'principal_id']],
  },
  {
    table: 'consents',
    parties: ['party_id'],
    key: ['id'],
    unique: [['party_id', 'channel', 'purpose_key']],
    stricter: stricterConsent,
  },
  {
    table: 'party_links',
    parties: ['party_id'],
    key: ['id'],
    unique: [['party_id', 'kind', 'target_id']],
  },
]

/** Whoever was to see less of one of the two sees that much of the one that they are now. */
function lessShown(survivor: FactRow, loser: FactRow): FactRow | undefined {
  const access = loser.access === 'read' ? 'read' : survivor.access
  const masks = [survivor, loser].flatMap((row): unknown[] => JSON.parse(String(row.masks)))
  const each = new Set(masks.map((mask) => JSON.stringify(mask)))
  return { access, masks: `[${[...each].join(',')}]`, version: Number(survivor.version) + 1 }
}

/** The survivor's primary job stays it. */
function onePrimary(row: FactRow, survivors: readonly FactRow[]): FactRow | undefined {
  const isTaken = survivors.some((one) => one.party_id === row.party_id && Number(one.is_primary) === 1)
  return isTaken && Number(row.is_primary) === 1 ? { is_primary: 0 } : undefined
}

/** Who has said no to one of them has said no; what both gave ends when the first of the two ends. */
function stricterConsent(survivor: FactRow, loser: FactRow): FactRow | undefined {
  const isStricter = survivor.state === 'given' && (loser.state !== 'given' || endOf(loser) < endOf(survivor))
  if (!isStricter) return undefined
  const { state, source, given_on, expires_on, note, evidence_kind, evidence_id } = loser
  return { state, source, given_on, expires_on, note, evidence_kind, evidence_id }
}

/** Behind every day where there is no end. */
function endOf({ expires_on }: FactRow): string {
  return typeof expires_on === 'string' ? expires_on : '~'
}

/** From whichever side it is kept. One that is over and one that goes on are two. */
function isSameRelation(one: FactRow, other: FactRow): boolean {
  if (one.until_on !== other.until_on) return false
  if (one.party_id === other.party_id && one.other_id === other.other_id)
    return one.type === other.type && (one.other_id !== null || one.name === other.name)
  return one.party_id === other.other_id && one.other_id === other.party_id && one.type === other.inverse
}

function sinceEarlier(survivors: FactRow, losers: FactRow): FactRow | undefined {
  const [mine, theirs] = [survivors, losers].map(({ since_on: since }) => since as string | null)
  return theirs != null && (mine == null || theirs < mine) ? { since_on: theirs } : undefined
}
