import { listPrincipals } from '../../../storage/principals.ts'
import { removeHolder } from '../../features/accounts/accounts.ts'
import { type BookableKind, createBookable, findBookable } from '../../features/accounts/rooms.ts'
import { type Command, plain, positional, text, withServices } from '../command.ts'
import { nameOptions } from './name-options.ts'

const add = (kind: BookableKind): Command => ({
  words: [kind, 'add'],
  usage: 'NAME [--email E] [--display-name D]',
  summary: `Make a ${kind} with a calendar; "proxy add" and "acl grant" say who may book and see it.`,
  options: nameOptions,
  run: async (invocation) => {
    const name = positional(invocation, 0, `the NAME of the ${kind}`)
    const named = { name, email: text(invocation, 'email'), displayName: text(invocation, 'display-name') }
    await withServices(invocation.settings, (services) =>
      services.store.write((tx) => createBookable(tx, kind, named, services)),
    )
    invocation.print(`The ${kind} ${name} was made.`)
    return 0
  },
})

const list = (kind: BookableKind): Command => ({
  words: [kind, 'list'],
  usage: '',
  summary: `List the ${kind}s.`,
  options: {},
  run: async ({ settings, print }) => {
    const found = await withServices(settings, ({ store }) =>
      store.read((reader) => listPrincipals(reader, kind)),
    )
    for (const { name, displayName, email } of found)
      print([name, plain(displayName), email ?? ''].join('\t').trimEnd())
    return 0
  },
})

const remove = (kind: BookableKind): Command => ({
  words: [kind, 'remove'],
  usage: 'NAME [--purge]',
  summary: `Remove a ${kind}; with --purge also the events in its calendars, for good.`,
  options: { purge: { type: 'boolean', help: 'remove its events and trash too' } },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const name = positional(invocation, 0, `the NAME of the ${kind}`)
    const purge = values.purge === true
    await withServices(settings, (services) =>
      services.store.write(async (tx) =>
        removeHolder(tx, await findBookable(tx, kind, name), { purge }, services),
      ),
    )
    print(`The ${kind} ${name} was removed.`)
    return 0
  },
})

export const bookableCommands: readonly Command[] = (['room', 'resource'] as const).flatMap((kind) => [
  add(kind),
  list(kind),
  remove(kind),
])
