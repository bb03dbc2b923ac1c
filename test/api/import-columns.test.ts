import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { idOf } from '../features/facts/world.ts'
import { call } from './json.ts'

const server = useServer({ limits: { imports: 20 } })

const octets = { 'Content-Type': 'application/octet-stream' }
let count = 0
const unique = (label: string): string => `${label} ${(count += 1)}`

/** Sends a file to be tried. @returns the id of the import */
async function tried(account: Account, name: string, body: string, query = ''): Promise<number> {
  const path = `/api/imports?name=${name}&dryRun=1${query}`
  const sent = await account.request('POST', path, { headers: octets, body })
  expect(sent.status, sent.text).toBe(202)
  const { id } = JSON.parse(sent.text)
  await work(`import:${id}`)
  return id
}

async function work(key: string): Promise<void> {
  const done = await runNextJob(server.services, jobs, new AbortController().signal, key)
  expect(done?.kind).toBe('over')
}

/** Imports for good. */
async function ran(account: Account, id: number, body: object) {
  const { status, json, text } = await call(account, 'POST', `/imports/${id}/run`, body)
  expect(status, text).toBe(202)
  await work(`import:${json.id}`)
  return (await call(account, 'GET', `/imports/${json.id}`)).json
}

const valuesOf = async (account: Account, name: string) =>
  (await call(account, 'GET', `/parties/${await idOf(account, name)}/fields`)).json.values

async function define(account: Account, label: string, type: string): Promise<string> {
  const made = await call(account, 'POST', '/fields', { label, type })
  expect(made.status, made.text).toBe(201)
  return made.json.key
}

const table =
  'First Name,Email,Shoe,Tier,Boss\nAda,a@x.org,38,gold,jane@x.org\nBob,b@x.org,44,gold,Nobody Here\n'

describe('the columns of a table that was sent', () => {
  it('are told with what stands in them, where they go, and where they may', async () => {
    const alice = await server.account()
    const key = await define(alice, unique('Known'), 'text')
    const id = await tried(alice, 'a.csv', table)
    const { json } = await call(alice, 'GET', `/imports/${id}/columns`)
    expect(json).toMatchObject({ isTable: true, charset: 'utf-8', hasHeader: true, mayDefine: true })
    expect(json.columns.slice(0, 3)).toEqual([
      {
        number: 1,
        header: 'First Name',
        filled: 2,
        samples: ['Ada', 'Bob'],
        answers: ['Ada', 'Bob'],
        target: 'N.given',
      },
      { number: 2, header: 'Email', filled: 2, ...both('a@x.org', 'b@x.org'), target: 'EMAIL' },
      { number: 3, header: 'Shoe', filled: 2, ...both('38', '44'), target: null },
    ])
    expect(json.columns[3].answers).toEqual(['gold'])
    expect(json.targets).toEqual(expect.arrayContaining(['TEL;cell', 'N', 'N.given', 'ADR.city', 'NOTE']))
    expect(json.fields).toContainEqual({ target: `field:${key}`, label: expect.any(String), type: 'text' })
    expect(json.newTypes).toContain('choice')
    expect((await call(alice, 'GET', `/imports/${id}`)).json).toMatchObject({
      total: 2,
      counts: { created: 2 },
    })
    const stranger = await server.account()
    expect((await call(stranger, 'GET', `/imports/${id}/columns`)).status).toBe(404)
    expect((await call(stranger, 'GET', `/imports/${id}/items/1`)).status).toBe(404)
  })

  it('are known by their numbers where no row names them, and are none of other files', async () => {
    const alice = await server.account()
    const bare = await tried(alice, 'a.csv', 'x,1\ny,2\n')
    const { json } = await call(alice, 'GET', `/imports/${bare}/columns`)
    expect([json.hasHeader, json.columns.map(({ header }: { header: string }) => header)]).toEqual([
      false,
      ['Column 1', 'Column 2'],
    ])
    expect((await ran(alice, bare, { columns: { 1: 'FN' } })).counts.created).toBe(2)
    const cards = await tried(alice, 'a.vcf', card('one') + card('two'))
    const other = await call(alice, 'GET', `/imports/${cards}/columns`)
    expect(other.json).toMatchObject({ isTable: false, columns: [] })
    expect((await call(alice, 'GET', `/imports/${cards}`)).json.total).toBe(2)
  })
})

const both = (...samples: string[]) => ({ samples, answers: samples })

