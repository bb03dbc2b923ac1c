import { type BatchRow, listBatches } from '../../storage/batches/batches.ts'
import { type BatchItemRow, listItems } from '../../storage/batches/items.ts'
import type { BatchId } from '../../storage/ids.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import { findAccount } from '../features/accounts/accounts.ts'
import { undoBatch } from '../features/batches/undo.ts'
import { goOnWithImport, importFiles } from '../features/transfer/import.ts'
import type { ImportOutcome } from '../features/transfer/import-outcome.ts'
import { findImport } from '../features/transfer/open-import.ts'
import { TransferError } from '../features/transfer/transfer-error.ts'
import type { Services } from '../services.ts'
import {
  type Command,
  type Invocation,
  plain,
  positional,
  text,
  UsageError,
  withServices,
} from './command.ts'
import { createProgress } from './progress.ts'

export const importCommand: Command = {
  words: ['import'],
  usage: 'NAME FILE… [--into COLLECTION] [--dry-run] [--resume ID] [--quiet]',
  summary: 'Take in .vcf and .ics files and folders of them; the same files again change nothing.',
  options: {
    into: { type: 'string', help: 'the collection to put everything into' },
    'dry-run': { type: 'boolean', help: 'store nothing, and report what would be' },
    resume: { type: 'string', help: 'go on with the import of this ID, which was stopped' },
    quiet: { type: 'boolean', help: 'report only what was refused, and the counts' },
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0 }
    const progress = createProgress('import')
    let batch: BatchId | undefined
    const onBatch = (id: BatchId): void => {
      batch = id
    }
    try {
      await withServices(settings, async (services) => {
        const account = await services.store.read((reader) => findAccount(reader, name))
        const options = { onProgress: progress.update, onBatch }
        for await (const outcome of await outcomesOf(services, account, invocation, options)) {
          counts[outcome.kind] += 1
          if (values.quiet && outcome.kind !== 'refused') continue
          progress.clear()
          print(reportLine(outcome))
        }
      })
    } finally {
      progress.clear()
    }
    print(`${shownCounts(counts)} (import ${batch})`)
    return counts.refused > 0 ? 1 : 0
  },
}

async function outcomesOf(
  services: Services,
  account: PrincipalRow,
  invocation: Invocation,
  options: Parameters<typeof goOnWithImport>[3],
): Promise<AsyncGenerator<ImportOutcome>> {
  const paths = invocation.positionals.slice(1)
  if (text(invocation, 'resume') !== undefined) {
    if (paths.length > 0) throw new UsageError('An import that goes on has its files already.')
    const row = await findImport(services, account, idOf(text(invocation, 'resume')))
    return goOnWithImport(services, account, row, options)
  }
  if (paths.length === 0) throw new UsageError('Missing: the FILEs or folders to import.')
  const isTrial = invocation.values['dry-run'] === true
  return importFiles(services, account, paths, { ...options, into: text(invocation, 'into'), isTrial })
}

function idOf(id: string | undefined): BatchId {
  if (!/^\d{1,15}$/.test(id ?? '')) throw new UsageError('The ID of an import is a number; see import list.')
  return Number(id)
}

function shownCounts(counts: Pick<BatchRow, ImportOutcome['kind']>): string {
  const { created, updated, unchanged, skipped, refused } = counts
  const passed = skipped > 0 ? `, ${skipped} skipped` : ''
  return `${created} taken, ${updated} updated, ${unchanged} unchanged${passed}, ${refused} refused`
}

function reportLine(outcome: ImportOutcome): string {
  const { kind, file, line } = outcome
  const place = line === 0 ? file : `${file}:${line}`
  if ('reason' in outcome) return [kind, place, outcome.reason].map(plain).join('\t')
  const { collection, name, notes } = outcome
  return cells([wordOf(kind), place, `${collection}/${name}`, notes.join(', ')])
}

const wordOf = (kind: ImportOutcome['kind']): string => (kind === 'created' ? 'taken' : kind)

function cells(texts: readonly string[]): string {
  return texts.map(plain).join('\t').trimEnd()
}

export const importList: Command = {
  words: ['import', 'list'],
  usage: 'NAME',
  summary: 'List the imports and migrations of an account: id, when, what, state, counts.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    await withServices(settings, async ({ store }) => {
      const account = await store.read((reader) => findAccount(reader, name))
      for (let before: BatchId | undefined; ; ) {
        const options = { before, limit: pageRows }
        const page = await store.read((reader) => listBatches(reader, account.id, options))
        for (const batch of page) print(batchLine(batch))
        before = page.at(-1)?.id
        if (page.length < pageRows) return
      }
    })
    return 0
  },
}

const pageRows = 200

function batchLine(batch: BatchRow): string {
  const { id, startedAt, kind, trial, state, error, undone, kept } = batch
  const what = trial === 1 ? 'dry run' : kind
  const undo = state === 'undone' || state === 'undoing' ? `${undone} undone, ${kept} kept` : ''
  const when = new Date(startedAt).toISOString()
  return cells([String(id), when, what, state, shownCounts(batch), undo || (error ?? '')])
}

export const importShow: Command = {
  words: ['import', 'show'],
  usage: 'NAME ID',
  summary: 'Report again what became of every item of an import.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const id = idOf(positional(invocation, 1, 'the ID of the import (see import list)'))
    await withServices(settings, async (services) => {
      const { store } = services
      const account = await store.read((reader) => findAccount(reader, name))
      const batch = await findImport(services, account, id)
      for (let after = 0; ; ) {
        const page = await store.read((reader) => listItems(reader, batch.id, { after, limit: pageRows }))
        for (const item of page) print(itemLine(item))
        after = page.at(-1)?.number ?? after
        if (page.length < pageRows) break
      }
      print(batchLine(batch))
    })
    return 0
  },
}

function itemLine({ outcome, place, name, note, undo, undoNote }: BatchItemRow): string {
  const undone = undo === null ? '' : [undo, undoNote ?? ''].join(' ').trim()
  return cells([wordOf(outcome), place, name ?? '', note, undone])
}

export const importUndo: Command = {
  words: ['import', 'undo'],
  usage: 'NAME ID [--force]',
  summary:
    'Undo an import: what it made goes to the trash, what it updated is as before; later changes stay.',
  options: {
    force: { type: 'boolean', help: 'undo also what was changed since; that stays in the history' },
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const id = idOf(positional(invocation, 1, 'the ID of the import (see import list)'))
    const progress = createProgress('undo')
    let count = 0
    try {
      await withServices(settings, async (services) => {
        const account = await services.store.read((reader) => findAccount(reader, name))
        const batch = await findImport(services, account, id)
        if (batch.trial === 1)
          throw new TransferError(`Import ${id} was a dry run: there is nothing to undo.`)
        const options = { isForced: values.force === true, onProgress: progress.update }
        for await (const kept of undoBatch(services, batch, options)) {
          count += 1
          progress.clear()
          print(cells(['kept', kept.place, kept.name, kept.reason]))
        }
        const { undone } = await findImport(services, account, id)
        progress.clear()
        print(`${undone} undone, ${count} kept`)
      })
    } finally {
      progress.clear()
    }
    return count > 0 ? 1 : 0
  },
}
