import type { CollectionId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { findAccount } from '../../features/accounts/accounts.ts'
import { findOwnCollection } from '../../features/accounts/own-collection.ts'
import { dropMask, giveMask, showMasks, takeMask, writeMask } from '../../features/masks/edit-masks.ts'
import { type Command, type Invocation, lineOf, positional, text, withServices } from '../command.ts'

const origin: Origin = { kind: 'job' }

const maskAdd: Command = {
  words: ['mask', 'add'],
  usage: 'MASK [--hide RULES] [--only RULES] [--books OWNER/BOOK,…]',
  summary:
    'Make a mask, or change it: what whoever holds it does not see of cards in books of others, such as "NOTE,TEL;TYPE=home".',
  options: {
    hide: { type: 'string', help: 'properties, with TYPE= or LABEL= where wanted, separated by commas' },
    only: { type: 'string', help: 'hide everything but these, and the name' },
    books: {
      type: 'string',
      help: 'only in these address books, as jane/contacts, separated by commas; without it in all',
    },
  },
  run: async (invocation) => {
    const name = positional(invocation, 0, 'the name of the MASK')
    const only = text(invocation, 'only')
    const rules = {
      hide: rulesIn(text(invocation, 'hide')),
      ...(only !== undefined && { only: rulesIn(only) }),
    }
    const given = text(invocation, 'books')
    await write(invocation, async (tx) => {
      const books = given === undefined ? {} : { books: await booksIn(tx, given) }
      await writeMask(tx, name, { ...rules, ...books }, origin)
    })
    invocation.print(`The mask ${name} is kept; give it to accounts or groups.`)
    return 0
  },
}

const maskList: Command = {
  words: ['mask', 'list'],
  usage: '',
  summary:
    'List the masks: name, what is hidden, what alone is seen, who holds it, the ids of the only books.',
  options: {},
  run: async ({ settings, print }) => {
    const masks = await withServices(settings, ({ store }) => store.read(showMasks))
    for (const { name, hide, only, books = [], holders } of masks) {
      const who = holders
        .map((holder) => (holder.kind === 'role' ? `role ${holder.name}` : holder.name))
        .join(',')
      print(lineOf([name, hide.join(','), only?.join(',') ?? '', who, books.join(',')]))
    }
    return 0
  },
}

const maskRemove: Command = {
  words: ['mask', 'remove'],
  usage: 'MASK',
  summary: 'Remove a mask: whoever held it sees all again.',
  options: {},
  run: async (invocation) => {
    const name = positional(invocation, 0, 'the name of the MASK')
    await write(invocation, (tx) => dropMask(tx, name, origin))
    invocation.print(`The mask ${name} was removed.`)
    return 0
  },
}

const maskGive: Command = {
  words: ['mask', 'give'],
  usage: 'MASK NAME',
  summary: 'Give a mask to an account or a group.',
  options: {},
  run: async (invocation) => {
    const [mask, name] = namesIn(invocation)
    await write(invocation, (tx) => giveMask(tx, mask, name, origin))
    invocation.print(`${name} holds the mask ${mask}.`)
    return 0
  },
}

const maskTake: Command = {
  words: ['mask', 'take'],
  usage: 'MASK NAME',
  summary: 'Take a mask from an account or a group.',
  options: {},
  run: async (invocation) => {
    const [mask, name] = namesIn(invocation)
    await write(invocation, (tx) => takeMask(tx, mask, name, origin))
    invocation.print(`${name} does not hold the mask ${mask} any more.`)
    return 0
  },
}

export const maskCommands: readonly Command[] = [maskAdd, maskList, maskRemove, maskGive, maskTake]

const rulesIn = (list: string | undefined): string[] =>
  (list ?? '')
    .split(',')
    .map((rule) => rule.trim())
    .filter(Boolean)

function namesIn(invocation: Invocation): [mask: string, name: string] {
  return [
    positional(invocation, 0, 'the name of the MASK'),
    positional(invocation, 1, 'the NAME of the account or group'),
  ]
}

function write({ settings }: Invocation, act: (tx: Writer) => Promise<void>): Promise<void> {
  return withServices(settings, ({ store }) => store.write(act))
}

/** Address books by their owners and names. @throws AccountError */
async function booksIn(reader: Reader, given: string): Promise<CollectionId[]> {
  const ids: CollectionId[] = []
  for (const word of given.split(',').map((one) => one.trim())) {
    const [owner = '', ...name] = word.split('/')
    const account = await findAccount(reader, owner)
    ids.push((await findOwnCollection(reader, account, name.join('/'))).id)
  }
  return ids
}
