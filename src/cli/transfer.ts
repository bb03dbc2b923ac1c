import { join } from 'node:path'
import { findAnybody } from '../features/accounts/named.ts'
import type { LeftOut } from '../features/transfer/export-files.ts'
import { type Exported, exportAccount } from '../features/transfer/export-folder.ts'
import { type Command, plain, positional, text, withServices } from './command.ts'
import { createProgress } from './progress.ts'

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
