import { listGroupMembers } from '../../../storage/groups.ts'
import { listPrincipals, type PrincipalRow } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import {
  addMember,
  createGroup,
  findGroup,
  removeGroup,
  removeMember,
} from '../../features/accounts/groups.ts'
import { findAnybody } from '../../features/accounts/named.ts'
import type { Sharing } from '../../features/sharing/sharing.ts'
import { type Command, type Invocation, plain, positional, text, withServices } from '../command.ts'
import { nameOptions } from './name-options.ts'
import { wayBack } from './removed.ts'

export const groupAdd: Command = {
  words: ['group', 'add'],
  usage: 'NAME [--email E] [--display-name D]',
  summary: 'Make a group, which collections can be shared with and rights granted to.',
  options: nameOptions,
  run: async (invocation) => {
    const name = positional(invocation, 0, 'the NAME of the group')
    const named = { name, email: text(invocation, 'email'), displayName: text(invocation, 'display-name') }
    await change(invocation, (tx) => createGroup(tx, named))
    invocation.print(`The group ${name} was made.`)
    return 0
  },
}

export const groupList: Command = {
  words: ['group', 'list'],
  usage: '',
  summary: 'List the groups.',
  options: {},
  run: async ({ settings, print }) => {
    const groups = await withServices(settings, ({ store }) =>
      store.read((reader) => listPrincipals(reader, 'group')),
    )
    for (const { name, displayName, email } of groups)
      print([name, plain(displayName), email ?? ''].join('\t').trimEnd())
    return 0
  },
}

export const groupRemove: Command = {
  words: ['group', 'remove'],
  usage: 'NAME [--purge]',
  summary:
    'Remove a group, until "removed restore" brings it back. Its members lose what they had through it.',
  options: { purge: { type: 'boolean', help: 'at once and for good, with the files it has' } },
  run: async (invocation) => {
    const name = positional(invocation, 0, 'the NAME of the group')
    const purge = invocation.values.purge === true
    const removed = await change(invocation, (tx, sharing) => removeGroup(tx, name, sharing, { purge }))
    invocation.print(`The group ${name} was removed.`)
    if (removed !== null) invocation.print(wayBack(removed))
    return 0
  },
}

export const groupAddMember: Command = {
  words: ['group', 'add-member'],
  usage: 'NAME MEMBER',
  summary: 'Put an account, a room, a resource or another group into a group.',
  options: {},
  run: async (invocation) => {
    const { group, member } = await changeMember(invocation, addMember)
    invocation.print(`${member.name} is in ${group.name}.`)
    return 0
  },
}

export const groupRemoveMember: Command = {
  words: ['group', 'remove-member'],
  usage: 'NAME MEMBER',
  summary: 'Take a member out of a group.',
  options: {},
  run: async (invocation) => {
    const { group, member } = await changeMember(invocation, removeMember)
    invocation.print(`${member.name} is not in ${group.name} any more.`)
    return 0
  },
}

export const groupMembers: Command = {
  words: ['group', 'members'],
  usage: 'NAME',
  summary: 'List the members of a group.',
  options: {},
  run: async (invocation) => {
    const name = positional(invocation, 0, 'the NAME of the group')
    const members = await withServices(invocation.settings, ({ store }) =>
      store.read(async (reader) => listGroupMembers(reader, (await findGroup(reader, name)).id)),
    )
    for (const member of members)
      invocation.print([member.name, member.kind, plain(member.displayName)].join('\t'))
    return 0
  },
}

async function changeMember(
  invocation: Invocation,
  act: (tx: Writer, group: PrincipalRow, member: PrincipalRow, sharing: Sharing) => Promise<void>,
): Promise<{ readonly group: PrincipalRow; readonly member: PrincipalRow }> {
  const name = positional(invocation, 0, 'the NAME of the group')
  const who = positional(invocation, 1, 'the MEMBER')
  return change(invocation, async (tx, sharing) => {
    const [group, member] = [await findGroup(tx, name), await findAnybody(tx, who)]
    await act(tx, group, member, sharing)
    return { group, member }
  })
}

function change<T>({ settings }: Invocation, act: (tx: Writer, sharing: Sharing) => Promise<T>): Promise<T> {
  return withServices(settings, ({ store, newId }) =>
    store.write((tx) => act(tx, { origin: { kind: 'job' }, settings, newId })),
  )
}
