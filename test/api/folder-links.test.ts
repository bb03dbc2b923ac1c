import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { group, join } from '../dav/directory.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({ limits: { publicLinks: 3, publicRequestsPerMinute: 100_000 } })

interface Told {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly text: string
}

/** What somebody without an account is answered; the path goes out as it stands. */
function ask(path: string, { method = 'GET', headers = {} }: http.RequestOptions = {}): Promise<Told> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(parts).toString(),
        }),
      )
    })
    request.on('error', reject)
    request.end()
  })
}

/** A folder with another in it, beside what is nobody's business. */
async function offers(): Promise<{ alice: Account; id: number }> {
  const alice = await server.account()
  for (const path of ['Offers/', 'Offers/2026/', 'Private/']) await alice.request('MKCOL', alice.files + path)
  const files = {
    'Offers/a & b.html': '<script>1</script>',
    'Offers/2026/plan.txt': 'plan',
    'Private/x.txt': 'secret',
  }
  for (const [path, text] of Object.entries(files)) await alice.put(alice.files + encodeURI(path), text)
  const [{ id: home }] = (await call(alice, 'GET', '/file-homes')).json.items
  const { items } = (await call(alice, 'GET', `/file-homes/${home}/children`)).json
  return { alice, id: items.find(({ name }: { name: string }) => name === 'Offers').id }
}

async function linked(body: object = {}) {
  const { alice, id } = await offers()
  const { json } = await call(alice, 'POST', `/files/${id}/links`, body)
  return { alice, id, link: json.items[0] as { id: number; path: string; expiresAt: string | null } }
}

