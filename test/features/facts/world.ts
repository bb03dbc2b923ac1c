import { expect } from 'vitest'
import { call } from '../../api/json.ts'
import { card } from '../../dav/objects.ts'
import type { Account } from '../../dav/server.ts'

/** Puts a card into the first book of an account. @returns whom it is of */
export async function person(account: Account, fn: string, extra: readonly string[] = []): Promise<number> {
  const uid = `${fn}-${Math.random().toString(36).slice(2)}`
  const put = await account.put(`${account.contacts}${encodeURIComponent(uid)}.vcf`, card(uid, fn, extra))
  expect(put.status).toBe(201)
  return idOf(account, fn)
}

export function company(account: Account, fn: string, extra: readonly string[] = []): Promise<number> {
  return person(account, fn, ['KIND:org', ...extra])
}

/** The id of the one who is called so. */
export async function idOf(account: Account, fn: string): Promise<number> {
  const { json } = await call(account, 'GET', '/parties?limit=500')
  const found = json.items.filter(({ name }: { name: string }) => name === fn)
  expect(found).toHaveLength(1)
  return found[0].id
}

/** Somebody with all that is known of him. */
export async function party(account: Account, id: number) {
  const { status, json } = await call(account, 'GET', `/parties/${id}`)
  expect(status).toBe(200)
  return json
}
