import { createWriteStream, existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { listPrincipals, type PrincipalRow } from '../../storage/principals.ts'
import type { Store } from '../../storage/store.ts'
import { hashPassword } from '../auth/password.ts'
import { actingFor } from '../auth/session.ts'
import { checkPassword } from '../features/accounts/accounts.ts'
import { findAnybody, kindNames } from '../features/accounts/named.ts'
import { findOwnCollection } from '../features/accounts/own-collection.ts'
import {
  archiveOf,
  type Exported,
  type LeftOut,
  writeFolder,
  zipOctets,
} from '../features/archive/archive.ts'
import type { Entries } from '../features/archive/entries.ts'
import { openArchive } from '../features/archive/read/archive-source.ts'
import { type RestoreOutcome, restoreArchive } from '../features/archive/restore/restore.ts'
import { exportAs } from '../features/transfer/export-as.ts'
import { fieldsAlong } from '../features/transfer/fields/field-values.ts'
import { TransferError } from '../features/transfer/transfer-error.ts'
import {
  type Command,
  type Invocation,
  plain,
  positional,
  readStandardInput,
  text,
  UsageError,
  withServices,
} from './command.ts'
import { createProgress } from './progress.ts'

export const exportCommand: Command = {
  words: ['export'],
  usage:
    'NAME|--all [--to FOLDER|FILE.zip] [--history]  |  NAME --collection C [--format F] [--fields] [--to FILE]',
  summary:
    'Write out all that an account or a group has, or everybody: objects and documents as files, the rest as JSON, and a manifest.',
  options: {
    to: { type: 'string', help: 'the folder or the .zip file to make (default ./export-NAME)' },
    all: { type: 'boolean', help: 'every account, group, room and resource' },
    history: { type: 'boolean', help: 'older states of objects and documents, and the trash, too' },
    collection: {
      type: 'string',
      help: 'only this calendar or address book, as one file or to standard output',
    },
    format: { type: 'string', help: 'of the one: vcf, csv, jcard or jscontact; ics or jcal' },
    fields: {
      type: 'boolean',
      help: 'with the one in vcf: what stands in fields beside its cards; csv has it anyway',
    },
    version: { type: 'string', help: 'of the cards of a .vcf: 3.0 or 4.0 (default as they are stored)' },
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const isWhole = values.all === true
    if (isWhole && invocation.positionals.length > 0) throw new UsageError('Give a NAME or --all, not both.')
    if (values.collection !== undefined) return exportOne(invocation)
    const name = isWhole
      ? undefined
      : positional(invocation, 0, 'the NAME of the account or the group, or --all')
    const progress = createProgress('export')
    let refused = 0
    try {
      await withServices(settings, async (services) => {
        const principals = await chosen(services.store, name)
        const to = text(invocation, 'to') ?? join('.', `export-${isWhole ? 'all' : principals[0]?.segment}`)
        const onOutcome = (outcome: Exported | LeftOut): void => {
          progress.clear()
          print(exportLine(outcome))
          if (outcome.kind === 'refused') refused += 1
        }
        // How much there will be is not known before.
        const onProgress = (written: number): void => progress.update(written, 0)
        await writeTo(
          archiveOf(services, principals, {
            isWhole,
            history: values.history === true,
            onOutcome,
            onProgress,
          }),
          to,
        )
      })
    } finally {
      progress.clear()
    }
    return refused > 0 ? 1 : 0
  },
}

/** One calendar or address book, to a file or to standard output. */
async function exportOne(invocation: Invocation): Promise<number> {
  const name = positional(invocation, 0, 'the NAME of the account')
  const to = text(invocation, 'to')
  const options = { format: text(invocation, 'format'), version: text(invocation, 'version') }
  const fields = invocation.values.fields === true ? '1' : undefined
  await withServices(invocation.settings, async (services) => {
    const { collection, along } = await services.store.read(async (reader) => {
      const account = await findAnybody(reader, name)
      const found = await findOwnCollection(reader, account, text(invocation, 'collection') ?? '')
      const session = actingFor(account, services.settings)
      return { collection: found, along: await fieldsAlong(reader, session, found, { ...options, fields }) }
    })
    const { octets } = exportAs(services, collection, { ...options, along })
    const source = Readable.from(octets, { objectMode: false })
    if (to === undefined) await pipeline(source, process.stdout, { end: false })
    else await writeFileOf(source, to)
  })
  return 0
}

function chosen(store: Store, name: string | undefined): Promise<PrincipalRow[]> {
  return store.read(async (reader) =>
    name === undefined ? listPrincipals(reader) : [await findAnybody(reader, name)],
  )
}

async function writeTo(entries: Entries, to: string): Promise<void> {
  if (!/\.zip$/i.test(to)) return writeFolder(entries, to)
  await writeFileOf(Readable.from(zipOctets(entries), { objectMode: false }), to)
}

/** @throws TransferError when there is one already; one that breaks off does not stay */
export async function writeFileOf(octets: Readable, to: string): Promise<void> {
  if (existsSync(to)) throw new TransferError(`The file ${to} is there already: name another one with --to.`)
  const file = createWriteStream(to, { mode: 0o600, flags: 'wx' })
  try {
    await pipeline(octets, file)
  } catch (error) {
    await rm(to, { force: true })
    throw error
  }
}

function exportLine(outcome: Exported | LeftOut): string {
  const cells =
    outcome.kind === 'refused' ? [outcome.path, outcome.reason] : [outcome.path, String(outcome.count)]
  return [outcome.kind, ...cells].map(plain).join('\t')
}

export const importArchive: Command = {
  words: ['import-archive'],
  usage: 'FOLDER|FILE.zip [NAME…] [--password-stdin] [--force]',
  summary:
    'Make the accounts and groups of an export again, as they were; those that are here already are refused.',
  options: {
    'password-stdin': { type: 'boolean', help: 'read the password of the one account from standard input' },
    force: { type: 'boolean', help: 'save what can be saved of an export that is damaged' },
  },
  run: async (invocation) => {
    const { settings, values, positionals, print } = invocation
    const path = positional(invocation, 0, 'the FOLDER or the FILE.zip of an export')
    const names = positionals.length > 1 ? positionals.slice(1) : undefined
    const passwordHash = values['password-stdin'] ? await passwordGiven(invocation) : undefined
    const progress = createProgress('import')
    const counts = { restored: 0, refused: 0, damaged: 0 }
    try {
      await withServices(settings, async (services) => {
        await using source = await openArchive(path)
        const options = { names, passwordHash, force: values.force === true, onProgress: progress.update }
        for await (const outcome of restoreArchive(services, source, options)) {
          counts[outcome.kind] += 1
          progress.clear()
          print(restoreLine(outcome))
        }
      })
    } finally {
      progress.clear()
    }
    const { restored, refused, damaged } = counts
    print(`${restored} restored, ${refused} left out, ${damaged} damaged`)
    if (passwordHash === undefined)
      print('Nobody can sign in yet: set passwords with "farley user password NAME --password-stdin".')
    return damaged > 0 ? 1 : 0
  },
}

async function passwordGiven({ settings }: Invocation): Promise<string> {
  const password = await readStandardInput()
  checkPassword(password)
  return hashPassword(password, settings.auth.bcryptCost)
}

function restoreLine(outcome: RestoreOutcome): string {
  const { kind } = outcome
  if (kind !== 'restored') {
    const word = kind === 'refused' ? 'left out' : kind
    return [word, outcome.path, outcome.reason].map(plain).join('\t')
  }
  const { principal, name, segment, objects, documents } = outcome
  const cells = [kindNames[principal], name, `/${segment}/`, `${objects} objects`, `${documents} documents`]
  return [kind, ...cells].map(plain).join('\t')
}
