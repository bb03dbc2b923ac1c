import type { Change } from '../../../protocol/text/changes/between.ts'
import { findObjectByPlace } from '../../../storage/history/object-revisions.ts'
import type { ObjectId, RevisionId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import { actingFor, type Session } from '../../auth/session.ts'
import { AccountError, findAccount } from '../../features/accounts/accounts.ts'
import { listStates, type ShownState, showState } from '../../features/history/object-history.ts'
import { restoreState } from '../../features/history/restore.ts'
import { textIn } from '../../features/history/shown-state.ts'
import {
  type Command,
  type Invocation,
  lineOf,
  plain,
  positional,
  text,
  UsageError,
  withServices,
} from '../command.ts'

const usage = 'NAME OBJECT | NAME --uid UID'
const options = {
  uid: { type: 'string', help: 'the object of this UID, wherever the account has it' },
} as const

export const historyList: Command = {
  words: ['history'],
  usage,
  summary:
    'What a card or an event of an account was: number, when, what, by whom and with what. OBJECT is COLLECTION/NAME or an ID.',
  options,
  run: async (invocation) => {
    const { settings, print } = invocation
    await withServices(settings, async ({ store }) => {
      let before: RevisionId | undefined
      for (;;) {
        const page = { before, limit: 100 }
        const { states, makers } = await store.read(async (reader) => {
          const { session, id } = await asked(invocation, reader)
          return listStates(reader, session, id, page, settings)
        })
        for (const { revision, summary } of states.slice(0, page.limit)) {
          const { id, at, kind, origin, authorId, deviceId, sentBodyId } = revision
          const author = (authorId === null ? undefined : makers.authors.get(authorId)) ?? ''
          const device = (deviceId === null ? undefined : makers.devices.get(deviceId)?.label) ?? origin
          const note = [summary, sentBodyId === null ? '' : 'something else was sent']
            .filter(Boolean)
            .join('; ')
          print(lineOf([String(id), new Date(at).toISOString(), kind, author, device, note]))
        }
        before = states[page.limit - 1]?.revision.id
        if (states.length <= page.limit) return
      }
    })
    return 0
  },
}

export const historyShow: Command = {
  words: ['history', 'show'],
  usage: `${usage} --revision N [--sent]`,
  summary:
    'Show one state, and what it changed (- before, + after); --sent shows what was sent where that is something else.',
  options: {
    ...options,
    revision: { type: 'string', help: 'the number of the state (see history)' },
    sent: { type: 'boolean', help: 'print what was sent' },
  },
  run: async (invocation) => {
    const { settings, print, values } = invocation
    const state = await withServices(settings, ({ store }) =>
      store.read(async (reader) => {
        const { session, id } = await asked(invocation, reader)
        return showState(reader, session, { id, revisionId: revisionOf(invocation) }, settings)
      }),
    )
    if (values.sent !== true) printState(state, print)
    else if (state.sent === undefined) print('It was stored as it was sent.')
    else print(state.sent)
    return 0
  },
}

function printState({ text: body, previous, stored }: ShownState, print: (line: string) => void): void {
  print(body ?? 'Its octets are no longer kept.')
  printChanges('Changed:', previous, print)
  printChanges('Stored otherwise than it was sent:', stored, print)
}

function printChanges(
  title: string,
  changes: readonly Change[] | undefined,
  print: (line: string) => void,
): void {
  if (!changes || changes.length === 0) return
  print(title)
  for (const change of changes) {
    print(plain(change.path))
    for (const [mark, line] of [
      ['-', textIn(change, 'one')],
      ['+', textIn(change, 'other')],
    ] as const)
      if (line !== null) print(`${mark} ${short(line)}`)
  }
}

/** Photographs are not read on a terminal. */
function short(line: string): string {
  return plain(line.length > 300 ? `${line.slice(0, 300)}…` : line)
}

export const historyRestore: Command = {
  words: ['history', 'restore'],
  usage: `${usage} --revision N [--field PATH]`,
  summary:
    'Make a card or an event as it was, from the trash too; with --field only what is under that path.',
  options: {
    ...options,
    revision: { type: 'string', help: 'the number of the state (see history)' },
    field: { type: 'string', help: 'a path that history show names: VCARD/TEL' },
  },
  run: async (invocation) => {
    const { settings, print } = invocation
    const path = text(invocation, 'field')
    const { kind } = await withServices(settings, (services) =>
      services.store.write(async (tx) => {
        const { session, id } = await asked(invocation, tx)
        const origin = {
          kind: 'restore',
          authorId: session.principal.id,
          requestId: services.newId(),
        } as const
        const fields = path === undefined ? undefined : [{ path }]
        const wanted = { id, revisionId: revisionOf(invocation), fields, origin, check: () => {} }
        return restoreState(tx, session, wanted, services)
      }),
    )
    print(kind === 'unchanged' ? 'It is so already.' : `It was ${kind}.`)
    return 0
  },
}

/** Whoever runs the command acts for the account. */
async function asked(invocation: Invocation, reader: Reader): Promise<{ session: Session; id: ObjectId }> {
  const principal = await findAccount(reader, positional(invocation, 0, 'the NAME of the account'))
  const uid = text(invocation, 'uid')
  const word = uid === undefined ? positional(invocation, 1, 'the OBJECT, as COLLECTION/NAME or an ID') : ''
  const [, collection = '', name = ''] = /^([^/]+)\/(.+)$/.exec(word) ?? []
  const id = /^\d{1,15}$/.test(word)
    ? Number(word)
    : await findObjectByPlace(reader, principal.id, uid === undefined ? { collection, name } : { uid })
  if (id === undefined) throw new AccountError(`The account ${principal.name} has had no such object.`)
  return { session: actingFor(principal, invocation.settings), id }
}

function revisionOf(invocation: Invocation): RevisionId {
  const word = text(invocation, 'revision') ?? ''
  if (!/^\d{1,15}$/.test(word))
    throw new UsageError('Missing: --revision with the number of a state (see history).')
  return Number(word)
}
