import type { Origin } from '../../../storage/origin.ts'
import { addHolder, removeHolder } from '../../../storage/roles/team-roles.ts'
import { findAnybody } from '../../features/accounts/named.ts'
import { addRole, changingHolders, dropRole, editRole } from '../../features/team/edit-roles.ts'
import { type Capability, capabilities } from '../../features/team/schema.ts'
import { listHeldTeamRoles, mustFindByName, readCapabilities } from '../../features/team/team-roles.ts'
import {
  type Command,
  type Invocation,
  lineOf,
  positional,
  text,
  UsageError,
  withServices,
} from '../command.ts'

const origin: Origin = { kind: 'job' }

const options = {
  masks: {
    type: 'string',
    help: 'masks, separated by commas, that whoever holds it sees cards in books of others through; "" for none',
  },
  may: { type: 'string', help: `what it lets do, separated by commas: ${capabilities.join(', ')}` },
} as const

const roleList: Command = {
  words: ['role', 'list'],
  usage: '',
  summary: 'List the roles: name, what they let do beside reading and writing, who holds them, their masks.',
  options: {},
  run: async ({ settings, print }) => {
    const held = await withServices(settings, ({ store }) => store.read(listHeldTeamRoles))
    for (const { role, holders, masks } of held) {
      const who = role.builtIn === 'everyone' ? 'everybody' : holders.map(({ name }) => name).join(', ')
      print(lineOf([role.name, readCapabilities(role).join(', '), who, masks.join(', ')]))
    }
    return 0
  },
}

const roleAdd: Command = {
  words: ['role', 'add'],
  usage: 'ROLE --may CAPABILITIES [--masks MASKS]',
  summary: 'Make a role.',
  options,
  run: async (invocation) => {
    const name = roleIn(invocation)
    const allowed = capabilitiesIn(invocation) ?? missing()
    const masks = wordsIn(invocation, 'masks')
    await withServices(invocation.settings, ({ store }) =>
      store.write(async (tx) => {
        await addRole(tx, { name, capabilities: allowed, masks }, origin)
      }),
    )
    invocation.print(`The role ${name} was made.`)
    return 0
  },
}

const roleSet: Command = {
  words: ['role', 'set'],
  usage: 'ROLE [--may CAPABILITIES] [--masks MASKS]',
  summary: 'Change what a role lets do, and what it hides; "everyone" is what everybody may.',
  options,
  run: async (invocation) => {
    const name = roleIn(invocation)
    const [allowed, masks] = [capabilitiesIn(invocation), wordsIn(invocation, 'masks')]
    if (!allowed && !masks) missing()
    await withServices(invocation.settings, ({ store }) =>
      store.write(async (tx) => {
        await editRole(tx, await mustFindByName(tx, name), { capabilities: allowed, masks }, origin)
      }),
    )
    invocation.print(`The role ${name} was changed.`)
    return 0
  },
}

const roleRemove: Command = {
  words: ['role', 'remove'],
  usage: 'ROLE',
  summary: 'Remove a role; whoever held it may no more what it let him do.',
  options: {},
  run: async (invocation) => {
    const name = roleIn(invocation)
    await withServices(invocation.settings, ({ store }) =>
      store.write(async (tx) => {
        const role = await mustFindByName(tx, name)
        if (role.builtIn !== null) throw new UsageError(`The role ${name} stays.`)
        await dropRole(tx, role, origin)
      }),
    )
    invocation.print(`The role ${name} was removed.`)
    return 0
  },
}

const roleGive = holding(
  'give',
  'Give an account or a group a role.',
  (name, role) => `${name} is in ${role}.`,
)
const roleTake = holding(
  'take',
  'Take a role away from an account or a group.',
  (name, role) => `${name} is not in ${role}.`,
)

/** The commands about roles. */
export const roleCommands: readonly Command[] = [roleList, roleAdd, roleSet, roleRemove, roleGive, roleTake]

function holding(
  word: 'give' | 'take',
  summary: string,
  said: (name: string, role: string) => string,
): Command {
  return {
    words: ['role', word],
    usage: 'ROLE NAME',
    summary,
    options: {},
    run: async (invocation) => {
      const [role, name] = [roleIn(invocation), positional(invocation, 1, 'the NAME of the account or group')]
      await withServices(invocation.settings, ({ store }) =>
        store.write(async (tx) => {
          const found = await mustFindByName(tx, role)
          if (found.builtIn === 'everyone') throw new UsageError('Everybody holds this role.')
          const holder = await findAnybody(tx, name)
          const act = word === 'give' ? addHolder : removeHolder
          await changingHolders(tx, found, origin, () => act(tx, found.id, holder.id))
        }),
      )
      invocation.print(said(name, role))
      return 0
    },
  }
}

function roleIn(invocation: Invocation): string {
  return positional(invocation, 0, 'the name of the ROLE')
}

const missing = (): never => {
  throw new UsageError('Say what the role lets do: --may')
}

function capabilitiesIn(invocation: Invocation): Capability[] | undefined {
  return wordsIn(invocation, 'may')?.map((word) => {
    const known = capabilities.find((capability) => capability === word)
    if (!known) throw new UsageError(`"${word}" is nothing a role lets do: ${capabilities.join(', ')}.`)
    return known
  })
}

function wordsIn(invocation: Invocation, option: 'may' | 'masks'): string[] | undefined {
  const words = text(invocation, option)?.split(',')
  return words?.map((word) => word.trim()).filter((word) => word !== '')
}
