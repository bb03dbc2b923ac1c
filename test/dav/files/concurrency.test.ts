import { describe, expect, it } from 'vitest'
import { mustSetAcl } from '../acls.ts'
import { useServer } from '../server.ts'
import { filesOf } from './files.ts'

const server = useServer()

async function files() {
  return filesOf(await server.account())
}

const statuses = async (answers: readonly Promise<{ readonly status: number }>[]): Promise<number[]> =>
  (await Promise.all(answers)).map(({ status }) => status).toSorted()

describe('several clients at once', () => {
  it('put the same new name: one makes the file, the others change it', async () => {
    const mine = await files()
    const puts = Array.from({ length: 8 }, (_, n) => mine.put('a', `content ${n}`))
    expect(await statuses(puts)).toEqual([201, ...Array(7).fill(204)])
    expect(await mine.tree()).toEqual(['a'])
  })

  it('make the same folder: one does, the others are told that it is there', async () => {
    const mine = await files()
    expect(await statuses(Array.from({ length: 6 }, () => mine.mkcol('a/')))).toEqual([
      201,
      ...Array(5).fill(405),
    ])
  })

  it('put with If-None-Match, or the same If-Match: one wins', async () => {
    const mine = await files()
    const only = { 'If-None-Match': '*' }
    const made = Array.from({ length: 6 }, (_, n) => mine.put('a', `content ${n}`, only))
    expect(await statuses(made)).toEqual([201, ...Array(5).fill(412)])
    const { headers } = await mine.get('a')
    const same = { 'If-Match': String(headers.etag) }
    const changed = Array.from({ length: 6 }, (_, n) => mine.put('a', `other ${n}`, same))
    expect(await statuses(changed)).toEqual([204, ...Array(5).fill(412)])
  })

  it('move one folder into the other, both ways: never both', async () => {
    const mine = await files()
    for (let round = 0; round < 6; round += 1) {
      await mine.make('a/', 'a/1', 'b/', 'b/2')
      const outcome = await statuses([mine.move('a/', 'b/a/'), mine.move('b/', 'a/b/')])
      expect([201, 403, 404, 409]).toEqual(expect.arrayContaining(outcome))
      expect(outcome.filter((status) => status === 201)).toHaveLength(1)
      const tree = await mine.tree()
      expect([['a/', 'a/1', 'a/b/', 'a/b/2'].join(), ['b/', 'b/2', 'b/a/', 'b/a/1'].join()]).toContain(
        tree.join(),
      )
      await mine.delete(tree[0] ?? '')
    }
  })

  it('move between two homes in opposite directions without waiting for each other', async () => {
    const alice = await server.account()
    const bob = await server.account()
    await mustSetAcl(alice, alice.files, [{ who: bob.principal, grant: ['read', 'write'] }])
    await mustSetAcl(bob, bob.files, [{ who: alice.principal, grant: ['read', 'write'] }])
    const [hers, his] = [filesOf(alice), filesOf(bob)]
    await hers.make('a/', 'a/1')
    await his.make('b/', 'b/2')
    for (let round = 0; round < 6; round += 1) {
      const there = [hers.move('a/', `${bob.files}a/`), his.move('b/', `${alice.files}b/`)]
      expect(await statuses(there)).toEqual([201, 201])
      const back = [filesOf(bob).move('a/', `${alice.files}a/`), filesOf(alice).move('b/', `${bob.files}b/`)]
      expect(await statuses(back)).toEqual([201, 201])
    }
    expect([await hers.tree(), await his.tree()]).toEqual([
      ['a/', 'a/1'],
      ['b/', 'b/2'],
    ])
  })

  it('copy, move, delete and fill the same folder: what is left is whole', async () => {
    const mine = await files()
    for (let round = 0; round < 5; round += 1) {
      await mine.make('a/', 'a/1', 'a/b/', 'a/b/2')
      await Promise.all([
        mine.copy('a/', 'c/'),
        mine.put('a/b/3', 'x'),
        mine.move('a/', 'd/'),
        mine.put('d/4', 'x'),
        mine.delete('a/'),
        mine.mkcol('a/b/e/'),
        mine.move('a/b/2', 'a/2'),
      ])
      for (const path of await mine.list()) expect((await mine.delete(path)).status).toBe(204)
    }
  })

  it('fill an account up to its number of octets, and not beyond', async () => {
    const account = await server.account()
    const mine = filesOf(account)
    const { setQuota } = await import('../../../storage/quotas.ts')
    await server.services.store.write(async (tx) => {
      const row = await tx.sql.first<{ id: number }>('SELECT id FROM principals WHERE segment = $1', [
        account.segment,
      ])
      await setQuota(tx, row?.id ?? 0, 1_000)
    })
    const puts = Array.from({ length: 10 }, (_, n) => mine.put(`${n}`, 'x'.repeat(300)))
    expect(await statuses(puts)).toEqual([201, 201, 201, ...Array(7).fill(507)])
  })
})
