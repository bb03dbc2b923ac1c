import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import { writeTarget } from '../../protocol/csv/target.ts'
import { type BatchHead, type BatchRow, listBatches } from '../../storage/batches/batches.ts'
import { type BatchItemRow, listItems } from '../../storage/batches/items.ts'
import type { BatchId } from '../../storage/ids.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import { findAccount } from '../features/accounts/accounts.ts'
import { undoBatch } from '../features/batches/undo.ts'
import { fieldColumns } from '../features/transfer/fields/field-cells.ts'
import { fieldsByHeader } from '../features/transfer/fields/field-values.ts'
import { findFiles } from '../features/transfer/find-files.ts'
import { fieldsFor, goOnWithImport, importFiles } from '../features/transfer/import.ts'
import {
  type ImportOutcome,
  type MatchKey,
  matchKeys,
  type OnMatch,
  onMatches,
} from '../features/transfer/import-outcome.ts'
import { findImport } from '../features/transfer/open-import.ts'
import type { ReadOptions } from '../features/transfer/read/file-pieces.ts'
import { type ReadColumns, readColumns } from '../features/transfer/read/given-columns.ts'
import { tableMapping } from '../features/transfer/read/table-pieces.ts'
import { findTargets } from '../features/transfer/targets.ts'
import { TransferError } from '../features/transfer/transfer-error.ts'
import type { Services } from '../services.ts'
import {
  type Command,
  type Invocation,
  lineOf,
  plain,
  positional,
  text,
  texts,
  UsageError,
  withServices,
} from './command.ts'
import { createProgress } from './progress.ts'

export const importCommand: Command = {
  words: ['import'],
  usage:
    'NAME FILE… [--into COLLECTION] [--dry-run] [--match KEYS] [--on-match update|skip|new] [--map COLUMN=TARGET|FILE] [--label LABEL] [--charset X] [--report FILE] [--resume ID] [--quiet]',
  summary:
    'Take in .vcf, .ics, .vcs, .csv and .ldif files and folders of them; the same again changes nothing.',
  options: {
    into: { type: 'string', help: 'the collection to put everything into' },
    'dry-run': { type: 'boolean', help: 'store nothing; report what would be, and where columns go' },
    match: { type: 'string', help: 'find cards by these too, after the UID: email,phone,name' },
    'on-match': { type: 'string', help: 'what becomes of what is there: update (default), skip, new' },
    map: {
      type: 'string',
      multiple: true,
      help: 'where a column goes, COLUMN=TARGET: Mobil=TEL;cell, 3=-, Size=field:size, Size=new:number; or a JSON file of them',
    },
    label: {
      type: 'string',
      multiple: true,
      help: 'a label that everybody gets; may be given several times',
    },
    charset: { type: 'string', help: 'what files are written in: windows-1251, koi8-r, shift_jis …' },
    report: { type: 'string', help: 'write the report of every item into this file' },
    resume: { type: 'string', help: 'go on with the import of this ID, which was stopped' },
    quiet: { type: 'boolean', help: 'print only what was refused, and the counts' },
  },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const counts = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0 }
    const progress = createProgress('import')
    let batch: BatchId | undefined
    const onBatch = (id: BatchId): void => {
      batch = id
    }
    const report = openReport(invocation, () => progress.clear())
    try {
      await withServices(settings, async (services) => {
        const account = await services.store.read((reader) => findAccount(reader, name))
        const options = { onProgress: progress.update, onBatch }
        for await (const outcome of outcomesOf(services, account, invocation, options)) {
          counts[outcome.kind] += 1
          report.tell(outcome)
        }
      })
    } finally {
      progress.clear()
      report.close()
    }
    print(`${shownCounts(counts)} (${invocation.values['dry-run'] === true ? 'dry run' : 'import'} ${batch})`)
    return counts.refused > 0 ? 1 : 0
  },
}

/** Where the lines of the report go: to the terminal, and whole into a file. */
function openReport(invocation: Invocation, clear: () => void) {
  const { values, print } = invocation
  const path = text(invocation, 'report')
  const file = path === undefined ? undefined : openSync(path, 'w', 0o600)
  return {
    tell(outcome: ImportOutcome): void {
      const line = reportLine(outcome)
      if (file !== undefined) writeSync(file, `${line}\n`)
      if ((values.quiet || file !== undefined) && outcome.kind !== 'refused') return
      clear()
      print(line)
    },
    close(): void {
      if (file !== undefined) closeSync(file)
    },
  }
}

