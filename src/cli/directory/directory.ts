import { findAccount } from '../../features/accounts/accounts.ts'
import { showDirectory } from '../../features/directory/directory-book.ts'
import { type Command, type Invocation, positional, withServices } from '../command.ts'

export const directoryOn: Command = {
  words: ['directory', 'on'],
  usage: 'NAME',
  summary: 'Let an account have the directory of colleagues as an address book again.',
  options: {},
  run: async (invocation) => {
    const isOffered = invocation.settings.directory.addressBook
    const name = await show(invocation, true)
    const unless = isOffered ? '' : ', once the setting directory.addressBook is true'
    invocation.print(`${name} has the directory as an address book${unless}.`)
    return 0
  },
}

export const directoryOff: Command = {
  words: ['directory', 'off'],
  usage: 'NAME',
  summary: 'Take the directory of colleagues from an account; deleting the address book does the same.',
  options: {},
  run: async (invocation) => {
    invocation.print(`${await show(invocation, false)} does not have the directory as an address book.`)
    return 0
  },
}

/** @returns the name of the account */
async function show(invocation: Invocation, isShown: boolean): Promise<string> {
  const given = positional(invocation, 0, 'the NAME of the account')
  return withServices(invocation.settings, ({ store }) =>
    store.write(async (tx) => {
      const { id, name } = await findAccount(tx, given)
      await showDirectory(tx, id, isShown, { kind: 'web', authorId: id })
      return name
    }),
  )
}
