import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { card } from '../dav/objects.ts'
import { dialect } from '../store.ts'
import { useProgram } from './program.ts'

const farley = useProgram()
const database = () => join(farley.data, 'farley.sqlite')

describe('farley person', { timeout: 180_000 }, () => {
  it.skipIf(dialect === 'postgres')(
    'erases somebody for good, also where a copy of the database is put back',
    async () => {
      await farley.must(['user', 'add', 'jane'])
      const file = join(farley.data, 'cards.vcf')
      writeFileSync(
        file,
        ['Ann Gossamer', 'Bea Other'].map((fn, n) => card(`uid-${n}`, fn, ['EMAIL:a@x.example'])).join(''),
      )
      await farley.must(['import', 'jane', file])
      copyFileSync(database(), join(farley.data, 'copy'))
      const told = await farley.must(['person', 'erase', 'jane', '1'])
      expect(told).toContain('goes\tobjects\t1')
      const token = told.at(-1)?.split('\t')[1] ?? ''
      expect((await farley.run(['person', 'erase', 'jane', '1', '--token', 'other'])).code).not.toBe(0)
      await farley.must(['person', 'erase', 'jane', '1', '--token', token])
      expect(readFileSync(database(), 'latin1')).not.toContain('Gossamer')
      expect(await farley.must(['person', 'erased', '--check'])).toEqual([
        '1 proofs, 0 broken, 0 unknown to the database',
      ])
      expect(await farley.must(['person', 'erased', 'uid-0'])).toHaveLength(1)
      for (const end of ['-wal', '-shm']) rmSync(database() + end, { force: true })
      copyFileSync(join(farley.data, 'copy'), database())
      expect((await farley.run(['person', 'erased', '--check'])).code).toBe(1)
      expect(await farley.must(['person', 'erased', '--apply'])).toContain('1 erased again')
      expect(readFileSync(database(), 'latin1')).not.toContain('Gossamer')
      expect(readFileSync(database(), 'latin1')).toContain('Bea Other')
      expect((await farley.run(['person', 'erased', '--check'])).code).toBe(0)
    },
  )
})
