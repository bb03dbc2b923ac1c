import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { exportAccount } from '../../src/features/transfer/export-folder.ts'
import { filesOf } from '../dav/files/files.ts'
import { event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { useFolder } from './folder.ts'
import { collect, importAll, rowOf } from './world.ts'

const server = useServer()
const folder = useFolder()
let alice: Account
beforeEach(async () => {
  alice = await server.account()
})

async function exportFiles() {
  const outcomes = await collect(
    exportAccount(server.services, await rowOf(server, alice), join(folder.path, 'out')),
  )
  return outcomes.filter((outcome) => outcome.kind === 'refused' || /files[^/]*$/.test(outcome.folder))
}

/** What was said of files, by path. */
function described(): Map<string, object> {
  const lines = folder.files('out').get('files.jsonl')?.toString().trimEnd().split('\n') ?? []
  return new Map(
    lines.filter(Boolean).map((line) => {
      const { path, ...rest }: { path: string } = JSON.parse(line)
      return [path, rest]
    }),
  )
}

const proppatch = `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x:note xmlns:x="urn:x">kept</x:note></d:prop></d:set></d:propertyupdate>`

describe('exporting documents', () => {
  it('writes folders and files as they lie, octet for octet, with their times', async () => {
    const octets = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7) % 251))
    await filesOf(alice).make('a/', 'a/b/', 'a/b/c.txt', 'a/empty/')
    await filesOf(alice).put('a/big.bin', octets, { 'Content-Type': 'image/x-odd' })
    await filesOf(alice).put('none', '')
    await filesOf(alice).put('gone', 'x')
    await filesOf(alice).delete('gone')
    expect(await exportFiles()).toEqual([
      { kind: 'exported', folder: join(folder.path, 'out/files'), count: 6 },
    ])
    const files = folder.files('out/files')
    expect([...files.keys()]).toEqual(['a/b/c.txt', 'a/big.bin', 'none'])
    expect(files.get('a/big.bin')).toEqual(octets)
    expect(files.get('none')).toEqual(Buffer.alloc(0))
    expect(readdirSync(join(folder.path, 'out/files/a/empty'))).toEqual([])
    const modified = (await filesOf(alice).get('a/big.bin')).headers['last-modified']
    const { mtimeMs, mode } = statSync(join(folder.path, 'out/files/a/big.bin'))
    expect(Math.floor(mtimeMs / 1_000) * 1_000).toBe(Date.parse(String(modified)))
    expect(mode & 0o777).toBe(0o600)
    expect(described().get('a/big.bin')).toEqual({ mediaType: 'image/x-odd' })
  })

  it('writes properties, types and odd names beside them', async () => {
    const names = [
      'a%3Ab.txt',
      'CASE.txt',
      'd/case.tar.gz',
      'd/Case.tar.gz',
      'कि.txt',
      '.hidden',
      'ends.',
      '100%25',
    ]
    await filesOf(alice).make('d/')
    for (const name of names) {
      const { status } = await alice.request('PUT', encodeURI(alice.files + name).replace(/%25/g, '%'), {
        body: name,
      })
      expect(status, name).toBe(201)
    }
    await alice.request('PROPPATCH', `${alice.files}d/`, { body: proppatch })
    await exportFiles()
    expect([...folder.files('out/files').keys()].toSorted()).toEqual(
      [
        '.hidden',
        '100%',
        'CASE.txt',
        'a%3Ab.txt',
        'd/Case.tar.gz',
        'd/case-2.tar.gz',
        'ends%2E',
        'कि.txt',
      ].toSorted(),
    )
    const said = described()
    expect(said.get('d')).toEqual({
      properties: [{ name: '{urn:x}note', xml: expect.stringContaining('kept') }],
    })
    expect(said.get('a%3Ab.txt')).toMatchObject({ name: 'a:b.txt' })
    expect(said.get('d/case-2.tar.gz')).toMatchObject({ name: 'case.tar.gz' })
    expect(said.get('ends%2E')).toMatchObject({ name: 'ends.' })
  })

  it('goes on when octets are missing, or a path is longer than any', async () => {
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
    expect(missing).toMatchObject({
      path: join(folder.path, 'out/files/a'),
      reason: expect.stringContaining('missing'),
    })
    expect(long).toMatchObject({ reason: 'Its path is too long for this file system.' })
    expect(exported).toMatchObject({ kind: 'exported' })
    expect([...folder.files('out/files').keys()]).toEqual(['b', 'z'])
  })

  it('is not taken for calendars and cards when it is imported', async () => {
    await filesOf(alice).put('e.ics', event('doc'))
    await alice.put(`${alice.calendar}real.ics`, event('real'))
    await exportFiles()
    const outcomes = await importAll(server, alice, [join(folder.path, 'out')])
    expect(outcomes.map((one) => 'uid' in one && one.uid)).toEqual(['real'])
  })
})
