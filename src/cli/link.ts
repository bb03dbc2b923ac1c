import type { Settings } from '../../config/defaults.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import { listPublicLinks, removePublicLink } from '../../storage/public-links.ts'
import { AccountError, findAccount } from '../features/accounts/accounts.ts'
import { findOwnCollection } from '../features/accounts/own-collection.ts'
import { makePublicLink, publicLinkPath } from '../features/sharing/public-links.ts'
import { type Command, plain, positional, text, withServices } from './command.ts'

export const linkAdd: Command = {
  words: ['link', 'add'],
  usage: 'NAME COLLECTION [--label L]',
  summary:
    'Make a public link to a calendar or an address book: whoever knows it may read, without a password.',
  options: { label: { type: 'string', help: 'what the link is for' } },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const wanted = positional(invocation, 1, 'the COLLECTION')
    const label = (text(invocation, 'label') ?? '').slice(0, 200)
    const { collection, token } = await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const found = await findOwnCollection(tx, await findAccount(tx, name), wanted)
        return { collection: found, ...(await makePublicLink(tx, found, label, settings)) }
      }),
    )
    print(addressOf(settings, collection, token))
    return 0
  },
}

export const linkList: Command = {
  words: ['link', 'list'],
  usage: 'NAME',
  summary: 'List the public links of an account: id, collection, label, last use, address.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const links = await withServices(settings, ({ store }) =>
      store.read(async (reader) => listPublicLinks(reader, (await findAccount(reader, name)).id)),
    )
    for (const { link, collection } of links) {
      const used = link.lastUsedAt === null ? 'never used' : new Date(link.lastUsedAt).toISOString()
      const address = addressOf(settings, collection, link.token)
      print([String(link.id), collection.name, link.label, used, address].map(plain).join('\t'))
    }
    return 0
  },
}

export const linkRemove: Command = {
  words: ['link', 'remove'],
  usage: 'NAME ID',
  summary: 'Withdraw a public link, at once.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const id = positional(invocation, 1, 'the ID of the link (see link list)')
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const account = await findAccount(tx, name)
        const isRemoved = /^\d{1,15}$/.test(id) && (await removePublicLink(tx, account.id, Number(id)))
        if (!isRemoved) throw new AccountError(`The account ${account.name} has no public link ${id}.`)
      }),
    )
    print(`The link ${id} of ${name} was withdrawn.`)
    return 0
  },
}

/** The whole address where the server's is known, else its path. */
function addressOf({ publicUrl }: Settings, collection: CollectionRow, token: string): string {
  return publicUrl.replace(/\/$/, '') + publicLinkPath(collection, token)
}
