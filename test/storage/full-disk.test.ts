import { describe, expect, it } from 'vitest'
import { faultOf, translateError } from '../../storage/errors.ts'
import { countObjects } from '../../storage/objects.ts'
import { StorageBusyError, StorageFullError, type Store } from '../../storage/store.ts'
import { dialect, openTestStore } from '../store.ts'
import { expectWhole, makeAccount, putText } from './world.ts'

const sqlite = describe.runIf(dialect === 'sqlite')

/** Lets the database grow by so many pages, or as it likes. */
async function leaveRoom(store: Store, pages: number | undefined): Promise<void> {
  await store.write(async (tx) => {
    const row = await tx.sql.first<{ page_count: number }>('PRAGMA page_count')
    const most = pages === undefined ? 1_000_000_000 : (row?.page_count ?? 0) + pages
    await tx.sql.first(`PRAGMA max_page_count = ${most}`)
  })
}

sqlite('a full disk', () => {
  it('fails the write that meets it, leaves nothing of it, and ends when there is room', async () => {
    await using world = await openTestStore()
    const { store } = world
    const { book } = await makeAccount(store)
    await leaveRoom(store, 20)
    let stored = 0
    const fill = async () => {
      for (; stored < 1_000; stored++) {
        await store.write((tx) => putText(tx, book, `${stored}.vcf`, `card ${stored} `.repeat(500)))
      }
    }
    await expect(fill()).rejects.toThrow(StorageFullError)
    expect(stored).toBeGreaterThan(0)
    expect(await store.read((reader) => countObjects(reader, book.id))).toBe(stored)
    await expectWhole(store)
    await leaveRoom(store, undefined)
    await store.write((tx) => putText(tx, book, 'more.vcf', 'more'))
    await expectWhole(store)
  })

  it('does no harm to the writes that share the commit', async () => {
    await using world = await openTestStore()
    const { store } = world
    const { book } = await makeAccount(store)
    await leaveRoom(store, 20)
    const outcomes = await Promise.allSettled(
      [10, 10, 1_000_000, 10, 10].map((size, n) =>
        store.write((tx) => putText(tx, book, `${n}.vcf`, `card ${n} `.repeat(size))),
      ),
    )
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    expect(outcomes[2]).toMatchObject({ reason: expect.any(StorageFullError) })
    expect(await store.read((reader) => countObjects(reader, book.id))).toBe(4)
    await expectWhole(store)
  })
})

describe('what drivers report', () => {
  it.each([
    ['SQLITE_FULL', StorageFullError],
    ['53100', StorageFullError],
    ['ENOSPC', StorageFullError],
    ['SQLITE_BUSY', StorageBusyError],
    ['SQLITE_BUSY_SNAPSHOT', StorageBusyError],
    ['40001', StorageBusyError],
    ['40P01', StorageBusyError],
  ])('as %s has a name of ours', (code, expected) => {
    const driverError = Object.assign(new Error('driver'), { code })
    expect(translateError(driverError)).toBeInstanceOf(expected)
    expect(translateError(Object.assign(new Error('wrapped'), { driverError }))).toBeInstanceOf(expected)
  })

  it('in any other case stays as it is', () => {
    const error = Object.assign(new Error('driver'), { code: '42601' })
    expect(translateError(error)).toBe(error)
    expect(translateError('thrown text')).toBe('thrown text')
    expect(faultOf(Object.assign(new Error('x'), { code: '23505' }))).toBe('unique')
  })
})
