import { z } from 'zod'
import type { FactRow } from '../../../../storage/people/fact-tables.ts'
import { fieldOptions, fieldTypes } from '../../fields/schema.ts'
import { writtenMask } from '../../masks/schema.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import {
  anybody,
  book,
  by,
  type Column,
  type ColumnSet,
  former,
  idText,
  ifAny,
  int,
  isRecord,
  json,
  listOf,
  node,
  nullable,
  object,
  oneOf,
  plainOf,
  richText,
  row,
  text,
  time,
  who,
} from './columns.ts'
import {
  fieldValue,
  historyKey,
  historyState,
  listFilter,
  listPrincipals,
  thingKey,
  thingState,
} from './history-columns.ts'
import { mergeItemOf } from './merge-columns.ts'
import { isOfExported, isOpen, isOpenState } from './whose.ts'

/** Rows that hang on those of another table, and stand in its lines. */
export interface HangingTable {
  readonly table: string
  /** The column that has the id of what they hang on. */
  readonly on: string
  readonly columns: ColumnSet
  /** Columns that do not come along, and what they are then. */
  readonly left?: FactRow
}

/** A table of facts in an archive: each row is a line of `people/TABLE.jsonl`. Its key is `id`. */
export interface ArchivedTable {
  readonly table: string
  /**
   * The column that names a party of the archive, or of the table that leads here: rows of others are left out. Without it
   * all rows are meant.
   */
  readonly by?: string
  readonly through?: { readonly table: string; readonly id: string }
  /** Columns that must name parties of the archive too. */
  readonly alsoBy?: readonly string[]
  readonly columns: ColumnSet
  /** Columns that do not come along, and what they are then. */
  readonly left?: FactRow
  readonly hanging?: readonly HangingTable[]
  /** Of which at least one row must hang on it, or it is nothing. */
  readonly needs?: string
  /** Only with the history. */
  readonly isHistory?: boolean
  /** Only in an archive of a whole installation: what whoever runs it says of its accounts. */
  readonly isOfInstallation?: boolean
  /** Rows that are nobody's business but that of these accounts, and of those who are exported. */
  readonly isWanted?: (row: FactRow, exported: ReadonlySet<number>) => boolean
  readonly look?: readonly string[]
  /** The column by which what is here already is known to be the same, and those that must agree. */
  readonly known?: { readonly by: string; readonly same?: readonly string[] }
  /** Whether what is here already is changed to what the archive has. */
  readonly givesWay?: (here: FactRow) => boolean
  /** Of two columns that lead from row to row, which must not lead in a circle. */
  readonly noCircle?: readonly [from: string, to: string]
}

const party = row('parties')
const day = nullable(text(40))
/** What somebody was called; of one who is not here what the archive calls him. */
function nameIfGone(column: string): Column {
  const name = nullable(text(1_000))
  return (value, swap, of) => {
    const given = name(value, swap, of)
    const author = of[column]
    if (swap.isOut || given !== null || !isRecord(author)) return given
    return who(author, swap, of) === undefined ? name(author.name, swap, of) : null
  }
}

const flag: Column = (value, swap, of) => (swap.isOut ? value : int(value, swap, of) === 0 ? 0 : 1)

/** JSON of a form. @param schema  what it must be */
function formed(schema: z.ZodType, refs: ColumnSet = {}): Column {
  const column = json(refs)
  return (value, swap, of) => {
    if (!swap.isOut && !schema.safeParse(value).success) throw new TransferError('has another form')
    return column(value, swap, of)
  }
}

/** Books are named there as the archive names them. */
const archivedMask = writtenMask.extend({ books: z.array(z.unknown()).max(200).optional() })

/** People, with their cards and what each has once. */
export const partyTable: ArchivedTable = {
  table: 'parties',
  columns: {
    ...{ owner_id: nullable(who), merged_into: nullable(party) },
    ...{ version: int, created_at: time, changed_at: time },
  },
  hanging: [
    {
      table: 'placements',
      on: 'party_id',
      columns: { object_id: object, removed_at: nullable(time) },
      left: { collection_id: null, uid_key: null, kind: null, name: null, sort_key: null },
    },
    { table: 'party_roles', on: 'party_id', columns: { role: text(200), at: time } },
    {
      table: 'custom_values',
      on: 'party_id',
      columns: {
        ...{ field_id: row('custom_fields'), value: jsonOf(fieldValue), folded: text() },
        ...{ amount: nullable(int), sort_key: text(200) },
      },
    },
  ],
}

/**
 * Everything that an archive has beside cards, in the order it comes back: what names something comes after that. A table
 * of a feature is an entry here.
 */
