import { z } from 'zod'
import { type ChangedBookable, listPrincipals, setBookableTraits } from '../../../storage/principals.ts'
import { removeHolder } from '../../features/accounts/accounts.ts'
import { bookablePatch } from '../../features/accounts/admin-schema.ts'
import { changeNames } from '../../features/accounts/asked.ts'
import { recordedPrincipal } from '../../features/accounts/record.ts'
import { type BookableKind, createBookable, findBookable } from '../../features/accounts/rooms.ts'
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
import { nameOptions } from './name-options.ts'
import { wayBack } from './removed.ts'

const traitUsage = '[--email E] [--display-name D] [--place P] [--capacity N] [--description TEXT]'
const traitOptions = {
  place: { type: 'string', help: 'where it is' },
  capacity: { type: 'string', help: 'for how many people' },
  description: { type: 'string', help: 'what it is like, in one line' },
} as const

/** @throws UsageError for what it cannot be */
function traitsIn(invocation: Invocation): ChangedBookable {
  const { place, capacity, description } = bookablePatch.shape
  return {
    place: given(invocation, 'place', place),
    capacity: given(invocation, 'capacity', z.preprocess(Number, capacity)),
    description: given(invocation, 'description', description),
  }
}

/** @returns null for nothing; undefined where the option is not there @throws UsageError */
function given<T>(invocation: Invocation, name: string, schema: z.ZodType<T>): T | null | undefined {
  const value = text(invocation, name)
  if (value === undefined || value === '') return value === '' ? null : undefined
  const outcome = schema.safeParse(value)
  if (outcome.success) return outcome.data
  throw new UsageError(`--${name}: ${outcome.error.issues[0]?.message ?? 'it cannot be read'}.`)
}

const add = (kind: BookableKind): Command => ({
  words: [kind, 'add'],
  usage: `NAME ${traitUsage}`,
  summary: `Make a ${kind} with a calendar; "proxy add" and "acl grant" say who may book and see it.`,
  options: { ...nameOptions, ...traitOptions },
  run: async (invocation) => {
    const name = positional(invocation, 0, `the NAME of the ${kind}`)
    const named = { name, email: text(invocation, 'email'), displayName: text(invocation, 'display-name') }
    const made = { ...named, ...traitsIn(invocation) }
    await withServices(invocation.settings, (services) =>
      services.store.write((tx) => createBookable(tx, kind, made, services)),
    )
    invocation.print(`The ${kind} ${name} was made.`)
    return 0
  },
})

const set = (kind: BookableKind): Command => ({
  words: [kind, 'set'],
  usage: `NAME ${traitUsage}`,
  summary: `Say what a ${kind} is called and like; nothing ("") takes it back.`,
  options: { ...nameOptions, ...traitOptions },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, `the NAME of the ${kind}`)
    const displayName = given(invocation, 'display-name', bookablePatch.shape.displayName) ?? undefined
    const email = given(invocation, 'email', bookablePatch.shape.email)
    const changed = await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const found = await findBookable(tx, kind, name)
        await recordedPrincipal(tx, found.id, { kind: 'job' }, async () => {
          await changeNames(tx, found, { displayName, email })
          await setBookableTraits(tx, found.id, traitsIn(invocation))
        })
        return findBookable(tx, kind, name)
      }),
    )
    print(`display name  ${plain(changed.displayName)}`)
    print(`mail          ${changed.email ?? ''}`.trimEnd())
    print(`place         ${plain(changed.place ?? '')}`.trimEnd())
    print(`capacity      ${changed.capacity ?? ''}`.trimEnd())
    print(`description   ${plain(changed.description ?? '')}`.trimEnd())
    return 0
  },
})

const list = (kind: BookableKind): Command => ({
  words: [kind, 'list'],
  usage: '',
  summary: `List the ${kind}s: name, display name, mail, place, capacity, description.`,
  options: {},
  run: async ({ settings, print }) => {
    const found = await withServices(settings, ({ store }) =>
      store.read((reader) => listPrincipals(reader, kind)),
    )
    for (const { name, displayName, email, place, capacity, description } of found)
      print(lineOf([name, displayName, email ?? '', place ?? '', String(capacity ?? ''), description ?? '']))
    return 0
  },
})

const remove = (kind: BookableKind): Command => ({
  words: [kind, 'remove'],
  usage: 'NAME [--purge]',
  summary: `Remove a ${kind} with its calendars, until "removed restore" brings it back.`,
  options: { purge: { type: 'boolean', help: 'at once and for good, with its events and trash' } },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const name = positional(invocation, 0, `the NAME of the ${kind}`)
    const purge = values.purge === true
    const { removed } = await withServices(settings, ({ store, newId }) =>
      store.write(async (tx) =>
        removeHolder(tx, await findBookable(tx, kind, name), { purge }, { settings, newId }),
      ),
    )
    print(`The ${kind} ${name} was removed.`)
    if (removed !== null) print(wayBack(removed))
    return 0
  },
})

export const bookableCommands: readonly Command[] = (['room', 'resource'] as const).flatMap((kind) => [
  add(kind),
  set(kind),
  list(kind),
  remove(kind),
])
