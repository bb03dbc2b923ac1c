import { dropHeldEdit, listHeldEdits } from '../../../storage/held/held-edits.ts'
import type { HeldEditId } from '../../../storage/ids.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import { actingFor, type Session } from '../../auth/session.ts'
import { AccountError, findAccount } from '../../features/accounts/accounts.ts'
import { applyHeld } from '../../features/held/apply.ts'
import { showHeld } from '../../features/held/show.ts'
import { type Command, type Invocation, plain, positional, withServices } from '../command.ts'

export const heldList: Command = {
  words: ['held', 'list'],
  usage: 'NAME',
  summary: 'List edits of an account that were refused: id, when, where, why, device, octets.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const held = await withServices(settings, ({ store }) =>
      store.read(async (reader) => listHeldEdits(reader, (await findAccount(reader, name)).id)),
    )
    for (const { id, at, collectionName, name: member, status, reason, device, size } of held) {
      const cells = [
        id,
        new Date(at).toISOString(),
        `${collectionName}/${member}`,
        `${status} ${reason}`,
        device ?? '',
        size,
      ]
      print(cells.map((cell) => plain(String(cell))).join('\t'))
    }
    return 0
  },
}

export const heldShow: Command = {
  words: ['held', 'show'],
  usage: 'NAME ID [--body]',
  summary: 'Show what a refused edit says otherwise than what is stored (- stored, + refused).',
  options: { body: { type: 'boolean', help: 'print what was sent instead' } },
  run: async (invocation) => {
    const { settings, print, values } = invocation
    const { edit, text, differences } = await withServices(settings, ({ store }) =>
      store.read(async (reader) =>
        showHeld(reader, await sessionFor(invocation, reader), idOf(invocation), settings),
      ),
    )
    if (values.body) {
      print(text)
      return 0
    }
    print(`${edit.collectionName}/${plain(edit.name)}: ${edit.status} ${edit.reason}`)
    if (!differences) print('It is too long to compare; see --body.')
    else if (differences.length === 0) print('It says nothing that is not stored.')
    for (const { path, one, other } of differences ?? []) {
      print(plain(path))
      if (one !== undefined) print(`- ${short(one)}`)
      if (other !== undefined) print(`+ ${short(other)}`)
    }
    return 0
  },
}

export const heldApply: Command = {
  words: ['held', 'apply'],
  usage: 'NAME ID [--replace]',
  summary: 'Store a refused edit after all: a card is merged with what is there, an event takes its place.',
  options: { replace: { type: 'boolean', help: 'put it in the place of what is there, whatever that is' } },
  run: async (invocation) => {
    const { settings, print, values } = invocation
    const { kind } = await withServices(settings, (services) =>
      services.store.write(async (tx) => {
        const session = await sessionFor(invocation, tx)
        const origin = { kind: 'web', authorId: session.principal.id, requestId: services.newId() } as const
        const replace = values.replace === true
        return applyHeld(tx, session, idOf(invocation), { replace, origin }, services)
      }),
    )
    print(`The edit ${idOf(invocation)} was applied: ${kind}.`)
    return 0
  },
}

export const heldDrop: Command = {
  words: ['held', 'drop'],
  usage: 'NAME ID',
  summary: 'Forget a refused edit.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const id = idOf(invocation)
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const { principal } = await sessionFor(invocation, tx)
        if (!(await dropHeldEdit(tx, principal.id, id)))
          throw new AccountError(`The account ${principal.name} has no held edit ${id}.`)
      }),
    )
    print(`The edit ${id} was dropped.`)
    return 0
  },
}

/** Whoever runs the command acts for the account. */
async function sessionFor(
  invocation: Invocation,
  reader: Parameters<typeof findAccount>[0],
): Promise<Session> {
  const principal: PrincipalRow = await findAccount(
    reader,
    positional(invocation, 0, 'the NAME of the account'),
  )
  return actingFor(principal, invocation.settings)
}

function idOf(invocation: Invocation): HeldEditId {
  const word = positional(invocation, 1, 'the ID of the edit (see held list)')
  return (/^\d{1,15}$/.test(word) ? Number(word) : 0) as HeldEditId
}

/** Photographs are not read on a terminal. */
function short(line: string): string {
  return plain(line.length > 300 ? `${line.slice(0, 300)}…` : line)
}
