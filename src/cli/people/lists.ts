import { existsSync, readFileSync } from 'node:fs'
import { booksOfLists } from '../../../storage/smart-lists/books.ts'
import { listSmartLists, type SmartListRow } from '../../../storage/smart-lists/lists.ts'
import { countMembers, type ListKey, listMembers } from '../../../storage/smart-lists/members.ts'
import type { Reader } from '../../../storage/store.ts'
import { actingFor, type Session } from '../../auth/session.ts'
import { findAccount } from '../../features/accounts/accounts.ts'
import { filterOf, openFilter } from '../../features/smart-lists/evaluate.ts'
import { readyFaces } from '../../features/smart-lists/ready-faces.ts'
import { newSmartList } from '../../features/smart-lists/schema.ts'
import { ownViewing } from '../../features/smart-lists/sight.ts'
import { dropList, makeList, subscribeList } from '../../features/smart-lists/smart-lists.ts'
import { copyAll } from '../../features/virtual/virtual.ts'
import type { Services } from '../../services.ts'
import {
  type Command,
  type Invocation,
  lineOf,
  positional,
  text,
  UsageError,
  withServices,
} from '../command.ts'

const pageRows = 200

export const listList: Command = {
  words: ['list', 'list'],
  usage: 'NAME',
  summary: 'List the saved lists of people of an account: id, name, how many are in it, its address book.',
  options: {},
  run: (invocation) =>
    withSession(invocation, async (services, session) => {
      await readyFaces({ ...services, session })
      const lines = await services.store.read(async (reader) => {
        const lists = await listSmartLists(reader, session.principal.id)
        const books = await booksOfLists(
          reader,
          lists.map(({ id }) => id),
        )
        const found: string[] = []
        for (const list of lists) {
          const { filled } = await opened(reader, session, list, services.now())
          const count = await countMembers(reader, filled)
          found.push(lineOf([String(list.id), list.name, String(count), books.get(list.id)?.name ?? '']))
        }
        return found
      })
      for (const line of lines) invocation.print(line)
    }),
}

export const listCreate: Command = {
  words: ['list', 'create'],
  usage: 'NAME LIST --filter JSON|FILE [--description D] [--color #RRGGBB] [--book]',
  summary: 'Save a filter of people as a list; its id is told.',
  options: {
    filter: {
      type: 'string',
      help: `such as '{"field": "label", "op": "is", "text": "friend"}', or a file that has it`,
    },
    description: { type: 'string', help: 'what it is for' },
    color: { type: 'string', help: 'such as #1e90ff' },
    book: { type: 'boolean', help: 'devices have it as an address book' },
  },
  run: (invocation) => {
    const wanted = wantedList(invocation)
    return withSession(invocation, async (services, session) => {
      const { store, settings, newId } = services
      const origin = { kind: 'job', authorId: session.principal.id } as const
      const listing = { session, settings, newId, origin }
      const made = await store.write(async (tx) => {
        const list = await makeList(tx, wanted, listing)
        return { list, book: invocation.values.book ? await subscribeList(tx, list, listing) : undefined }
      })
      if (made.book) await copyAll(services, made.book.collectionId)
      invocation.print(lineOf([String(made.list.id), made.list.name, '', made.book?.collection.name ?? '']))
    })
  },
}

export const listMembersCommand: Command = {
  words: ['list', 'members'],
  usage: 'NAME ID|LIST',
  summary: 'List who is in a list: id, name, person or org.',
  options: {},
  run: (invocation) =>
    withSession(invocation, async (services, session) => {
      const list = await mustFindList(services, session, positional(invocation, 1, 'the ID of the list'))
      await readyFaces({ ...services, session })
      for (let after: ListKey | undefined, isMore = true; isMore; ) {
        const from = after
        const rows = await services.store.read(async (reader) => {
          const { filled } = await opened(reader, session, list, services.now())
          return listMembers(reader, filled, {
            ...{ order: 'name', isDescending: false, after: from, limit: pageRows },
          })
        })
        for (const { partyId, name, kind } of rows)
          invocation.print(lineOf([String(partyId), name ?? '', kind ?? '']))
        const last = rows.at(-1)
        after = last && [last.key, last.objectId]
        isMore = rows.length === pageRows
      }
    }),
}

export const listRemove: Command = {
  words: ['list', 'remove'],
  usage: 'NAME ID|LIST',
  summary: 'Remove a list, and the address books that are made of it; nobody who is in it is.',
  options: {},
  run: (invocation) =>
    withSession(invocation, async (services, session) => {
      const list = await mustFindList(services, session, positional(invocation, 1, 'the ID of the list'))
      const { settings, newId } = services
      const origin = { kind: 'job', authorId: session.principal.id } as const
      await services.store.write((tx) => dropList(tx, list, { session, settings, newId, origin }))
    }),
}

/** Runs as an account. */
async function withSession(
  invocation: Invocation,
  use: (services: Services, session: Session) => Promise<void>,
): Promise<number> {
  const { settings } = invocation
  const name = positional(invocation, 0, 'the NAME of the account')
  await withServices(settings, async (services) => {
    const account = await services.store.read((reader) => findAccount(reader, name))
    await use(services, actingFor(account, settings))
  })
  return 0
}

/** @throws UsageError */
function wantedList(invocation: Invocation) {
  const given = text(invocation, 'filter')
  if (given === undefined) throw new UsageError('Missing: the --filter.')
  const read = newSmartList.safeParse({
    name: positional(invocation, 1, 'the name of the LIST'),
    filter: jsonOf(existsSync(given) ? readFileSync(given, 'utf8') : given),
    description: text(invocation, 'description') ?? '',
    color: text(invocation, 'color') ?? null,
  })
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new UsageError(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it cannot be read'}.`)
}

function jsonOf(given: string): unknown {
  try {
    return JSON.parse(given)
  } catch {
    throw new UsageError('The --filter is no JSON.')
  }
}

/** By its id, or its name. @throws UsageError */
async function mustFindList({ store }: Services, session: Session, word: string): Promise<SmartListRow> {
  const lists = await store.read((reader) => listSmartLists(reader, session.principal.id))
  const list = lists.find(({ name }) => name === word) ?? lists.find(({ id }) => String(id) === word)
  if (!list) throw new UsageError(`The account has no list "${word}"; see farley list list.`)
  return list
}

async function opened(reader: Reader, session: Session, list: SmartListRow, now: number) {
  return openFilter(reader, await ownViewing(reader, session), filterOf(list), now)
}
