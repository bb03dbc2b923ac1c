import { expect } from 'vitest'
import { dav } from '../../../../protocol/dav/names.ts'
import type { Account } from '../../server.ts'

/** What a device has of one card. */
interface Kept {
  readonly etag: string
  readonly text: string
}

interface KeptBook {
  token: string
  readonly cards: Map<string, Kept>
}

/** A device that has nothing but what it was told since it last asked. */
export interface Phone {
  readonly account: Account
  readonly books: Map<string, KeptBook>
  readonly home: { token: string; readonly paths: Set<string> }
}

export function newPhone(account: Account): Phone {
  return { account, books: new Map(), home: { token: '', paths: new Set() } }
}

/**
 * Syncs the home and some books of it, and has exactly what one has who asks for the first time; of books that are not there
 * any more nothing is left to be had.
 * @returns the cards of each book
 */
export async function converge(phone: Phone, paths: readonly string[]): Promise<string[][]> {
  await convergeHome(phone, paths)
  for (const [path, book] of phone.books)
    if (!paths.includes(path)) {
      expect((await phone.account.get(path)).status, path).toBe(404)
      for (const href of book.cards.keys()) expect((await phone.account.get(href)).status, href).toBe(404)
      phone.books.delete(path)
    }
  const all: string[][] = []
  for (const path of paths) all.push(await convergeBook(phone, path))
  return all
}

async function convergeHome({ account, home }: Phone, paths: readonly string[]): Promise<void> {
  const { changed, removed, token } = await account.syncAll(account.books, home.token)
  home.token = token
  for (const href of removed) home.paths.delete(href)
  for (const href of changed) home.paths.add(href)
  const listed = (await account.propfind(account.books, 1, [dav('getetag')])).hrefs
  expect([...home.paths].sort()).toEqual(listed.filter((href) => href !== account.books).sort())
  expect(listed).toEqual(expect.arrayContaining([...paths]))
}

async function convergeBook({ account, books }: Phone, path: string): Promise<string[]> {
  const book = books.get(path) ?? { token: '', cards: new Map<string, Kept>() }
  books.set(path, book)
  const { changed, removed, token } = await synced(account, path, book)
  book.token = token
  for (const href of removed) {
    expect((await account.get(href)).status, href).toBe(404)
    book.cards.delete(href)
  }
  for (const href of changed) book.cards.set(href, await read(account, href))
  const listed = await account.propfind(path, 1, [dav('getetag')])
  const fresh = new Map<string, Kept>()
  for (const href of listed.hrefs.filter((one) => one !== path)) {
    const there = await read(account, href)
    expect(listed.of(href).text(dav('getetag'))).toBe(there.etag)
    fresh.set(href, there)
  }
  expect(new Map([...book.cards].sort())).toEqual(new Map([...fresh].sort()))
  return [...fresh.values()].map(({ text }) => text)
}

/** Where its token is no good any more it starts afresh, and forgets what it had. */
function synced(account: Account, path: string, book: KeptBook) {
  return account.syncAll(path, book.token).catch((error: unknown) => {
    if (!String(error).includes('valid-sync-token')) throw error
    book.cards.clear()
    return account.syncAll(path, '')
  })
}

async function read(account: Account, href: string): Promise<Kept> {
  const { status, headers, text } = await account.get(href)
  expect(status, href).toBe(200)
  return { etag: headers.etag ?? '', text }
}
