import type { DuplicateRow } from '../../../storage/match/duplicates.ts'
import { addAllPending } from '../../../storage/match/match-keys.ts'
import { actingFor } from '../../auth/session.ts'
import { findAccount } from '../../features/accounts/accounts.ts'
import {
  explainDuplicates,
  findDuplicates,
  type SeenDuplicate,
  scanForReader,
  scanPending,
} from '../../features/duplicates/duplicates.ts'
import { reachOf } from '../../features/people/reach.ts'
import { type Command, lineOf, positional, withServices } from '../command.ts'
import { createProgress } from '../progress.ts'

const pageRows = 100

export const duplicatesList: Command = {
  words: ['duplicates', 'list'],
  usage: 'NAME',
  summary: 'List people of an account who may be one, the likeliest first: id, how likely, both names, why.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    await withServices(settings, async ({ store }) => {
      const session = await store.read(async (reader) => actingFor(await findAccount(reader, name), settings))
      await scanForReader({ store }, await store.read((reader) => reachOf(reader, session)))
      let after: DuplicateRow | undefined
      do {
        const from = after
        const page = await store.read(async (reader) => {
          const reach = await reachOf(reader, session)
          const rows = await findDuplicates(reader, reach, { state: 'open', after: from, limit: pageRows })
          return { rows, pairs: await explainDuplicates(reader, reach, rows.slice(0, pageRows)) }
        })
        for (const pair of page.pairs) print(lineFor(pair))
        after = page.rows.length > pageRows ? page.rows[pageRows - 1] : undefined
      } while (after)
    })
    return 0
  },
}

export const duplicatesScan: Command = {
  words: ['duplicates', 'scan'],
  usage: '[NAME]',
  summary: 'Compare all cards anew, or those that an account reads; a server may run meanwhile.',
  options: {},
  run: async ({ settings, print, positionals: [name] }) => {
    const progress = createProgress('duplicates')
    const count = await withServices(settings, async (services) => {
      const { store } = services
      const total = await store.write(async (tx) => {
        if (name === undefined) return addAllPending(tx)
        const { bookIds } = await reachOf(tx, actingFor(await findAccount(tx, name), settings))
        return addAllPending(tx, bookIds)
      })
      const { signal } = new AbortController()
      return scanPending(services, signal, (done) => progress.update(done, Math.max(done, total)))
    })
    progress.clear()
    print(`${count} cards compared`)
    return 0
  },
}

function lineFor({ row, parties: [one, other], reasons }: SeenDuplicate): string {
  const why = reasons.map(({ feature, found }) => `${feature} ${found}`).join(', ')
  return lineOf([String(row.id), row.level, one.placements[0].name, other.placements[0].name, why])
}
