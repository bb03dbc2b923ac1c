import { z } from 'zod'
import { listPrincipals, setPassword } from '../../storage/principals.ts'
import { findQuota, setQuota } from '../../storage/quotas.ts'
import { newAccountPassword } from '../auth/app-password.ts'
import { hashPassword } from '../auth/password.ts'
import {
  checkPassword,
  createAccount,
  findAccount,
  removeAccount,
  renameAccount,
} from '../features/accounts/accounts.ts'
import { recordedPrincipal } from '../features/accounts/record.ts'
import { language, timeZone } from '../features/accounts/schema.ts'
import { changeTraits } from '../features/accounts/traits.ts'
import { quotaOf } from '../features/quota.ts'
import { makeAdministrator } from '../features/team/team-roles.ts'
import {
  type Command,
  type Invocation,
  positional,
  readStandardInput,
  text,
  UsageError,
  withServices,
} from './command.ts'
import { wayBack } from './directory/removed.ts'
import { askPassword } from './migration/ask-password.ts'

const byCommand = { kind: 'job' } as const
const passwordOption = { type: 'boolean', help: 'read the password from standard input' } as const

export const userAdd: Command = {
  words: ['user', 'add'],
  usage: 'NAME [--email E] [--display-name D] [--admin] [--password-stdin]',
  summary: 'Make an account. Without --password-stdin a password is generated and printed once.',
  options: {
    email: { type: 'string', help: 'mail address of the account' },
    'display-name': { type: 'string', help: 'name shown to people' },
    admin: { type: 'boolean', help: 'may run the place: roles, what they may see, accounts' },
    'password-stdin': passwordOption,
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const given = values['password-stdin'] ? await readStandardInput() : undefined
    const password = given ?? newAccountPassword()
    checkPassword(password)
    const passwordHash = await hashPassword(password, settings.auth.bcryptCost)
    const email = text(invocation, 'email')
    const displayName = text(invocation, 'display-name')
    await withServices(settings, ({ store, newId }) =>
      store.write(async (tx) => {
        await createAccount(tx, { name, email, displayName, passwordHash }, settings, newId)
        if (values.admin === true) await makeAdministrator(tx, await findAccount(tx, name))
      }),
    )
    print(`The account ${name} was made.`)
    if (given === undefined) print(`password  ${password}`)
    return 0
  },
}

export const userList: Command = {
  words: ['user', 'list'],
  usage: '',
  summary: 'List the accounts.',
  options: {},
  run: async ({ settings, print }) => {
    const accounts = await withServices(settings, ({ store }) =>
      store.read((reader) => listPrincipals(reader, 'user')),
    )
    for (const { name, displayName, email } of accounts)
      print([name, displayName, email ?? ''].join('\t').trimEnd())
    return 0
  },
}

export const userRename: Command = {
  words: ['user', 'rename'],
  usage: 'OLD NEW',
  summary: 'Give an account another name to sign in with. Its URLs stay, and devices keep what they have.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const from = positional(invocation, 0, 'the OLD name of the account')
    const to = positional(invocation, 1, 'its NEW name')
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const { id } = await findAccount(tx, from)
        await recordedPrincipal(tx, id, byCommand, () => renameAccount(tx, from, to))
      }),
    )
    print(`The account ${from} is called ${to} now.`)
    return 0
  },
}

export const userPassword: Command = {
  words: ['user', 'password'],
  usage: 'NAME [--password-stdin]',
  summary: 'Set the password of an account; it is asked for, or read from standard input.',
  options: { 'password-stdin': passwordOption },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    await withServices(settings, ({ store }) => store.read((reader) => findAccount(reader, name)))
    const isPiped = values['password-stdin'] === true
    const password = await askPassword(isPiped, `New password of ${name}: `, 'Once more: ')
    checkPassword(password)
    const passwordHash = await hashPassword(password, settings.auth.bcryptCost)
    await withServices(settings, ({ store }) =>
      store.write(async (tx) => setPassword(tx, (await findAccount(tx, name)).id, passwordHash)),
    )
    print(`The password of ${name} was set.`)
    return 0
  },
}

