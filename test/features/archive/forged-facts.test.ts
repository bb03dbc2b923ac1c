import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { checkInvariants } from '../../../storage/invariants.ts'
import { type Account, startServer, useServer } from '../../dav/server.ts'
import { exportTo, restoreFrom, signIn } from '../archive-world.ts'
import { company, idOf, person } from '../facts/world.ts'
import { useFolder } from '../folder.ts'
import { asking } from './firm.ts'

const server = useServer()
const folder = useFolder()
let alice: Account

type Row = Record<string, unknown>

/** Alice, two companies of hers and two people who became one, in the folder `out`. */
beforeEach(async () => {
  alice = await server.account()
  const { ask } = asking(alice)
  const [acme, holding] = [await company(alice, 'Acme'), await company(alice, 'Holding')]
  await ask('POST', `/parties/${acme}/parents`, { organisation: holding })
  const [survivor, loser] = [await person(alice, 'Ann Doe'), await person(alice, 'Anne Doe')]
  await ask('POST', '/activities', { kind: 'note', html: '<p>met</p>', parties: [survivor] })
  await ask('PATCH', `/parties/${loser}`, { roles: ['lead'] })
  await ask('POST', `/parties/${loser}/relations`, { type: 'child', name: 'Tim' })
  await ask('POST', '/merges', { survivor, loser })
  await exportTo(server, join(folder.path, 'out'), alice, true)
})

/** Changes the rows of a table, with a manifest that says of every file what it is. */
function forge(table: string, change: (rows: Row[]) => readonly Row[]): void {
  const name = `people/${table}.jsonl`
  const files = folder.files('out')
  const text = files.get(name)?.toString() ?? ''
  const rows = text.split('\n').flatMap((line): Row[] => (line === '' ? [] : [JSON.parse(line)]))
  folder.write(
    `out/${name}`,
    change(rows)
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  )
  const digest = (octets: string | Buffer) => createHash('sha256').update(octets).digest('hex')
  const listed = [...folder.files('out')].filter(([path]) => !path.startsWith('manifest.'))
  const lines = listed.map(([path, octets]) => ({ path, size: octets.length, sha256: digest(octets) }))
  const list = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  folder.write('out/manifest.jsonl', list)
  const head = JSON.parse(files.get('manifest.json')?.toString() ?? '')
  const told = { ...head, files: { ...head.files, sha256: digest(list) } }
  folder.write('out/manifest.json', JSON.stringify(told))
}

/** Of the one row that is there, another. */
const first = (change: Row) => (rows: Row[]) =>
  rows.map((row, nth) => (nth === 0 ? { ...row, ...change } : row))

describe('forged facts', () => {
  it.each<readonly [string, string, Row]>([
    ['text that is too long', 'activities', { outcome: 'x'.repeat(20_000) }],
    ['text that no database takes', 'activities', { html: 'a\0b' }],
    ['a number where a text is', 'relations', { name: 7 }],
    ['a word that is none', 'activities', { visibility: 'everybody' }],
    ['a time that is none', 'activities', { at: 'today' }],
    ['a row that is none', 'org_links', { parent_id: '1 OR 1=1' }],
    ['an account that is none', 'parties', { owner_id: 1 }],
    ['a card that is none', 'parties', { placements: [{ object_id: 5, removed_at: null }] }],
    ['rows in no order', 'parties', { id: 99 }],
  ])('are refused, and nothing comes back: %s', async (_, table, change) => {
    forge(table, first(change))
    await using other = await startServer()
    await expect(restoreFrom(other, join(folder.path, 'out'))).rejects.toThrow(
      new RegExp(`people/${table}.jsonl`),
    )
    const rows = await other.services.store.read(({ sql }) => sql.all('SELECT id FROM principals'))
    expect([rows, await other.services.store.read(checkInvariants)]).toEqual([[], []])
  })

  it.each<readonly [string, unknown]>([
    ['a table', { kind: 'moved', table: 'principals SET name = 1 --', column: 'id', keys: [] }],
    ['a column', { kind: 'moved', table: 'relations', column: 'id = 1 --', keys: [{ id: 1 }] }],
    ['a column of a row', { kind: 'removed', table: 'relations', row: { 'id) VALUES (1) --': 1 } }],
  ])('cannot put statements into what a merge undoes: %s', async (_, change) => {
    const item = { number: 900, kind: 'fact', data: { kind: 'fact', change } }
    forge('merges', (rows) => rows.map((row) => ({ ...row, merge_items: [item] })))
    await using other = await startServer()
    const restored = await restoreFrom(other, join(folder.path, 'out')).catch((error: Error) => error.message)
    const items = await other.services.store.read(({ sql }) => sql.all('SELECT data FROM merge_items'))
    expect([typeof restored === 'string' ? restored : 'left out', items]).toEqual([
      expect.stringMatching(/names the column|left out/),
      [],
    ])
  })

  it('are sanitised again, in the history too', async () => {
    const html = '<p onclick="x()">met<script>alert(1)</script></p>'
    forge('activities', first({ html, text: 'another text' }))
    forge('fact_revisions', (rows) =>
      rows.map((row) =>
        row.kind === 'activity' ? { ...row, after_json: { ...(row.after_json as Row), html } } : row,
      ),
    )
    await using other = await startServer()
    await restoreFrom(other, join(folder.path, 'out'))
    const { sql } = await other.services.store.read(async (reader) => ({
      sql: {
        notes: await reader.sql.all('SELECT html, text FROM activities'),
        states: await reader.sql.all(
          "SELECT after_json AS state FROM fact_revisions WHERE kind = 'activity'",
        ),
      },
    }))
    expect(sql.notes).toEqual([{ html: '<p>met</p>', text: 'met' }])
    expect(JSON.stringify(sql.states)).not.toMatch(/script|onclick/)
  })

  it('lead in no circle, and to nobody who is here already', async () => {
    forge('org_links', (rows) => {
      const [row = {}] = rows
      return [
        row,
        { ...row, id: 2, party_id: row.parent_id, parent_id: row.party_id },
        { ...row, id: 3, parent_id: 4711 },
      ]
    })
    forge('parties', (rows) => {
      const [one = {}, ...others] = rows
      // Two who are merged into each other, and one whose card is nobody's here.
      const last = others.length + 1
      const mine = { in: `somebody/addressbooks/contacts`, name: 'x.vcf' }
      return [
        ...[one, ...others],
        { ...one, id: last + 1, merged_into: last + 2, placements: undefined },
        { ...one, id: last + 2, merged_into: last + 1, placements: undefined },
        { ...one, id: last + 3, placements: [{ object_id: mine, removed_at: null }] },
      ]
    })
    await using other = await startServer()
    const somebody = await other.account({ name: 'somebody' })
    const his = await person(somebody, 'His')
    const outcomes = await restoreFrom(other, join(folder.path, 'out'))
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toMatchObject([
      { path: 'people/parties.jsonl', reason: '3 rows name what is not here.' },
      { path: 'people/org_links.jsonl', reason: '2 rows name what is not here.' },
    ])
    const { ask } = asking(await signIn(other, alice))
    const tree = await ask('GET', `/parties/${await idOf(await signIn(other, alice), 'Acme')}/tree`)
    expect(tree.links).toHaveLength(1)
    expect((await asking(somebody).ask('GET', `/parties/${his}`)).roles).toEqual([])
    expect(await other.services.store.read(checkInvariants)).toEqual([])
  })
})