async function* outcomesOf(
  services: Services,
  account: PrincipalRow,
  invocation: Invocation,
  options: NonNullable<Parameters<typeof goOnWithImport>[3]>,
): AsyncGenerator<ImportOutcome> {
  const paths = invocation.positionals.slice(1)
  if (text(invocation, 'resume') !== undefined) {
    if (paths.length > 0) throw new UsageError('An import that goes on has its files already.')
    const row = await findImport(services, account, idOf(text(invocation, 'resume')))
    yield* goOnWithImport(services, account, row, options)
    return
  }
  if (paths.length === 0) throw new UsageError('Missing: the FILEs or folders to import.')
  const isTrial = invocation.values['dry-run'] === true
  const into = text(invocation, 'into')
  const labels = texts(invocation, 'label').map((label) => label.trim().normalize('NFC'))
  const read = { charset: text(invocation, 'charset'), ...columnsOf(invocation), labels }
  if (isTrial) {
    const targets = await services.store.read((reader) => findTargets(reader, account.id, into))
    const fields = await fieldsFor(services, account, targets, read.newFields)
    for (const line of mappingLines(paths, { ...read, fields })) invocation.print(line)
  }
  const matching = { keys: keysOf(invocation), onMatch: onMatchOf(invocation) }
  yield* importFiles(services, account, paths, { ...options, ...read, ...matching, into, isTrial })
}

function keysOf(invocation: Invocation): MatchKey[] {
  const words = (text(invocation, 'match') ?? '').split(',').map((word) => word.trim().toLowerCase())
  return words.flatMap((word) => {
    const key = matchKeys.find((known) => known === word)
    if (key === undefined && word !== '' && word !== 'uid') {
      throw new UsageError(`--match takes uid, ${matchKeys.join(', ')}, not "${word}".`)
    }
    return key ?? []
  })
}

function onMatchOf(invocation: Invocation): OnMatch {
  const word = text(invocation, 'on-match') ?? 'update'
  const found = onMatches.find((known) => known === word)
  if (found === undefined) throw new UsageError(`--on-match takes ${onMatches.join(', ')}, not "${word}".`)
  return found
}

function columnsOf(invocation: Invocation): ReadColumns {
  return readColumns(Object.assign({}, ...texts(invocation, 'map').map(columnsIn)))
}

/** What follows the last equals sign is a target: there is none in one. */
function columnsIn(given: string): object {
  const at = given.lastIndexOf('=')
  if (at > 0 && !existsSync(given)) return { [given.slice(0, at).trim()]: given.slice(at + 1).trim() }
  try {
    const read: unknown = JSON.parse(readFileSync(given, 'utf8'))
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read
    throw new UsageError(`The file ${given} is no object of columns.`)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new UsageError(`The file ${given} is no JSON: ${error.message}.`)
  }
}

/** Where the columns of tables would go, in the words of --map. */
function* mappingLines(paths: readonly string[], read: ReadOptions): Generator<string> {
  for (const file of findFiles(paths)) {
    if (!('format' in file) || file.format !== 'table') continue
    const mapping = tableMapping(file.path, read)
    const fields = fieldColumns(mapping, fieldsByHeader(read.fields ?? []))
    for (const [at, { header, target, isLeftOut }] of mapping.columns.entries()) {
      const field = fields.get(at)
      const kept = field ? `field ${field.row.key}` : 'kept as X-IMPORTED'
      const goes = isLeftOut ? '-' : target === undefined ? kept : writeTarget(target)
      yield lineOf(['column', file.path, header, goes])
    }
  }
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
  return lineOf([wordOf(kind), place, `${collection}/${name}`, notes.join(', ')])
}

const wordOf = (kind: ImportOutcome['kind']): string => (kind === 'created' ? 'taken' : kind)

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
        const options = { before, limit: pageRows, kinds: ['import', 'migration'] } as const
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

function batchLine(batch: BatchHead): string {
  const { id, startedAt, kind, trial, state, error, undone, kept } = batch
  const what = trial === 1 ? 'dry run' : kind
  const undo = state === 'undone' || state === 'undoing' ? `${undone} undone, ${kept} kept` : ''
  const when = new Date(startedAt).toISOString()
  return lineOf([String(id), when, what, state, shownCounts(batch), undo || (error ?? '')])
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
  return lineOf([wordOf(outcome), place, name ?? '', note, undone])
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
          print(lineOf(['kept', kept.place, kept.name, kept.reason]))
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
