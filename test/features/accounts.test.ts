import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaults } from '../../config/defaults.ts'
import { createAccount, findAccount, removeAccount } from '../../src/features/accounts/accounts.ts'
import { openTestStore, type TestStore } from '../store.ts'

describe('the segment of an account in URLs (law 7)', () => {
  let world: TestStore
  beforeAll(async () => {
    world = await openTestStore()
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const add = (name: string) =>
    world.store.write(async (tx) => {
      await createAccount(tx, { name }, defaults, randomUUID)
      return (await findAccount(tx, name)).segment
    })
  const remove = (name: string, purge: boolean) =>
    world.store.write((tx) => removeAccount(tx, name, { purge }, { settings: defaults, newId: randomUUID }))

  it('stays reserved when an empty account is removed, since devices may still ask for it', async () => {
    expect(await add('jane')).toBe('jane')
    await remove('jane', false)
    expect(await add('Jane')).toBe('jane-2')
  })

  it('is free again once an account is purged', async () => {
    expect(await add('otto')).toBe('otto')
    await remove('otto', true)
    expect(await add('otto')).toBe('otto')
  })

  it('is of unreserved characters, and never that of another account', async () => {
    expect(await add('zoë@example.org')).toBe('zoe-example.org')
    expect(await add('zoe@example.org')).toBe('zoe-example.org-2')
    expect(await add('名前')).toBe('user')
  })
})
