import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { createMetrics } from '../../src/metrics.ts'
import type { Services } from '../../src/services.ts'
import { StorageBusyError, StorageFullError } from '../../storage/store.ts'
import { createClient, preconditionsOf } from './client.ts'
import { basic, listen, memoryLog } from './listen.ts'
import { card, event } from './objects.ts'
import { useServer } from './server.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Services whose writes fail as a database would. */
function failing(services: Services, error: Error): Services {
  const { store } = services
  return {
    ...services,
    store: {
      read: (fn) => store.read(fn),
      write: () => Promise.reject(error),
      signals: store.signals,
      dataDirectory: store.dataDirectory,
      settle: () => store.settle(),
      check: () => Promise.reject(error),
      [Symbol.asyncDispose]: async () => {},
    },
  }
}

/** What TypeORM throws: the statement's values hang on the error. */
function statementError(secret: string): Error {
  return Object.assign(new Error('UNIQUE constraint failed: objects.uid'), {
    name: 'QueryFailedError',
    code: 'SQLITE_IOERR',
    query: 'INSERT INTO bodies (bytes) VALUES ($1)',
    parameters: [Buffer.from(secret), secret],
    detail: `Key (uid)=(${secret}) exists.`,
  })
}

describe('every answer', () => {
  const server = useServer()

  it('carries the id of its request, which the log has too (issue 10)', async () => {
    const memory = memoryLog()
    const url = await listen({ ...server.services, log: memory.log })
    const alice = await server.account()
    const client = createClient(url, alice)
    const answers = [
      await client.get(alice.contacts),
      await client.get(`${alice.contacts}none.vcf`),
      await client.put(`${alice.contacts}a.vcf`, 'rubbish'),
      await createClient(url).get('/dav/'),
      await createClient(url).get('/.well-known/caldav'),
      await createClient(url).get('/healthz'),
    ]
    const ids = answers.map(({ headers }) => headers['x-request-id'])
    for (const id of ids) expect(id).toMatch(uuid)
    expect(new Set(ids).size).toBe(ids.length)
    const logged = memory.lines().filter(({ msg }) => msg === 'request')
    expect(logged.map(({ requestId }) => requestId)).toEqual(ids)
    expect(logged.map(({ status }) => status)).toEqual(answers.map(({ status }) => status))
    expect(logged[0]).toMatchObject({
      level: 30,
      method: 'GET',
      path: alice.contacts,
      time: expect.any(String),
    })
  })

  it('to a refusal is a DAV:error with the precondition alone, the sentence beside it (design §6, TBC-04)', async () => {
    const alice = await server.account()
    const answer = await alice.put(`${alice.calendar}a.ics`, 'rubbish')
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8')
    expect(preconditionsOf(answer)).toHaveLength(1)
    expect(answer.headers['x-farley-reason']).toMatch(/\w/)
    const plain = await alice.get(`${alice.calendar}none.ics`)
    expect([plain.headers['content-type'], plain.text.length > 1]).toEqual([
      'text/plain; charset=utf-8',
      true,
    ])
  })

  it('to a fault is 500 without detail, logged once (conventions)', async () => {
    const memory = memoryLog()
    const alice = await server.account()
    const url = await listen(failing({ ...server.services, log: memory.log }, statementError('s3cret-card')))
    const answer = await createClient(url, alice).put(`${alice.contacts}a.vcf`, card('a'))
    expect([answer.status, answer.text]).toEqual([500, 'The server could not answer; see its log.\n'])
    const faults = memory.lines().filter(({ level }) => Number(level) >= 50)
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({
      requestId: answer.headers['x-request-id'],
      err: { type: 'QueryFailedError', code: 'SQLITE_IOERR', message: expect.stringContaining('UNIQUE') },
    })
  })

  it('to a full disk is 507, to a busy database 503 with Retry-After (RFC 4331 §6, MIN-05)', async () => {
    const alice = await server.account()
    const full = await listen(failing(server.services, new StorageFullError('full')))
    const busy = await listen(failing(server.services, new StorageBusyError('busy')))
    const refused = await createClient(full, alice).put(`${alice.contacts}a.vcf`, card('a'))
    expect([refused.status, ...preconditionsOf(refused)]).toEqual([507, dav('sufficient-disk-space')])
    const later = await createClient(busy, alice).put(`${alice.contacts}a.vcf`, card('a'))
    expect([later.status, Number(later.headers['retry-after']) > 0]).toEqual([503, true])
    expect((await alice.get(`${alice.contacts}a.vcf`)).status).toBe(404)
  })
})

