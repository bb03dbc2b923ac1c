import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAppPassword } from '../../src/features/accounts/accounts.ts'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { createClient } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { rowOf } from '../features/world.ts'

const server = useServer({ limits: { importBytes: 100_000, imports: 2, importDayBytes: 90_000 } })

type Client = Pick<Account, 'request'>
const octets = { 'Content-Type': 'application/octet-stream' }
const json = { 'Content-Type': 'application/json' }

async function call(
  client: Client,
  method: string,
  path: string,
  options: Parameters<Client['request']>[2] = {},
) {
  const answer = await client.request(method, `/api${path}`, options)
  return { ...answer, json: answer.text === '' ? undefined : JSON.parse(answer.text) }
}

const send = (client: Client, query: string, body: string, headers: Record<string, string> = octets) =>
  call(client, 'POST', `/imports?${query}`, { headers, body })

async function work(key: string, signal = new AbortController().signal) {
  return runNextJob(server.services, jobs, signal, key)
}

const table = 'First Name,Email\nAda,a@example.org\nBob,b@example.org\n,\n,only\n'

describe('the API: imports', () => {
  it('takes a file, imports it by a job, and tells what became of each item', async () => {
    const alice = await server.account()
    const sent = await send(alice, 'name=people.csv&match=email&into=contacts', table)
    expect(sent.status).toBe(202)
    const { id } = sent.json
    expect(sent.json).toMatchObject({ state: 'running', dryRun: false, name: 'people.csv' })
    expect((await work(`import:${id}`))?.kind).toBe('over')
    expect((await call(alice, 'GET', `/imports/${id}`)).json).toMatchObject({
      state: 'finished',
      counts: { created: 3, refused: 0 },
    })
    const { items } = (await call(alice, 'GET', `/imports/${id}/items`)).json
    expect(items).toMatchObject([
      { number: 1, place: 'people.csv:2', title: 'Ada', outcome: 'created', component: 'VCARD' },
      { number: 2, place: 'people.csv:3', title: 'Bob', outcome: 'created' },
      { number: 3, place: 'people.csv:5', outcome: 'created' },
    ])
    expect((await call(alice, 'GET', `/imports/${id}/items?after=2`)).json.items).toHaveLength(1)
    expect((await call(alice, 'GET', '/imports')).json.imports).toMatchObject([{ id }])
    expect((await alice.syncAll(alice.contacts, '')).changed).toHaveLength(3)
    const left = join(server.dataDirectory, 'imports')
    expect(existsSync(left) ? readdirSync(left) : []).toEqual([])
  })

  it('defines a field for a numbered column under the label that is given', async () => {
    const alice = await server.account()
    const rows = 'First Name,Shoe size\nAda,38\n'
    const tried = await send(alice, 'name=people.csv&dryRun=1', rows)
    await work(`import:${tried.json.id}`)
    const columns = { 1: 'N.given', 2: { type: 'number', label: 'Shoe size' } }
    const path = `/imports/${tried.json.id}/run`
    const { json: run } = await call(alice, 'POST', path, {
      headers: json,
      body: JSON.stringify({ columns }),
    })
    await work(`import:${run.id}`)
    expect((await call(alice, 'GET', `/imports/${run.id}`)).json).toMatchObject({ state: 'finished' })
    expect((await call(alice, 'GET', '/fields')).text).toContain('"Shoe size"')
  })

  it('tries first, imports for good after, and undoes it', async () => {
    const alice = await server.account()
    const trial = await send(alice, 'name=a.vcf&dryRun=1', card('one') + card('two'))
    await work(`import:${trial.json.id}`)
    expect((await call(alice, 'GET', `/imports/${trial.json.id}`)).json).toMatchObject({
      dryRun: true,
      state: 'finished',
      counts: { created: 2 },
    })
    const tried = (await call(alice, 'GET', `/imports/${trial.json.id}/items?after=1`)).json.items
    expect(tried).toMatchObject([{ number: 2, title: 'Jane Doe', outcome: 'created' }])
    expect((await alice.syncAll(alice.contacts, '')).changed).toEqual([])
    expect(
      (await call(alice, 'POST', `/imports/${trial.json.id}/undo`, { headers: json, body: '{}' })).status,
    ).toBe(409)
    const real = await call(alice, 'POST', `/imports/${trial.json.id}/run`, { headers: json, body: '{}' })
    expect(real).toMatchObject({ status: 202, json: { dryRun: false } })
    const { id } = real.json
    await work(`import:${id}`)
    await alice.put(`${alice.contacts}two.vcf`, card('two', 'By Phone'))
    const undo = await call(alice, 'POST', `/imports/${id}/undo`, { headers: json, body: '{}' })
    expect(undo).toMatchObject({ status: 202, json: { state: 'undoing' } })
    await work(`undo-import:${id}`)
    expect((await call(alice, 'GET', `/imports/${id}`)).json).toMatchObject({
      state: 'undone',
      undone: 1,
      kept: 1,
    })
    const { items } = (await call(alice, 'GET', `/imports/${id}/items`)).json
    expect(items[1]).toMatchObject({ undo: 'kept', undoNote: 'It was changed since.' })
    await call(alice, 'POST', `/imports/${id}/undo`, { headers: json, body: '{"force":true}' })
    await work(`forced-undo-import:${id}`)
    expect((await alice.syncAll(alice.contacts, '')).changed).toEqual([])
  })

  it('takes its label from all whom it had changed, and writes the card of the group once', async () => {
    const alice = await server.account()
    const uids = Array.from({ length: 60 }, (_, n) => `u${n}`)
    const { json: first } = await send(alice, 'name=a.vcf', uids.map((uid) => card(uid)).join(''))
    await work(`import:${first.id}`)
    const group = [
      'BEGIN:VCARD',
      'VERSION:4.0',
      'KIND:group',
      'UID:g',
      'FN:Fair',
      'MEMBER:urn:uuid:far',
      'END:VCARD',
      '',
    ]
    await alice.put(`${alice.contacts}g.vcf`, group.join('\r\n'))
    const labelled = uids.map((uid) => card(uid, 'Jane Doe', ['CATEGORIES:Fair'])).join('')
    const { json: second } = await send(alice, 'name=b.vcf', labelled)
    await work(`import:${second.id}`)
    const members = async () => (await alice.get(`${alice.contacts}g.vcf`)).text.match(/MEMBER:.*/g)?.length
    const versions = async () =>
      Number(
        (
          await server.services.store.read(({ sql }) =>
            sql.first<{ n: number }>(
              `SELECT count(*) AS n FROM revisions r JOIN list_faces f ON f.object_id = r.object_id
               JOIN principals p ON p.id = r.principal_id WHERE p.name = $1 AND f.kind = 'group'`,
              [alice.name],
            ),
          )
        )?.n,
      )
    expect(await members()).toBe(61)
    const before = await versions()
    await call(alice, 'POST', `/imports/${second.id}/undo`, { headers: json, body: '{}' })
    await work(`undo-import:${second.id}`)
    expect((await call(alice, 'GET', `/imports/${second.id}`)).json).toMatchObject({ undone: 60, kept: 0 })
    expect([await members(), (await versions()) - before]).toEqual([1, 1])
    expect((await alice.get(`${alice.contacts}g.vcf`)).text).toContain('urn:uuid:far')
    const { changed } = await alice.syncAll(alice.contacts, '')
    expect(changed).toHaveLength(61)
  })

  it('goes on where a server that was stopped had got to', async () => {
    const alice = await server.account()
    const rows = Array.from({ length: 120 }, (_, n) => `P${n},p${n}@example.org\n`).join('')
    const { json: made } = await send(alice, 'name=a.csv', `First Name,Email\n${rows}`)
    const stopping = new AbortController()
    const { store } = server.services
    const watched = { ...server.services, store: { ...store, write: stopAfter(store.write, 4, stopping) } }
    expect((await runNextJob(watched, jobs, stopping.signal, `import:${made.id}`))?.kind).toBe('stopped')
    const { counts, state } = (await call(alice, 'GET', `/imports/${made.id}`)).json
    expect(state).toBe('running')
    expect(counts.created % 50).toBe(0)
    expect(counts.created).toBeLessThan(120)
    expect((await work(`import:${made.id}`))?.kind).toBe('over')
    expect((await call(alice, 'GET', `/imports/${made.id}`)).json).toMatchObject({ counts: { created: 120 } })
  })

  it('says why it could not', async () => {
    const alice = await server.account()
    const { json: made } = await send(alice, 'name=a.csv', 'x,y\n1,2\n')
    await work(`import:${made.id}`)
    expect((await call(alice, 'GET', `/imports/${made.id}/items`)).json.items).toMatchObject([
      { outcome: 'refused', note: expect.stringMatching(/^No row says what the columns are/) },
    ])
  })

  it.each([
    ['picture.csv', '\u0089PNG\r\n\u001a\n\0\0', /a picture/],
    ['people.xlsx', 'PK\u0003\u0004\u0014\0', /a workbook or an archive/],
    ['people.vcf', '%PDF-1.7', /a PDF/],
    ['contacts.csv', '<!DOCTYPE html><html>', /a web page/],
    ['people.csv', 'a\u0001\0\0\0bc\0\u0002', /no text/],
    ['letter.txt', 'Dear Jane,', /none of these/],
  ])('tells that %s is something else, and nothing of where it lies', async (name, body, reason) => {
    const alice = await server.account()
    const octetsOf = Buffer.from(body, 'latin1')
    const sent = await call(alice, 'POST', `/imports?name=${name}&dryRun=1`, {
      headers: octets,
      body: octetsOf,
    })
    await work(`import:${sent.json.id}`)
    const { items } = (await call(alice, 'GET', `/imports/${sent.json.id}/items`)).json
    expect(items).toMatchObject([{ outcome: 'refused', place: name, note: expect.stringMatching(reason) }])
    expect((await call(alice, 'GET', `/imports/${sent.json.id}/columns`)).json.isTable).toBe(false)
  })

  it('refuses what is too large, too many, unknown, or not of the one who asks', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    expect((await send(alice, 'name=a.vcf', 'x'.repeat(100_001))).status).toBe(413)
    expect((await send(alice, 'name=a.vcf', '')).status).toBe(422)
    expect((await send(alice, 'name=a.vcf', card('a'), { 'Content-Type': 'text/plain' })).status).toBe(415)
    expect((await send(alice, 'nme=a.vcf', card('a'))).status).toBe(422)
    expect((await send(alice, 'name=a.vcf&match=shoe', card('a'))).status).toBe(422)
    expect((await send(alice, 'name=a.vcf&into=nowhere', card('a'))).status).toBe(422)
    expect((await send(alice, 'name=a.csv&columns={"1":"WHAT"}', card('a'))).status).toBe(422)
    const { json: made } = await send(alice, 'name=a.vcf', card('a'))
    await send(alice, 'name=b.vcf', card('b'))
    expect((await send(alice, 'name=c.vcf', card('c'))).status).toBe(429)
    expect((await call(bob, 'GET', `/imports/${made.id}`)).status).toBe(404)
    expect((await call(bob, 'POST', `/imports/${made.id}/run`, { headers: json, body: '{}' })).status).toBe(
      404,
    )
    await work(`import:${made.id}`)
    expect((await send(alice, 'name=c.vcf', card('c'))).status).toBe(202)
  })

  it('refuses more than an account may send in a day, since what is sent is kept', async () => {
    const alice = await server.account()
    const file = card('a', 'Ada B', [`NOTE:${'x'.repeat(50_000)}`])
    for (const name of ['a.vcf', 'b.vcf']) {
      const { status, json: made } = await send(alice, `name=${name}`, file)
      expect(status).toBe(202)
      await work(`import:${made.id}`)
    }
    const refused = await send(alice, 'name=c.vcf', file)
    expect([refused.status, refused.json.detail]).toEqual([
      429,
      'An account may have no more imported today.',
    ])
    server.clock.now += 86_400_001
    expect((await send(alice, 'name=c.vcf', file)).status).toBe(202)
  })

  it('is not for an app password that may only read', async () => {
    const alice = await server.account()
    const row = await rowOf(server, alice)
    const { secret: password } = await server.services.store.write((tx) =>
      createAppPassword(tx, row, { label: 'reader', scope: 'read' }),
    )
    const reader = createClient(server.url, { name: alice.name, password })
    expect((await send(reader, 'name=a.vcf', card('a'))).status).toBe(403)
    expect((await call(reader, 'GET', '/imports')).status).toBe(200)
  })
})

/** A store whose n-th write from now is followed by a stop. */
function stopAfter<W extends (...args: never[]) => Promise<unknown>>(
  write: W,
  n: number,
  stopping: AbortController,
): W {
  let left = n
  return (async (...args: Parameters<W>) => {
    const result = await write(...args)
    left -= 1
    if (left === 0) stopping.abort()
    return result
  }) as W
}
