import type { ThingKindName } from '../../../../storage/history/thing-revisions.ts'
import {
  anybody,
  book,
  by,
  type Column,
  type ColumnSet,
  deepJson,
  former,
  idText,
  isRecord,
  json,
  jsonOfEach,
  listOf,
  node,
  nullable,
  object,
  plainOf,
  richText,
  row,
  text,
  who,
} from './columns.ts'

/** What the history of a kind of fact says which of them is meant by, and what its states name. */
interface HistoryKind {
  readonly key: Column
  readonly state: ColumnSet
}

const party = former('parties')

/** The value of a field, which may be a file. */
export const fieldValue: Column = (value, swap) => {
  const isFile = isRecord(value) && typeof value.id === (swap.isOut ? 'number' : 'string')
  return isFile ? { ...value, id: swap.node(value.id) ?? null } : value
}

/** `object 12`, with what is meant in place of the number. */
const linkKey: Column = (value, swap) => {
  if (!swap.isOut) {
    if (!isRecord(value)) return undefined
    const id = value.object === undefined ? swap.node(value.node) : swap.object(value.object)
    return id === undefined ? undefined : `${value.object === undefined ? 'node' : 'object'} ${id}`
  }
  const [kind, id] = String(value).split(' ')
  const place = kind === 'node' ? swap.node(Number(id)) : swap.object(Number(id))
  return place === undefined ? undefined : { [kind === 'node' ? 'node' : 'object']: place }
}

/** `12-7`: what is shared, and with whom. */
function pairKey(name: string, column: Column): Column {
  return (value, swap, of) => {
    if (!swap.isOut && !isRecord(value)) return undefined
    const [what, whom] = isRecord(value) ? [value[name], value.with] : String(value).split('-').map(Number)
    const [place, receiver] = [column(what, swap, of), anybody(whom, swap, of)]
    if (place === undefined || receiver === undefined) return undefined
    return swap.isOut ? { [name]: place, with: receiver } : `${place}-${receiver}`
  }
}

/** Every kind of fact that has a history: without an entry here its history is in no archive. */
export const historyKinds: Readonly<Record<string, HistoryKind>> = {
  field: {
    key: idText(former('custom_fields')),
    state: { field: former('custom_fields'), value: fieldValue },
  },
  activity: {
    key: idText(former('activities')),
    state: {
      ...{ id: former('activities'), authorId: who, teamId: who, objectId: object, parties: listOf(party) },
      ...{ html: richText(1_000_000), text: plainOf('html', 1_000_000) },
    },
  },
  link: { key: linkKey, state: { target: by('kind', { object, node }), author: who } },
  owner: { key: text(), state: { owner: who } },
  role: { key: text(), state: {} },
  membership: {
    key: idText(former('memberships')),
    state: { id: former('memberships'), partyId: party, orgId: party },
  },
  relation: {
    key: idText(former('relations')),
    state: { id: former('relations'), partyId: party, otherId: party },
  },
  consent: {
    key: idText(former('consents')),
    state: {
      ...{ id: former('consents'), partyId: party },
      evidenceId: by('evidenceKind', { document: node, activity: former('activities'), event: object }),
    },
  },
  cadence: { key: idText(who), state: { principalId: who, taskId: object } },
  organisation: {
    key: idText(former('org_links')),
    state: { id: former('org_links'), partyId: party, parentId: party },
  },
}

/** A value in a state, in which something stands as in the JSON of a column. */
function within(column: Column): Column {
  return (value, swap, of) => {
    const swapped = column(swap.isOut ? JSON.stringify(value) : value, swap, of)
    return swap.isOut || typeof swapped !== 'string' ? swapped : (JSON.parse(swapped) as unknown)
  }
}

/** Whom and what a filter names; all of it has to be there. */
export const listFilter = deepJson({ book, organisation: former('parties'), to: former('parties') })
export const listPrincipals = jsonOfEach(anybody)

/** What has a history of its own, and is of nobody alone: of what is there. */
export const thingKinds: Readonly<Record<ThingKindName, HistoryKind>> = {
  label: { key: text(), state: {} },
  list: {
    key: idText(row('smart_lists')),
    state: { filter: within(listFilter), principals: within(listPrincipals) },
  },
  field: { key: idText(row('custom_fields')), state: { book } },
  grant: {
    key: idText(row('grants')),
    state: {
      ...{ receiver: anybody, party },
      source: by('kind', { label: book, book, list: former('smart_lists') }),
    },
  },
  role: {
    key: idText(row('team_roles')),
    state: { holders: listOf(anybody), masks: listOf(former('masks')) },
  },
  mask: {
    key: idText(row('masks')),
    state: { holders: listOf(anybody), roles: listOf(former('team_roles')), books: listOf(book) },
  },
  account: { key: idText(who), state: {} },
  group: { key: idText(who), state: { members: listOf(anybody) } },
  room: { key: idText(who), state: {} },
  share: { key: pairKey('collection', book), state: { collection: book, receiver: anybody } },
  folder: { key: pairKey('folder', node), state: { folder: node, receiver: anybody } },
}

const eachKind = (
  of: (kind: HistoryKind) => Column,
  kinds: Readonly<Record<string, HistoryKind>> = historyKinds,
): Readonly<Record<string, Column>> =>
  Object.fromEntries(Object.entries(kinds).map(([kind, entry]) => [kind, of(entry)]))

export const historyKey = by(
  'kind',
  eachKind(({ key }) => key),
)
export const historyState = nullable(
  by(
    'kind',
    eachKind(({ state }) => json(state)),
  ),
)

export const thingKey = by(
  'kind',
  eachKind(({ key }) => key, thingKinds),
)
export const thingState = nullable(
  by(
    'kind',
    eachKind(({ state }) => json(state), thingKinds),
  ),
)
