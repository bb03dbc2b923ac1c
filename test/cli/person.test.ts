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

describe('farley list and farley person export', { timeout: 180_000 }, () => {
  it('saves a filter, tells who is in it, removes it, and writes out all about one of them', async () => {
    await farley.must(['user', 'add', 'lister'])
    const cards = join(farley.data, 'listed.vcf')
    const labelled = (uid: string, fn: string, label: string) => card(uid, fn, [`CATEGORIES:${label}`])
    writeFileSync(cards, labelled('l1', 'Ann Friend', 'friend') + labelled('l2', 'Bob Crew', 'crew'))
    await farley.must(['import', 'lister', cards])
    const filter = '{"field": "label", "op": "is", "text": "friend"}'
    const create = ['list', 'create', 'lister', 'Friends', '--filter']
    const [made = ''] = await farley.must([...create, filter, '--book', '--color', '#1e90ff'])
    const [id = ''] = made.split('\t')
    expect(await farley.must(['list', 'list', 'lister'])).toEqual([
      expect.stringMatching(new RegExp(`^${id}\tFriends\t1\t\\S+$`)),
    ])
    const [member = ''] = await farley.must(['list', 'members', 'lister', 'Friends'])
    const [person = '', ...shown] = member.split('\t')
    expect(shown).toEqual(['Ann Friend', 'person'])
    for (const [words, code] of [
      [[...create, '{'], 2],
      [[...create, '{"field": "label"}'], 2],
      [[...create, filter], 1],
      [['list', 'members', 'lister', 'Other'], 2],
      [['person', 'export', 'lister', '999999'], 2],
    ] as const)
      expect((await farley.run(words)).code).toBe(code)
    expect(await farley.must(['list', 'remove', 'lister', id])).toEqual([])
    expect(await farley.must(['list', 'list', 'lister'])).toEqual([])
    const to = join(farley.data, 'ann.zip')
    expect(await farley.must(['person', 'export', 'lister', person, '--to', to])).toEqual([to])
    const zip = readFileSync(to, 'latin1')
    for (const name of ['README.txt', 'person.json', 'timeline.json', 'cards/']) expect(zip).toContain(name)
    expect((await farley.run(['person', 'export', 'lister', person, '--to', to])).code).toBe(1)
  })
})