describe('an import with columns', () => {
  it('sets fields that are there, and defines those that are asked for; undone it takes back both', async () => {
    const alice = await server.account()
    const [size, tier, boss] = [unique('Size'), unique('Tier'), unique('Boss')]
    const key = await define(alice, size, 'number')
    await alice.put(`${alice.contacts}jane.vcf`, card('jane', 'Jane Doe', ['EMAIL:jane@x.org']))
    await alice.put(`${alice.contacts}ada.vcf`, card('ada', 'Ada', ['EMAIL:a@x.org']))
    await call(alice, 'PATCH', `/parties/${await idOf(alice, 'Ada')}/fields`, { [key]: '36' })
    const id = await tried(alice, 'a.csv', table, '&match=email')
    const options = { choices: [{ key: 'gold', label: 'Gold' }] }
    const columns = {
      Shoe: `field:${key}`,
      Tier: { label: tier, type: 'choice', options },
      Boss: { label: boss, type: 'person' },
    }
    const again = await call(alice, 'POST', `/imports/${id}/run`, { columns, dryRun: true })
    await work(`import:${again.json.id}`)
    const before = (await call(alice, 'GET', '/fields')).json.fields
    const preview = (await call(alice, 'GET', `/imports/${again.json.id}/items/1`)).json
    expect(preview).toMatchObject({ number: 1, outcome: 'updated', note: 'same email' })
    expect(preview.match.details.fn).toBe('Ada')
    expect(preview.after.details.related).toMatchObject([{ label: boss, value: { name: 'Jane Doe' } }])
    expect(preview.values).toMatchObject([
      { label: size, value: '38' },
      { label: tier, value: 'gold' },
    ])
    const second = (await call(alice, 'GET', `/imports/${again.json.id}/items/2`)).json
    expect([second.outcome, second.match, second.after.details.fn]).toEqual(['created', null, 'Bob'])
    expect((await call(alice, 'GET', `/imports/${again.json.id}/items/3`)).status).toBe(404)
    expect((await call(alice, 'GET', '/fields')).json.fields).toEqual(before)
    const done = await ran(alice, again.json.id, { labels: ['Fair'] })
    expect(done).toMatchObject({ dryRun: false, total: 2, counts: { created: 1, updated: 1, refused: 0 } })
    const made = (await call(alice, 'GET', '/fields')).json.fields
    const keyOf = (label: string) => made.find((field: { label: string }) => field.label === label)?.key
    expect(await valuesOf(alice, 'Ada')).toEqual({
      ...{ [key]: '38', [keyOf(tier)]: 'gold', [keyOf(boss)]: { name: 'Jane Doe' } },
    })
    expect(await valuesOf(alice, 'Bob')).toMatchObject({ [keyOf(boss)]: { name: 'Nobody Here' } })
    const labelled = (await call(alice, 'GET', '/labels')).json.items
    expect(labelled).toEqual([{ name: 'Fair', count: 2, color: null }])
    await call(alice, 'POST', `/imports/${done.id}/undo`, {})
    await work(`undo-import:${done.id}`)
    expect((await call(alice, 'GET', `/imports/${done.id}`)).json).toMatchObject({ state: 'undone', kept: 0 })
    expect(await valuesOf(alice, 'Ada')).toEqual({ [key]: '36' })
    expect((await call(alice, 'GET', '/fields')).json.fields).toEqual(before)
    expect((await call(alice, 'GET', '/labels')).json.items).toEqual([])
  })

  it('keeps what somebody has changed since, and the fields of it, until that is forced', async () => {
    const alice = await server.account()
    const label = unique('Later')
    const id = await tried(alice, 'a.csv', table)
    const done = await ran(alice, id, { columns: { Shoe: { label, type: 'text' } } })
    const { key } = (await call(alice, 'GET', '/fields')).json.fields.at(-1)
    await call(alice, 'PATCH', `/parties/${await idOf(alice, 'Ada')}/fields`, { [key]: 'mine' })
    const bob = await idOf(alice, 'Bob')
    await call(alice, 'POST', `/imports/${done.id}/undo`, {})
    await work(`undo-import:${done.id}`)
    const values = await server.services.store.read(({ sql }) =>
      sql.all<{ value: string }>(
        'SELECT v.value FROM custom_values v JOIN custom_fields f ON f.id = v.field_id WHERE f.key = $1',
        [key],
      ),
    )
    expect([bob > 0, values.map(({ value }) => value)]).toEqual([true, ['"mine"']])
    expect((await call(alice, 'GET', '/fields')).json.fields.at(-1).key).toBe(key)
    await call(alice, 'POST', `/imports/${done.id}/undo`, { force: true })
    await work(`forced-undo-import:${done.id}`)
    expect(
      (await call(alice, 'GET', '/fields')).json.fields.map((field: { key: string }) => field.key),
    ).not.toContain(key)
  })

  it('defines nothing for whoever may not, but in a book of his own, and refuses what can be no field', async () => {
    const alice = await server.account()
    const id = await tried(alice, 'a.csv', table)
    const run = (columns: object) => call(alice, 'POST', `/imports/${id}/run`, { columns })
    expect((await run({ Shoe: 'field:no-such-field' })).status).toBe(202)
    expect((await run({ Shoe: 'new:what' })).status).toBe(422)
    expect((await run({ Shoe: 'new:choice' })).status).toBe(422)
    expect((await run({ Shoe: 'WHAT' })).status).toBe(422)
    const label = unique('Own')
    const roles = (await call(alice, 'GET', '/team-roles')).json
    expect(roles.status ?? 403).toBe(403)
    await server.services.store.write(({ sql }) =>
      sql.run("UPDATE team_roles SET capabilities = 'import' WHERE built_in = 'everyone'"),
    )
    try {
      expect((await call(alice, 'GET', `/imports/${id}/columns`)).json.mayDefine).toBe(false)
      expect((await run({ Shoe: { label, type: 'number' } })).status).toBe(403)
      const { counts } = await ran(alice, id, {
        columns: { Shoe: { label, type: 'number', isOfBook: true } },
      })
      expect(counts.created).toBe(2)
      await server.services.store.write(({ sql }) =>
        sql.run("UPDATE team_roles SET capabilities = 'export' WHERE built_in = 'everyone'"),
      )
      expect((await run({})).status).toBe(403)
      const sent = await alice.request('POST', '/api/imports?name=a.csv', { headers: octets, body: table })
      expect(sent.status).toBe(403)
    } finally {
      await server.services.store.write(({ sql }) =>
        sql.run(
          "UPDATE team_roles SET capabilities = 'define-fields define-labels merge import export' WHERE built_in = 'everyone'",
        ),
      )
    }
  })
})
