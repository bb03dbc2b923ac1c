import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must } from './programs.ts'
import { type Account, type ClientServer, startServer } from './server.ts'

/** The README's nginx block in front of Farley, spoken to by curl over TLS with HTTP/2 and HTTP/1.1. */
describe('behind a TLS proxy as the README says (MIN-01, MIN-06)', () => {
  let server: ClientServer
  let account: Account
  let proxy: { readonly url: string; readonly folder: string; readonly process: ChildProcess }

  beforeAll(async () => {
    server = await startServer({ FARLEY_PROXY_TRUSTED: '127.0.0.1' })
    account = await server.account()
    proxy = await startProxy(server.url)
  })
  afterAll(async () => {
    proxy?.process.kill('SIGTERM')
    await server?.stop()
    if (proxy) await rm(proxy.folder, { recursive: true, force: true })
  })

  const curl = async (args: readonly string[]): Promise<string> =>
    (await must('curl', ['-sk', '-u', `${account.user}:${account.password}`, ...args])).stdout

  it('redirects well-known addresses to the address clients see', async () => {
    const answer = await curl(['-i', '-X', 'PROPFIND', `${proxy.url}/.well-known/carddav`])
    expect(answer).toMatch(/^HTTP\/2 301/)
    expect(answer).toContain(`location: ${proxy.url}/dav/`)
  })

  it('keeps ETags and octets through HTTP/2, compression offered', async () => {
    const card =
      'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:proxied\r\nFN:Proxied Person\r\nN:Person;Proxied;;;\r\nEND:VCARD\r\n'
    const file = join(proxy.folder, 'card.vcf')
    await writeFile(file, card)
    const url = `${proxy.url}/dav/addressbooks/${account.user}/contacts/proxied.vcf`
    const stored = await curl([
      '-i',
      '-X',
      'PUT',
      '-H',
      'Content-Type: text/vcard',
      '--data-binary',
      `@${file}`,
      url,
    ])
    expect(stored).toMatch(/^HTTP\/2 201/)
    const etag = /^etag: (".+")\r?$/m.exec(stored)?.[1]
    expect(etag).toBeDefined()
    const got = await curl(['-i', '--compressed', url])
    expect(got).toContain(`etag: ${etag}`)
    expect(got.endsWith(card)).toBe(true)
    const updated = await curl([
      '-i',
      '-X',
      'PUT',
      '-H',
      `If-Match: ${etag}`,
      '--data-binary',
      `@${file}`,
      url,
    ])
    expect(updated).toMatch(/^HTTP\/2 204/)
  })

  it('says HTTP/1.1 inside the multistatus whatever the version outside', async () => {
    const url = `${proxy.url}/dav/`
    for (const version of ['--http2', '--http1.1']) {
      const answer = await curl(['-i', version, '-X', 'PROPFIND', '-H', 'Depth: 0', url])
      expect(answer).toMatch(/^HTTP\/(2|1\.1) 207/)
      expect(answer).toContain('<d:status>HTTP/1.1 200 OK</d:status>')
    }
  })

  it('refuses passwords that reached the proxy in the clear', async () => {
    const headers = ['-H', 'X-Forwarded-For: 192.0.2.7', '-H', 'X-Forwarded-Proto: http']
    expect(await curl(['-i', ...headers, `${server.url}/dav/`])).toMatch(/^HTTP\/1\.1 403/)
  })
})

async function startProxy(upstream: string) {
  const folder = await mkdtemp(join(tmpdir(), 'farley-nginx-'))
  const port = await freePort()
  const subject = ['-subj', '/CN=localhost', '-days', '2', '-nodes', '-x509', '-newkey', 'rsa:2048']
  await must('openssl', [
    'req',
    ...subject,
    '-keyout',
    join(folder, 'key.pem'),
    '-out',
    join(folder, 'cert.pem'),
  ])
  const block = await readmeServerBlock()
  const server = block
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl http2;`)
    .replace('http2 on;', '')
    .replace('X-Forwarded-Host $host', 'X-Forwarded-Host $http_host')
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${folder}/key.pem;`)
    .replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/cert.pem;`)
    .replace('http://127.0.0.1:8080', upstream)
    .replace('server_name dav.example.org;', 'server_name localhost;')
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  )
  const config = join(folder, 'nginx.conf')
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  await writeFile(
    config,
    `${user} daemon off; pid ${folder}/pid; error_log ${folder}/error.log;\nevents {}\nhttp { access_log off; ${temp.join(' ')}\n${server}\n}\n`,
  )
  const child = spawn('nginx', ['-c', config, '-e', join(folder, 'error.log')], { stdio: 'inherit' })
  const url = `https://localhost:${port}`
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (child.exitCode !== null) throw new Error(await readFile(join(folder, 'error.log'), 'utf8'))
    const answers = await must('curl', ['-sk', '-o', '/dev/null', `${url}/healthz`]).then(
      () => true,
      () => false,
    )
    if (answers) return { url, folder, process: child }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('nginx did not start')
}

/** What the README tells people to write is what is tested. */
async function readmeServerBlock(): Promise<string> {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const block = /```nginx\n([\s\S]*?)```/.exec(readme)?.[1]
  if (block === undefined) throw new Error('the README has no nginx block')
  return block
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
