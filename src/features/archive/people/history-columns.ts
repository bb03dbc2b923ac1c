import {
  by,
  type Column,
  type ColumnSet,
  former,
  idText,
  isRecord,
  json,
  listOf,
  node,
  nullable,
  object,
  plainOf,
  richText,
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
  organisation: {
    key: idText(former('org_links')),
    state: { id: former('org_links'), partyId: party, parentId: party },
  },
}

const eachKind = (of: (kind: HistoryKind) => Column): Readonly<Record<string, Column>> =>
  Object.fromEntries(Object.entries(historyKinds).map(([kind, entry]) => [kind, of(entry)]))

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
