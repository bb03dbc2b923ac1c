import { type BatchRow, findBatchById } from '../../../storage/batches/batches.ts'
import { listSourceItems, type MigrationItemRow } from '../../../storage/migration-sources/items.ts'
import {
  findSourceOfBatch,
  listSources,
  type MigrationSourceRow,
} from '../../../storage/migration-sources/sources.ts'
import type { Reader } from '../../../storage/store.ts'
import { findAccount } from '../../features/accounts/accounts.ts'
import { summarize } from '../../features/migration/summary.ts'
import { type Command, lineOf, positional, UsageError, withServices } from '../command.ts'
import { importUndo } from '../import.ts'
import { shownSummary } from './migrate-from.ts'

export const migrateFromList: Command = {
  words: ['migrate-from', 'list'],
  usage: 'NAME',
  summary: 'List the accounts that were moved in: id, when last, address, user, state, counts.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    await withServices(settings, ({ store }) =>
      store.read(async (reader) => {
        const { id } = await findAccount(reader, name)
        for (const source of await listSources(reader, id)) print(await sourceLine(reader, source))
      }),
    )
    return 0
  },
}

async function sourceLine(reader: Reader, source: MigrationSourceRow): Promise<string> {
  const batch = await findBatchById(reader, source.batchId)
  const { url, userName, batchId } = source
  const counts = shownSummary(await summarize(reader, source))
  return lineOf([
    String(batchId),
    whenOf(batch),
    url,
    userName,
    batch?.state ?? '',
    counts,
    batch?.error ?? '',
  ])
}

function whenOf(batch: BatchRow | undefined): string {
  return batch ? new Date(batch.touchedAt).toISOString() : ''
}

export const migrateFromShow: Command = {
  words: ['migrate-from', 'show'],
  usage: 'NAME ID',
  summary: 'Report again every object of a migration that is not the same here and there, and why.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const id = Number(positional(invocation, 1, 'the ID of the migration (see migrate-from list)'))
    await withServices(settings, async ({ store }) => {
      const source = await store.read(async (reader) => {
        const account = await findAccount(reader, name)
        const found = Number.isSafeInteger(id) ? await findSourceOfBatch(reader, id) : undefined
        if (found?.principalId !== account.id) throw new UsageError(`There is no migration ${id} of ${name}.`)
        return found
      })
      for (let after = 0; ; ) {
        const options = { after, limit: pageRows, isOddOnly: true }
        const page = await store.read((reader) => listSourceItems(reader, source.id, options))
        for (const item of page) print(itemLine(item))
        after = page.at(-1)?.id ?? after
        if (page.length < pageRows) break
      }
      print(await store.read((reader) => sourceLine(reader, source)))
    })
    return 0
  },
}

const pageRows = 500

function itemLine({ outcome, verdict, href, note }: MigrationItemRow): string {
  const what = outcome === 'copied' ? (verdict ?? 'not compared') : outcome
  return lineOf([what, href, note])
}

/** A migration is a batch, as an import is. */
export const migrateFromUndo: Command = {
  ...importUndo,
  words: ['migrate-from', 'undo'],
  summary:
    'Undo a migration: what it made goes to the trash, what it updated is as before; later changes stay.',
}