describe('the log', () => {
  const server = useServer()

  it('holds no password, no credentials and nothing of any body, whatever happens (issue 10)', async () => {
    const memory = memoryLog('trace')
    const services = { ...server.services, log: memory.log }
    const url = await listen(services)
    const broken = await listen(failing(services, statementError('Ada Lovelace')))
    const alice = await server.account()
    const [client, faulty] = [createClient(url, alice), createClient(broken, alice)]
    const marks = ['Ada Lovelace', 'Quarterly secrets', 'wr0ng-pass', alice.password]
    const person = card('a', 'Ada Lovelace')
    const meeting = event('a', ['DTSTART:20260101T000000Z', 'SUMMARY:Quarterly secrets'])
    await client.put(`${alice.contacts}a.vcf`, person)
    await client.put(`${alice.calendar}a.ics`, meeting)
    await client.put(`${alice.calendar}b.ics`, meeting)
    await client.put(`${alice.contacts}b.vcf`, person.replace('END:VCARD', ''))
    await client.get(`${alice.contacts}a.vcf?token=wr0ng-pass`)
    await faulty.put(`${alice.contacts}c.vcf`, person.replace('UID:a', 'UID:c'))
    await createClient(url, { name: alice.name, password: 'wr0ng-pass' }).get(alice.contacts)
    await client.request('PROPPATCH', alice.contacts, { body: `<x>${marks[0]}</x>` })
    const text = memory.text()
    expect(memory.lines().length).toBeGreaterThanOrEqual(8)
    for (const mark of [...marks, basic(alice.name, alice.password), basic(alice.name, 'wr0ng-pass')]) {
      expect(text, mark).not.toContain(mark)
      expect(text).not.toContain(Buffer.from(mark).toString('base64').slice(0, -4))
      expect(text).not.toContain(Array.from(Buffer.from(mark)).join(','))
    }
  })

  it('takes secrets out of whatever is logged with them', () => {
    const memory = memoryLog()
    const headers = { authorization: 'Basic c2VjcmV0', cookie: 'session=secret-1' }
    memory.log.info(
      { headers, password: 'secret-2', account: { password: 'secret-3', secret: 'secret-4' } },
      'x',
    )
    memory.log.error({ err: new Error('outer', { cause: statementError('secret-5') }) }, 'y')
    expect(memory.text()).not.toMatch(/c2VjcmV0|secret-\d/)
    expect(memory.text()).toContain('UNIQUE constraint failed')
  })
})

describe('what a supervisor asks (issue 10)', () => {
  const server = useServer()

  it('/healthz is the process, /readyz the database; both without a password', async () => {
    const stranger = createClient(server.url)
    for (const path of ['/healthz', '/readyz']) {
      for (const method of ['GET', 'HEAD'])
        expect((await stranger.request(method, path)).status, path).toBe(200)
    }
    const url = await listen(failing(server.services, new Error('gone')))
    const down = createClient(url)
    expect([(await down.get('/healthz')).status, (await down.get('/readyz')).status]).toEqual([200, 503])
  })

  it('/metrics is off unless it is enabled', async () => {
    const alice = await server.account()
    expect((await createClient(server.url).get('/metrics')).status).toBe(401)
    expect((await alice.get('/metrics')).status).toBe(404)
  })

  it('/metrics counts requests for Prometheus, and names no person or path', async () => {
    const url = await listen(server.services, createMetrics())
    const alice = await server.account()
    await createClient(url, alice).put(`${alice.contacts}a.vcf`, card('a'))
    await createClient(url, alice).get(`${alice.contacts}a.vcf`)
    await createClient(url).request('LOCK', alice.contacts)
    const answer = await createClient(url).get('/metrics')
    expect([answer.status, answer.headers['content-type']?.startsWith('text/plain; version=')]).toEqual([
      200,
      true,
    ])
    expect(answer.text).toContain('farley_requests_total{method="PUT",status="201"} 1')
    expect(answer.text).toContain('farley_requests_total{method="GET",status="200"} 1')
    expect(answer.text).toContain('farley_requests_total{method="other",status="401"} 1')
    expect(answer.text).toMatch(/^farley_request_seconds_bucket\{.*method="PUT"/m)
    expect(answer.text).not.toContain(alice.segment)
    expect(answer.text).not.toContain('/dav/')
  })
})
