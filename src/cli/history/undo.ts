import { findBatchById } from '../../../storage/batches/batches.ts'
import { listItems } from '../../../storage/batches/items.ts'
import type { BatchId } from '../../../storage/ids.ts'
import { actingFor } from '../../auth/session.ts'
import { findAccount } from '../../features/accounts/accounts.ts'
import { spanOf } from '../../features/history/undo/span.ts'
import { tryUndo } from '../../features/history/undo/try-undo.ts'
import { addUndo, runUndo } from '../../features/history/undo/undo.ts'
import type { Services } from '../../services.ts'
import { type Command, lineOf, positional, text, timeIn, UsageError, withServices } from '../command.ts'

export const undoCommand: Command = {
  words: ['undo'],
  usage: 'NAME --device ID --from TIME [--to TIME] [--dry-run]',
  summary: 'Undo what one device did between two moments, where nobody has changed the same since.',
  options: {
    device: { type: 'string', help: 'its ID (see app-password list)' },
    from: { type: 'string', help: 'such as 2026-05-01T09:00Z' },
    to: { type: 'string', help: 'without it until now' },
    'dry-run': { type: 'boolean', help: 'change nothing; tell what would be done' },
  },
  run: async (invocation) => {
    const { settings, values, print } = invocation
    const deviceId = Number(text(invocation, 'device'))
    if (!Number.isSafeInteger(deviceId)) throw new UsageError('Missing: --device with its ID.')
    await withServices(settings, async (services) => {
      const { store, now, newId } = services
      const name = positional(invocation, 0, 'the NAME of the account')
      const principal = await store.read((reader) => findAccount(reader, name))
      const session = actingFor(principal, settings)
      const from = timeIn(invocation, 'from')
      if (from === undefined) throw new UsageError('Missing: --from with a time.')
      const asked = { deviceId, from, to: timeIn(invocation, 'to') ?? now() }
      const source = { device: await store.read((reader) => spanOf(reader, session, asked)) }
      if (values['dry-run'] === true) {
        const { counts, items } = await tryUndo(services, session, source)
        for (const { outcome, collection, name, title, note } of items)
          print(lineOf([outcome, [collection, name].filter(Boolean).join('/'), title, note]))
        print(`${countsOf(counts)} (dry run)`)
        return
      }
      const id = await store.write((tx) => addUndo(tx, session, source, { key: newId(), runner: newId() }))
      await runUndo(services, id, new AbortController().signal)
      await report(services, id, print)
    })
    return 0
  },
}

async function report({ store }: Services, id: BatchId, print: (line: string) => void): Promise<void> {
  for (let after = 0; ; ) {
    const page = await store.read((reader) => listItems(reader, id, { after, limit: 200 }))
    for (const { outcome, place, note } of page) print(lineOf([outcome, place, note]))
    after = page.at(-1)?.number ?? after
    if (page.length < 200) break
  }
  const batch = await store.read((reader) => findBatchById(reader, id))
  if (batch) print(`${countsOf(batch)} (undo ${id})`)
}

function countsOf(
  counts: Readonly<Record<'created' | 'updated' | 'removed' | 'unchanged' | 'skipped', number>>,
): string {
  const { created, updated, removed, unchanged, skipped } = counts
  return `${created} brought back, ${updated} as before, ${removed} taken away, ${unchanged} unchanged, ${skipped} left as they are`
}
