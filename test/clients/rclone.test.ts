import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stages } from './world.ts'

const newStage = stages()

/** rclone with the files of an account as the remote `files:`. */
async function rcloneWorld() {
  const stage = await newStage()
  const { account, machine } = stage
  const obscured = (await machine.must('rclone', ['obscure', account.password])).stdout.trim()
  const config = join(machine.home, 'rclone.conf')
  const lines = [
    '[files]',
    'type = webdav',
    `url = ${account.url}/dav/files/${account.user}/`,
    'vendor = other',
    `user = ${account.user}`,
    `pass = ${obscured}`,
  ]
  await writeFile(config, `${lines.join('\n')}\n`)
  const rclone = async (...args: readonly string[]) =>
    (await machine.must('rclone', ['--config', config, '--retries', '1', ...args])).stdout
  return { ...stage, rclone }
}

/** A tree of files of all sorts, by path. */
async function makeTree(folder: string): Promise<Map<string, Buffer>> {
  const tree = new Map<string, Buffer>([
    ['empty', Buffer.alloc(0)],
    ['one', Buffer.from([0])],
    ['deep/er/and/deeper/still/file.bin', randomBytes(70_000)],
    ['large.bin', randomBytes(9_000_000)],
    ['sp ace/100% & more;=.txt', Buffer.from('percent')],
    ['ünïcödé/日本語 😀.txt', Buffer.from('unicode')],
    ["sp ace/#hash [x] {y} 'z'.txt", Buffer.from('signs')],
  ])
  for (let n = 0; n < 60; n += 1) tree.set(`many/file-${n}`, randomBytes(n * 40))
  for (const [path, content] of tree) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  await mkdir(join(folder, 'empty folder'))
  return tree
}

async function readTree(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      files.map(async (file) => [file.slice(folder.length + 1), await readFile(file)] as const),
    ),
  )
}

describe('rclone', () => {
  it('copies a tree up and down again, bit for bit', async () => {
    const { machine, rclone } = await rcloneWorld()
    const [up, down] = [join(machine.home, 'up'), join(machine.home, 'down')]
    const tree = await makeTree(up)
    await rclone('copy', up, 'files:tree', '--create-empty-src-dirs')
    await rclone('check', up, 'files:tree', '--download')
    await rclone('copy', 'files:tree', down, '--create-empty-src-dirs')
    const copied = await readTree(down)
    expect([...copied.keys()].toSorted()).toEqual([...tree.keys()].toSorted())
    for (const [path, content] of tree) expect(copied.get(path)?.equals(content), path).toBe(true)
    expect(await readdir(join(down, 'empty folder'))).toEqual([])
  })

  it('syncs what changed, moves, and deletes', async () => {
    const { machine, rclone } = await rcloneWorld()
    const up = join(machine.home, 'up')
    await mkdir(join(up, 'a'), { recursive: true })
    await writeFile(join(up, 'a/one'), 'one')
    await writeFile(join(up, 'a/two'), 'two')
    await rclone('sync', up, 'files:')
    await writeFile(join(up, 'a/one'), 'one, and more')
    await rclone('sync', up, 'files:')
    expect(await rclone('cat', 'files:a/one')).toBe('one, and more')
    expect(await rclone('cat', 'files:a/one', '--offset', '5', '--count', '3')).toBe('and')
    await rclone('moveto', 'files:a/two', 'files:b/three')
    await rclone('copyto', 'files:b/three', 'files:b/four')
    const listed = (await rclone('lsf', '-R', 'files:')).split('\n').filter(Boolean).toSorted()
    expect(listed).toEqual(['a/', 'a/one', 'b/', 'b/four', 'b/three'])
    expect(JSON.parse(await rclone('about', 'files:', '--json'))).toMatchObject({ used: 19 })
    await rclone('purge', 'files:b')
    expect((await rclone('lsf', 'files:')).trim()).toBe('a/')
  })
})
