import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { useProgram } from './program.ts'

const farley = useProgram()

describe('farley serve', () => {
  let password = ''

  it('makes the data folder and a first account, prints it once, and says where it listens', async () => {
    const data = join(farley.data, 'made', 'here')
    const first = await farley.serve(['--data', data])
    expect(first.lines.slice(0, 3)).toEqual([
      'A first account was made. This is shown once:',
      `  address   ${first.url}`,
      '  user      admin',
    ])
    password = /^ {2}password {2}(\S+)$/.exec(first.lines[3] ?? '')?.[1] ?? ''
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/)
    const admin = createClient(first.url, { name: 'admin', password })
    expect((await admin.put('/dav/addressbooks/admin/contacts/a.vcf', card('a'))).status).toBe(201)
    expect(await first.stop()).toBe(0)
    expect(statSync(data).mode & 0o777).toBe(0o700)
  })

  it('started again changes nothing', async () => {
    const data = join(farley.data, 'made', 'here')
    const second = await farley.serve(['--data', data])
    expect(second.lines).toEqual([`listening on ${second.url}`])
    const admin = createClient(second.url, { name: 'admin', password })
    const { headers, text } = await admin.get('/dav/addressbooks/admin/contacts/a.vcf')
    expect(text).toBe(card('a'))
    expect(await second.stop('SIGINT')).toBe(0)
    const before = await contentOf(data)
    const third = await farley.serve(['--data', data])
    const again = createClient(third.url, { name: 'admin', password })
    expect((await again.get('/dav/addressbooks/admin/contacts/a.vcf')).headers.etag).toBe(headers.etag)
    expect(await third.stop()).toBe(0)
    expect(await contentOf(data)).toEqual(before)
  })

  /** Users and their objects as the command line shows them, and the files that are there. */
  async function contentOf(data: string): Promise<unknown> {
    const to = join(farley.data, createHash('sha1').update(String(Math.random())).digest('hex'))
    const exported = await farley.must(['export', 'admin', '--to', to, '--data', data])
    return [
      readdirSync(data).sort(),
      exported.map((line) => line.replace(to, '')),
      await farley.must(['user', 'list', '--data', data]),
    ]
  }

  it('ends who listens to what happens after SIGTERM, and does not wait for them', async () => {
    await farley.must(['user', 'add', 'ear', '--password-stdin'], { input: 'all ears here' })
    const serving = await farley.serve()
    const sent = request(`${serving.url}/api/events`, { auth: 'ear:all ears here' }).end()
    const [response]: IncomingMessage[] = await once(sent, 'response')
    expect(response?.headers['content-type']).toBe('text/event-stream')
    const ended = new Promise((resolve) => response?.once('end', () => resolve('whole')))
    response?.resume()
    const startedAt = performance.now()
    expect(await serving.stop()).toBe(0)
    expect(await ended).toBe('whole')
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it('lets a request that is under way finish after SIGTERM (exit code 0)', async () => {
    await farley.must(['user', 'add', 'slow', '--password-stdin'], { input: 'slow enough' })
    const serving = await farley.serve()
    const body = Buffer.from(card('slow'))
    const sent = request(`${serving.url}/dav/addressbooks/slow/contacts/slow.vcf`, {
      agent: new Agent({ keepAlive: true }),
      method: 'PUT',
      auth: 'slow:slow enough',
      headers: { 'Content-Type': 'text/vcard', 'Content-Length': body.length, Expect: '100-continue' },
    })
    const answered = once(sent, 'response')
    sent.flushHeaders()
    // The server has the request in hand once it says so.
    await once(sent, 'continue')
    sent.write(body.subarray(0, 10))
    const stopped = serving.stop()
    await wait(100)
    sent.end(body.subarray(10))
    const [response]: IncomingMessage[] = await answered
    expect(response?.statusCode).toBe(201)
    response?.resume()
    const startedAt = performance.now()
    expect(await stopped).toBe(0)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  it('says so when the port is taken, or the host is none', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? String(address.port) : ''
    const taken = await farley.run(['serve', '--port', port])
    other.close()
    expect(taken.code).toBe(1)
    expect(taken.stderr).toContain('EADDRINUSE')
    expect(taken.stdout).not.toContain('listening')
    expect(await farley.run(['serve', '--port', '70000'])).toMatchObject({ code: 1, stdout: '' })
  })

  it('takes settings from a file and the environment, the command line winning', async () => {
    writeFileSync(
      join(farley.data, 'farley.json'),
      JSON.stringify({ host: '127.0.0.9', log: { level: 'silent' } }),
    )
    const serving = await farley.serve(['--host', '127.0.0.1'], { env: { FARLEY_HOST: '127.0.0.8' } })
    expect(serving.url).toContain('http://127.0.0.1:')
    expect(await serving.stop()).toBe(0)
  })
})