export const userQuota: Command = {
  words: ['user', 'quota'],
  usage: 'NAME [BYTES|default]',
  summary: 'Say how much an account may keep, such as 500M or 10G; without a number, show it.',
  options: {},
  run: async (invocation) => {
    const { settings, positionals, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const given = positionals[1]
    const limit = given === undefined ? undefined : readBytes(given)
    const { used, available } = await withServices(settings, async ({ store }) => {
      const { id } = await store.read((reader) => findAccount(reader, name))
      if (limit !== undefined)
        await store.write((tx) => recordedPrincipal(tx, id, byCommand, () => setQuota(tx, id, limit)))
      return quotaOf(await store.read((reader) => findQuota(reader, id)), settings)
    })
    print(`${name} keeps ${used} octets and may keep ${available} more.`)
    return 0
  },
}

/** @returns null for what the settings say @throws UsageError */
function readBytes(text: string): number | null {
  if (text === 'default') return null
  const [, digits, unit = ''] = /^(\d{1,15})([KMGT]?)$/i.exec(text) ?? []
  const bytes = Number(digits) * 1024 ** ['', 'K', 'M', 'G', 'T'].indexOf(unit.toUpperCase())
  if (Number.isSafeInteger(bytes)) return bytes
  throw new UsageError('A quota is a number of bytes such as 1073741824, 500M or 10G, or "default".')
}

export const userSet: Command = {
  words: ['user', 'set'],
  usage: 'NAME [--language TAG] [--time-zone ZONE] [--requests-per-minute N]',
  summary: 'Say which language and time zone an account has, and what it may; "default" takes it back.',
  options: {
    language: { type: 'string', help: 'such as de or pt-BR' },
    'time-zone': { type: 'string', help: 'such as Europe/Berlin' },
    'requests-per-minute': { type: 'string', help: 'requests to the API that it may make in a minute' },
  },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const traits = {
      language: traitIn(invocation, 'language', language),
      timeZone: traitIn(invocation, 'time-zone', timeZone),
      requestLimit: traitIn(invocation, 'requests-per-minute', z.coerce.number().int().min(1)),
    }
    const changed = await withServices(settings, ({ store }) =>
      store.write(async (tx) => {
        const { id } = await findAccount(tx, name)
        await recordedPrincipal(tx, id, byCommand, () => changeTraits(tx, id, traits))
        return findAccount(tx, name)
      }),
    )
    print(`language             ${changed.language ?? 'default'}`)
    print(`time zone            ${changed.timeZone ?? 'default'}`)
    print(`requests per minute  ${changed.requestLimit ?? 'default'}`)
    return 0
  },
}

/** @returns null for what the settings say; undefined where nothing was given @throws UsageError */
function traitIn<T>(invocation: Invocation, name: string, schema: z.ZodType<T>): T | null | undefined {
  const given = text(invocation, name)
  if (given === undefined || given === 'default') return given && null
  const outcome = schema.safeParse(given)
  if (outcome.success) return outcome.data
  throw new UsageError(`--${name}: ${outcome.error.issues[0]?.message ?? 'it cannot be read'}.`)
}

export const userRemove: Command = {
  words: ['user', 'remove'],
  usage: 'NAME [--give-to OTHER] [--purge]',
  summary:
    'Remove an account, until "removed restore" brings it back or retention.trashDays are over. What it shares goes to another one.',
  options: {
    'give-to': {
      type: 'string',
      help: 'account that gets the collections shared with others, and looks after its people',
    },
    purge: { type: 'boolean', help: 'at once and for good, with all else that it holds' },
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const options = { purge: values.purge === true, giveTo: text(invocation, 'give-to') }
    const { removed, given, people, notes } = await withServices(settings, (services) =>
      services.store.write((tx) => removeAccount(tx, name, options, services)),
    )
    for (const collection of given) print(`${collection} was given to ${options.giveTo}.`)
    if (people > 0) print(`${people} people are looked after by ${options.giveTo ?? 'nobody'} now.`)
    if (removed === null && notes > 0) print(`${notes} private notes are gone.`)
    print(`The account ${name} was removed.`)
    if (removed !== null) print(wayBack(removed))
    return 0
  },
}
