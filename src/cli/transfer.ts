import { join } from 'node:path'
import { findAccount } from '../features/accounts/accounts.ts'
import { findAnybody } from '../features/accounts/named.ts'
import type { LeftOut } from '../features/transfer/export-files.ts'
import { type Exported, exportAccount } from '../features/transfer/export-folder.ts'
import { importFiles } from '../features/transfer/import.ts'
import type { ImportOutcome } from '../features/transfer/import-outcome.ts'
import { type Command, plain, positional, text, UsageError, withServices } from './command.ts'
import { createProgress } from './progress.ts'

export const importCommand: Command = {
  words: ['import'],
  usage: 'NAME FILE… [--into COLLECTION] [--quiet]',
  summary: 'Take in .vcf and .ics files and folders of them; the same files again change nothing.',
  options: {
    into: { type: 'string', help: 'the collection to put everything into' },
    quiet: { type: 'boolean', help: 'report only what was refused, and the counts' },
  },
  run: async (invocation) => {
    const { settings, positionals, values, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const paths = positionals.slice(1)
    if (paths.length === 0) throw new UsageError('Missing: the FILEs or folders to import.')
    const into = text(invocation, 'into')
    const counts = { created: 0, updated: 0, unchanged: 0, refused: 0 }
    const progress = createProgress('import')
    try {
      await withServices(settings, async (services) => {
        const account = await services.store.read((reader) => findAccount(reader, name))
        const options = { into, onProgress: progress.update }
        for await (const outcome of importFiles(services, account, paths, options)) {
          counts[outcome.kind] += 1
          if (values.quiet && outcome.kind !== 'refused') continue
          progress.clear()
          print(reportLine(outcome))
        }
      })
    } finally {
      progress.clear()
    }
    const { created, updated, unchanged, refused } = counts
    print(`${created} taken, ${updated} updated, ${unchanged} unchanged, ${refused} refused`)
    return refused > 0 ? 1 : 0
  },
}

function reportLine(outcome: ImportOutcome): string {
  const { kind, file, line } = outcome
  const place = line === 0 ? file : `${file}:${line}`
  if (kind === 'refused') return ['refused', place, outcome.reason].map(plain).join('\t')
  const { collection, name, notes } = outcome
  const cells = [kind === 'created' ? 'taken' : kind, place, `${collection}/${name}`, notes.join(', ')]
  return cells.map(plain).join('\t').trimEnd()
}

export const exportCommand: Command = {
  words: ['export'],
  usage: 'NAME [--to DIR]',
  summary: 'Write out all that an account or a group has: each object and each document as a file.',
  options: { to: { type: 'string', help: 'the folder to make (default ./export-NAME)' } },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account or the group')
    const progress = createProgress('export')
    let refused = 0
    try {
      await withServices(settings, async (services) => {
        const account = await services.store.read((reader) => findAnybody(reader, name))
        const folder = text(invocation, 'to') ?? join('.', `export-${account.segment}`)
        for await (const outcome of exportAccount(services, account, folder, progress.update)) {
          progress.clear()
          print(exportLine(outcome))
          if (outcome.kind === 'refused') refused += 1
        }
      })
    } finally {
      progress.clear()
    }
    return refused > 0 ? 1 : 0
  },
}

function exportLine(outcome: Exported | LeftOut): string {
  const cells =
    outcome.kind === 'refused' ? [outcome.path, outcome.reason] : [outcome.folder, String(outcome.count)]
  return [outcome.kind, ...cells].map(plain).join('\t')
}