describe('a public link to a folder', () => {
  it('shows strangers what lies in it, and gives them the files as they are', async () => {
    const { alice, id, link } = await linked()
    expect(link.path).toMatch(/^\/public\/[\w-]{43}\/$/)
    const top = await ask(link.path)
    expect([top.status, top.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(top.text).toContain('<a href="./2026/">2026</a>')
    expect(top.text).toContain('<a href="./a%20%26%20b.html" download>a &amp; b.html</a>')
    expect(top.text).not.toMatch(/<script|Private|https?:/)
    const policy = String(top.headers['content-security-policy'])
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none';/)
    const inner = await ask(`${link.path}2026/`)
    expect(inner.text).toContain('<li><a href="../">Offers</a></li>')
    const file = await ask(`${link.path}2026/plan.txt`)
    expect([file.status, file.text]).toEqual([200, 'plan'])
    expect(file.headers).toMatchObject({
      'content-disposition': `attachment; filename="plan.txt"; filename*=UTF-8''plan.txt`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'self'",
      'x-robots-tag': 'noindex',
      'referrer-policy': 'no-referrer',
    })
    const again = await ask(`${link.path}2026/plan.txt`, { headers: { 'If-None-Match': file.headers.etag } })
    expect(again.status).toBe(304)
    const page = await ask(`${link.path}a%20%26%20b.html`)
    expect(page.headers['content-disposition']).toMatch(/^attachment; /)
    const moved = await ask(`${link.path}2026`)
    expect([moved.status, moved.headers.location]).toEqual([308, './2026/'])
    expect((await ask(link.path.slice(0, -1))).headers.location).toBe(link.path)
    expect((await ask(link.path, { method: 'HEAD' })).text).toBe('')
    for (const method of ['PUT', 'DELETE', 'PROPFIND', 'POST'])
      expect((await ask(`${link.path}2026/plan.txt`, { method })).status).toBe(405)
    const { items } = (await call(alice, 'GET', '/folder-links')).json
    expect(items).toMatchObject([
      { id: link.id, folder: { id, name: 'Offers' }, path: link.path, expiresAt: null },
    ])
  })

  it('leads nowhere else, however its address is written', async () => {
    const { alice, link } = await linked()
    const wrong = [
      '../',
      '..%2f',
      '%2e%2e/',
      '2026/../../',
      '2026/%2e%2e/%2e%2e/Private/',
      '..%5cPrivate/',
      './',
      '%00',
    ]
    const more = [
      '2026//plan.txt',
      'a%20%26%20b.html/',
      'Private/x.txt',
      '%2fetc%2fpasswd',
      '%zz',
      '2026/plan.txt/',
    ]
    for (const end of [...wrong, ...more]) {
      const { status, text } = await ask(link.path + end)
      expect([end, status, text.includes('There is nothing here')]).toEqual([end, 404, true])
    }
    expect((await ask(`${link.path}${'x/'.repeat(101)}`)).status).toBe(404)
    expect((await ask(`/public/${'A'.repeat(43)}/`)).status).toBe(404)
    await alice.delete(`${alice.files}Offers/`)
    expect((await ask(link.path)).status).toBe(404)
    expect((await ask(`${link.path}2026/plan.txt`)).status).toBe(404)
  })

  it('is told in the language of whoever comes, with its end, and is over then', async () => {
    const expiresAt = new Date(server.clock.now + 3_600_000).toISOString()
    const { alice, id, link } = await linked({ expiresAt })
    expect(link.expiresAt).toBe(expiresAt)
    const german = await ask(link.path, { headers: { 'Accept-Language': 'xx, de-AT;q=0.8, fr;q=0.5' } })
    expect(german.text).toMatch(/<html lang="de">.*Erreichbar bis /s)
    expect(german.headers.vary).toContain('Accept-Language')
    server.clock.now += 3_600_000
    const over = await ask(link.path, { headers: { 'Accept-Language': 'el' } })
    expect([over.status, over.text.includes('Εδώ δεν υπάρχει τίποτα')]).toEqual([404, true])
    const past = await call(alice, 'POST', `/files/${id}/links`, { expiresAt: '2020-01-01T00:00:00Z' })
    expect(past.status).toBe(422)
  })

  it('is withdrawn at once, made and seen by those only who may share the folder, and not without end', async () => {
    const { alice, id, link } = await linked()
    const bob = await server.account()
    await call(alice, 'POST', `/files/${id}/shares`, { with: bob.name, access: 'read-write' })
    for (const [method, path] of [
      ['GET', `/files/${id}/links`],
      ['POST', `/files/${id}/links`],
      ['DELETE', `/files/${id}/links/${link.id}`],
    ] as const)
      expect((await call(bob, method, path, method === 'POST' ? {} : undefined)).status).toBe(403)
    expect((await call(bob, 'GET', '/folder-links')).json.items).toEqual([])
    for (const status of [200, 200, 403])
      expect((await call(alice, 'POST', `/files/${id}/links`, {})).status).toBe(status)
    const ended = await call(alice, 'DELETE', `/files/${id}/links/${link.id}`)
    expect([ended.status, ended.json.items.length]).toEqual([200, 2])
    expect((await ask(link.path)).status).toBe(404)
    expect((await call(alice, 'DELETE', `/files/${id}/links/${link.id}`)).status).toBe(404)
  })
  it('comes back under its address, by whoever may withdraw it and nobody else', async () => {
    const { alice, id, link } = await linked({ expiresAt: new Date(server.clock.now + 60_000).toISOString() })
    const bob = await server.account()
    await call(alice, 'POST', `/files/${id}/shares`, { with: bob.name, access: 'read-write' })
    const back = `/files/${id}/links/${link.id}/restore`
    const end = () => call(alice, 'DELETE', `/files/${id}/links/${link.id}`)
    expect((await call(alice, 'POST', back)).status).toBe(404)
    await end()
    expect((await call(bob, 'POST', back)).status).toBe(403)
    expect((await ask(link.path)).status).toBe(404)
    expect((await call(alice, 'POST', back)).json.items).toEqual([link])
    expect((await ask(link.path)).status).toBe(200)
    await end()
    const [entry] = (await call(alice, 'GET', '/trash?kind=link')).json.items
    expect(entry).toMatchObject({ title: 'Offers', place: 'Offers' })
    const more = []
    for (let made = 0; made < 3; made += 1)
      more.push((await call(alice, 'POST', `/files/${id}/links`, {})).json.items.at(-1))
    const full = await call(alice, 'POST', `/trash/${entry.id}/restore`)
    expect([full.status, full.json.detail]).toEqual([
      409,
      'An account has 3 public links to folders at most.',
    ])
    expect((await call(alice, 'POST', back)).status).toBe(403)
    server.clock.now += 60_000
    expect((await call(alice, 'POST', back)).status).toBe(422)
    for (const one of more) await call(alice, 'DELETE', `/files/${id}/links/${one.id}`)
    const kept = (await call(alice, 'GET', '/trash?kind=link')).json.items
    expect([kept.length, kept.some((one: { id: string }) => one.id === entry.id)]).toEqual([3, false])
  })

  it('to a folder of a group is withdrawn and brought back by its members', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const team = await group(server, `team${Math.random()}`)
    await join(server, team.name, alice.name)
    await alice.request('MKCOL', `/dav/files/${team.name}/Open/`)
    const folder = (await call(alice, 'GET', `/files?path=/${team.name}/Open`)).json
    const [link] = (await call(alice, 'POST', `/files/${folder.id}/links`, {})).json.items
    const path = `/files/${folder.id}/links/${link.id}`
    await call(alice, 'DELETE', path)
    expect((await ask(link.path)).status).toBe(404)
    expect((await call(bob, 'POST', `${path}/restore`)).status).toBe(404)
    expect((await call(alice, 'POST', `${path}/restore`)).json.items).toEqual([link])
    expect((await ask(link.path)).status).toBe(200)
  })
})
