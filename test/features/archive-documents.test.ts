import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { filesOf } from '../dav/files/files.ts'
import { type Account, startServer, useServer } from '../dav/server.ts'
import { exportTo, restoreFrom, signIn } from './archive-world.ts'
import { useFolder } from './folder.ts'

const server = useServer()
const folder = useFolder()
let alice: Account
beforeEach(async () => {
  alice = await server.account()
})

const exportFiles = async () =>
  (await exportTo(server, join(folder.path, 'out'), alice)).filter(({ path }) => path.includes('/files'))

/** What was said of files, by path. */
function described(): Map<string, object> {
  const lines =
    folder.files(`out/${alice.segment}`).get('files.jsonl')?.toString().trimEnd().split('\n') ?? []
  return new Map(
    lines.filter(Boolean).map((line) => {
      const { path, ...rest }: { path: string } = JSON.parse(line)
      return [path, rest]
    }),
  )
}

const proppatch = `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x:note xmlns:x="urn:x">kept</x:note></d:prop></d:set></d:propertyupdate>`

describe('documents in an archive', () => {
  it('lie as they are, octet for octet, with their times', async () => {
    const octets = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 251))
    await filesOf(alice).make('a/', 'a/b/', 'a/b/c.txt', 'a/empty/')
    await filesOf(alice).put('a/big.bin', octets, { 'Content-Type': 'image/x-odd' })
    await filesOf(alice).put('none', '')
    await filesOf(alice).put('gone', 'x')
    await filesOf(alice).delete('gone')
    expect(await exportFiles()).toEqual([{ kind: 'exported', path: `${alice.segment}/files`, count: 6 }])
    const place = `out/${alice.segment}/files`
    const files = folder.files(place)
    expect([...files.keys()]).toEqual(['a/b/c.txt', 'a/big.bin', 'none'])
    expect(files.get('a/big.bin')).toEqual(octets)
    expect(files.get('none')).toEqual(Buffer.alloc(0))
    expect(readdirSync(join(folder.path, place, 'a/empty'))).toEqual([])
    const modified = (await filesOf(alice).get('a/big.bin')).headers['last-modified']
    const { mtimeMs, mode } = statSync(join(folder.path, place, 'a/big.bin'))
    expect(Math.floor(mtimeMs / 1_000) * 1_000).toBe(Date.parse(String(modified)))
    expect(mode & 0o777).toBe(0o600)
    expect(described().get('a/big.bin')).toMatchObject({ kind: 'file', mediaType: 'image/x-odd' })
  })

  it('have properties, types and odd names beside them', async () => {
    const names = [
      'a:b.txt',
      'CASE.txt',
      'd/case.tar.gz',
      'd/Case.tar.gz',
      'कि.txt',
      '.hidden',
      'ends.',
      '100%',
    ]
    await filesOf(alice).make('d/')
    for (const name of names) {
      const path = name.split('/').map(encodeURIComponent).join('/')
      expect((await alice.put(alice.files + path, name)).status, name).toBe(201)
    }
    await alice.request('PROPPATCH', `${alice.files}d/`, { body: proppatch })
    await exportFiles()
    const written = [
      '.hidden',
      '100%',
      'CASE.txt',
      'a%3Ab.txt',
      'd/Case.tar.gz',
      'd/case-2.tar.gz',
      'ends%2E',
      'कि.txt',
    ]
    expect([...folder.files(`out/${alice.segment}/files`).keys()].toSorted()).toEqual(written.toSorted())
    const said = described()
    expect(said.get('d')).toMatchObject({
      kind: 'folder',
      properties: [{ name: '{urn:x}note', xml: expect.stringContaining('kept') }],
    })
    expect(said.get('a%3Ab.txt')).toMatchObject({ name: 'a:b.txt' })
    expect(said.get('d/case-2.tar.gz')).toMatchObject({ name: 'case.tar.gz' })
    expect(said.get('ends%2E')).toMatchObject({ name: 'ends.' })
    expect(said.get('CASE.txt')).not.toHaveProperty('name')
    await using other = await startServer()
    await restoreFrom(other, join(folder.path, 'out'))
    const restored = filesOf(await signIn(other, alice))
    expect(await restored.list()).toEqual(await filesOf(alice).list())
    expect(await restored.list('d/')).toEqual(await filesOf(alice).list('d/'))
  })

  it('are left out when octets are missing, or a path is longer than any; the rest is restored', async () => {
    const files = filesOf(alice)
    await files.make('a', 'b')
    let deep = ''
    for (let level = 0; level < 40; level += 1) {
      deep += `${'d'.repeat(140)}/`
      await files.mkcol(deep)
    }
    await files.make('z')
    await server.services.blobs.remove(createHash('sha256').update('a').digest('hex'))
    const [missing, long, exported] = await exportFiles()
    const place = `${alice.segment}/files`
    expect(missing).toMatchObject({ path: `${place}/a`, reason: expect.stringContaining('missing') })
    expect(long).toMatchObject({ reason: 'Its path is too long for this file system.' })
    expect(exported).toMatchObject({ kind: 'exported' })
    expect([...folder.files(`out/${place}`).keys()]).toEqual(['b', 'z'])
    await using other = await startServer()
    await restoreFrom(other, join(folder.path, 'out'))
    const { files: home } = await signIn(other, alice)
    expect((await filesOf(await signIn(other, alice)).list()).map((href) => href.slice(0, 3))).toEqual([
      'b',
      'ddd',
      'z',
    ])
    expect(home).toBe(alice.files)
  })
})