export const archivedFacts: readonly ArchivedTable[] = [
  {
    table: 'masks',
    columns: {
      name: text(200),
      rules: formed(archivedMask, { books: listOf(book) }),
      created_at: time,
      changed_at: time,
    },
    hanging: [{ table: 'mask_holders', on: 'mask_id', columns: { principal_id: who } }],
    known: { by: 'name' },
    isOfInstallation: true,
  },
  {
    table: 'team_roles',
    columns: {
      ...{ name: text(200), capabilities: text(2_000), built_in: nullable(text(40)) },
      ...{ version: int, created_at: time, changed_at: time },
    },
    hanging: [
      { table: 'team_role_holders', on: 'role_id', columns: { principal_id: who } },
      { table: 'team_role_masks', on: 'role_id', columns: { mask_id: row('masks') } },
    ],
    known: { by: 'name' },
    isOfInstallation: true,
    // Those that are there from the start have been changed by nobody here.
    givesWay: ({ version }) => version === 1,
  },
  {
    table: 'custom_fields',
    columns: {
      ...{ collection_id: nullable(book), key: text(60), label: text(200) },
      ...{ former_labels: formed(z.array(z.string().max(200))), type: oneOf(...fieldTypes) },
      ...{ options: formed(fieldOptions), position: int, retired_at: nullable(time) },
      ...{ version: int, created_at: time, changed_at: time },
    },
    // What is not derived yet of their values is derived here.
    left: { stale_after: 0 },
    known: { by: 'key', same: ['type', 'collection_id'] },
  },
  partyTable,
  {
    table: 'memberships',
    by: 'party_id',
    columns: {
      ...{ party_id: party, org_id: nullable(party), org_name: text(), department: text(), title: text() },
      ...{ role: text(), from_on: day, until_on: day, is_primary: flag },
    },
  },
  {
    table: 'relations',
    by: 'party_id',
    columns: {
      ...{ party_id: party, other_id: nullable(party), type: text(), inverse: text(), name: text() },
      ...{ other_name: text(), since_on: day, until_on: day },
    },
  },
  {
    table: 'org_links',
    by: 'party_id',
    alsoBy: ['parent_id'],
    columns: { party_id: party, parent_id: party, kind: text(), from_on: day, until_on: day },
    noCircle: ['party_id', 'parent_id'],
  },
  {
    table: 'suggestions',
    by: 'party_id',
    columns: {
      ...{ party_id: party, kind: oneOf('employer', 'relation'), created_at: time },
      key: by('kind', { employer: idText(row('memberships')), relation: idText(row('relations')) }),
      data_json: formed(z.record(z.string(), z.unknown()), { candidates: listOf(party) }),
      dismissed_at: nullable(time),
    },
  },
  {
    table: 'activities',
    by: 'party_id',
    through: { table: 'activity_parties', id: 'activity_id' },
    look: ['visibility', 'author_id', 'team_id'],
    isWanted: isOpen,
    columns: {
      ...{
        kind: text(100),
        at: time,
        author_id: nullable(who),
        visibility: oneOf('private', 'team', 'public'),
      },
      ...{ team_id: nullable(who), html: richText(1_000_000), text: plainOf('html', 1_000_000) },
      ...{ direction: nullable(oneOf('in', 'out')), outcome: nullable(text()), minutes: nullable(int) },
      ...{ pinned_at: nullable(time), object_id: nullable(object), version: int },
      ...{ created_at: time, changed_at: time, author_name: nameIfGone('author_id') },
    },
    hanging: [
      { table: 'activity_parties', on: 'activity_id', columns: { party_id: party, at: time } },
      { table: 'activity_mentions', on: 'activity_id', columns: { principal_id: who } },
    ],
    needs: 'activity_parties',
  },
  {
    table: 'party_links',
    by: 'party_id',
    columns: {
      ...{ party_id: party, kind: oneOf('object', 'node'), target_id: by('kind', { object, node }) },
      ...{ author_id: nullable(who), at: time },
    },
  },
  {
    table: 'consents',
    by: 'party_id',
    columns: {
      ...{ party_id: party, channel: text(200), purpose: text(1_000), purpose_key: text(1_000) },
      ...{
        state: oneOf('given', 'refused', 'withdrawn'),
        source: text(),
        given_on: text(40),
        expires_on: day,
      },
      ...{ note: text(), evidence_kind: nullable(oneOf('document', 'activity', 'event')) },
      evidence_id: nullable(
        by('evidence_kind', { document: node, activity: row('activities'), event: object }),
      ),
    },
  },
  {
    table: 'smart_lists',
    look: ['principal_id', 'deleted_at'],
    isWanted: (of, exported) => of.deleted_at === null && isOfExported(of, exported),
    left: { deleted_at: null, kept: null },
    columns: {
      ...{ principal_id: who, name: text(1_000), description: text(), color: nullable(text(40)) },
      filter: listFilter,
      ...{ principals: listPrincipals, version: int, created_at: time, changed_at: time },
    },
  },
  {
    table: 'labels',
    look: ['principal_id'],
    isWanted: isOfExported,
    columns: {
      ...{ principal_id: who, name: text(1_000), color: nullable(text(40)), version: int, changed_at: time },
    },
  },
  {
    table: 'grants',
    alsoBy: ['party_id'],
    look: ['giver_id'],
    isWanted: ({ giver_id }, exported) => exported.has(Number(giver_id)),
    columns: {
      ...{ giver_id: who, receiver_id: anybody, kind: text(40), party_id: ifAny(party) },
      source_id: ifAny(by('kind', { label: book, list: row('smart_lists') })),
      ...{
        label: nullable(text()),
        former_labels: formed(z.array(z.string().max(500))),
        access: oneOf('read', 'read-write'),
        masks: formed(z.array(writtenMask)),
      },
      ...{ name: nullable(text()), version: int, created_at: time, changed_at: time },
    },
  },
  {
    table: 'cadences',
    by: 'party_id',
    look: ['principal_id'],
    isWanted: isOfExported,
    columns: {
      ...{ party_id: party, principal_id: who, every_days: int, began_at: time },
      ...{ task_id: nullable(object), task_at: nullable(time), version: int },
    },
  },
  {
    table: 'duplicate_pairs',
    by: 'party_a',
    alsoBy: ['party_b'],
    columns: {
      ...{ party_a: party, party_b: party, score: int, level: text(40), state: text(40), found_at: time },
      ...{ decided_at: nullable(time), decided_by: nullable(who) },
    },
  },
  {
    table: 'merges',
    by: 'survivor_id',
    alsoBy: ['loser_id'],
    columns: {
      ...{ survivor_id: party, loser_id: party, name: text(), author_id: nullable(who), at: time },
      ...{ undone_at: nullable(time), undone_by: nullable(who) },
    },
    hanging: [
      {
        table: 'merge_items',
        on: 'merge_id',
        columns: { number: int, kind: text(40), data: mergeItemOf(columnsOf) },
      },
      {
        table: 'aliases',
        on: 'merge_id',
        columns: {
          ...{ collection_id: book, name: text(), uid_key: nullable(text()) },
          ...{ object_id: object, loser_object_id: object },
        },
      },
    ],
    isHistory: true,
  },
  {
    table: 'fact_revisions',
    by: 'party_id',
    look: ['kind', 'before_json', 'after_json'],
    isWanted: ({ kind, before_json, after_json }, exported) =>
      [before_json, after_json].every((state) => isOpenState(kind, state, exported)),
    columns: {
      ...{ party_id: party, other_id: nullable(party), kind: text(100), key: historyKey },
      ...{ before_json: historyState, after_json: historyState, at: time, origin: text(40) },
      ...{ author_id: nullable(who), client_kind: nullable(text(200)), request_id: nullable(text(200)) },
    },
    left: { device_id: null },
    isHistory: true,
  },
  {
    table: 'thing_revisions',
    alsoBy: ['party_id'],
    look: ['owner_id'],
    isWanted: ({ owner_id }, exported) => owner_id === null || exported.has(Number(owner_id)),
    columns: {
      ...{ kind: text(20), key: thingKey, owner_id: ifAny(who), party_id: ifAny(party) },
      ...{ before_json: thingState, after_json: thingState, at: time, origin: text(40) },
      ...{ author_id: nullable(who), client_kind: nullable(text(200)), request_id: nullable(text(200)) },
    },
    left: { device_id: null },
    isHistory: true,
  },
]

/** The value of a field, as JSON. */
function jsonOf(column: Column): Column {
  const written = json()
  return (value, swap, of) =>
    swap.isOut ? column(JSON.parse(String(value)), swap, of) : written(column(value, swap, of), swap, of)
}

/** The columns of a table that a merge may have changed, by their names. */
function columnsOf(table: string): ColumnSet | undefined {
  for (const one of archivedFacts) {
    if (one.table === table) return { ...one.columns, ...leftOf(one.left), id: former(table) }
    const hanging = one.hanging?.find((other) => other.table === table)
    if (hanging) return { ...hanging.columns, ...leftOf(hanging.left), [hanging.on]: former(one.table) }
  }
  return undefined
}

function leftOf(left: FactRow = {}): ColumnSet {
  return Object.fromEntries(Object.entries(left).map(([name, value]) => [name, () => value]))
}
