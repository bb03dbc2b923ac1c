import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkInvariants } from '../../storage/invariants.ts'
import { entities } from '../../storage/schema.ts'
import { startServer, useServer } from '../dav/server.ts'
import { dialect } from '../store.ts'
import { fill } from './archive-full.ts'
import { archivedTables } from './archive-tables.ts'
import { exportTo, keptRows, restoreFrom, signIn, walk } from './archive-world.ts'
import { useFolder } from './folder.ts'

const server = useServer()
const folder = useFolder()
const day = 86_400_000

/** The files of an archive, without the time it was made. */
function filesOf(name: string): Map<string, string> {
  const files = [...folder.files(name)]
  return new Map(
    files.map(([path, octets]) => [
      path,
      path === 'manifest.json' ? octets.toString().replace(/"madeAt": "[^"]*"/, '') : octets.toString('hex'),
    ]),
  )
}

describe('an archive of an installation', () => {
  it('makes the same one again on the other database: rows, archive, and all that DAV shows', async () => {
    const world = await fill(server)
    await exportTo(server, join(folder.path, 'first'))
    // On PostgreSQL there is a SQLite beside it, and back again.
    await using other = await startServer({}, dialect === 'postgres' ? 'sqlite' : undefined)
    other.clock.now = server.clock.now + 30 * day
    const outcomes = await restoreFrom(other, join(folder.path, 'first'))
    const ofFolder = {
      path: `${world.alice.name}/files/a`,
      reason: expect.stringContaining('link to the folder'),
    }
    expect(outcomes.filter(({ kind }) => kind !== 'restored')).toEqual([
      expect.objectContaining(ofFolder),
      expect.objectContaining(ofFolder),
      expect.objectContaining({ reason: expect.stringContaining('public link "for all"') }),
    ])
    const rows = await keptRows(server)
    for (const [table, kept] of Object.entries(rows)) expect(kept.length, table).toBeGreaterThan(0)
    expect(await keptRows(other)).toEqual(rows)
    expect(await other.services.store.read(checkInvariants)).toEqual([])
    await exportTo(other, join(folder.path, 'second'))
    expect(filesOf('second')).toEqual(filesOf('first'))
    for (const account of [world.alice, world.bob, world.carol]) {
      const seen = await walk(account)
      expect(seen.size, account.name).toBeGreaterThan(100)
      expect(await walk(await signIn(other, account)), account.name).toEqual(seen)
    }
    await using back = await startServer()
    await restoreFrom(back, join(folder.path, 'second'))
    await exportTo(back, join(folder.path, 'third'))
    expect(filesOf('third')).toEqual(filesOf('first'))
  })

  it('has every table and every column, or says why not', () => {
    const described = Object.fromEntries(
      Object.entries(archivedTables).map(([table, archived]) => [
        table,
        typeof archived === 'string'
          ? archived
          : [...archived.kept, ...Object.keys(archived.left)].toSorted(),
      ]),
    )
    const there = Object.fromEntries(
      entities('sqlite').map(({ options: { name, columns } }) => {
        const reason = archivedTables[name]
        return [name, typeof reason === 'string' ? reason : Object.keys(columns).toSorted()]
      }),
    )
    expect(described).toEqual(there)
  })
})
