import type { Answer } from '../client.ts'
import { card } from '../objects.ts'
import type { Account } from '../server.ts'

/** A calendar of birthdays as the API shows it. */
export interface Shown {
  readonly id: number
  readonly calendar: { readonly name: string; readonly displayName: string }
  readonly alarms: string
  readonly otherDates: boolean
}

export function callApi(account: Account, method: string, path: string, body?: unknown): Promise<Answer> {
  return account.request(method, `/api${path}`, {
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  })
}

/** Switches birthdays on. @returns the path of the calendar */
export async function switchedOn(account: Account, options: object = {}): Promise<string> {
  const made = await callApi(account, 'POST', '/birthdays', options)
  if (made.status !== 201) throw new Error(`${made.status} ${made.text}`)
  return `${account.calendars}${(JSON.parse(made.text) as Shown).calendar.name}/`
}

/** Stores a card with these lines. */
export async function putCard(
  account: Account,
  uid: string,
  extra: readonly string[],
  fn = 'Jane Doe',
  book = account.contacts,
): Promise<string> {
  const path = `${book}${uid}.vcf`
  const answer = await account.put(path, card(uid, fn, extra))
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`)
  return path
}

/** The texts of all events, by their hrefs. */
export async function eventsIn(account: Account, calendar: string): Promise<ReadonlyMap<string, string>> {
  const { changed } = await account.syncAll(calendar, '')
  const found = new Map<string, string>()
  for (const href of changed) found.set(href, (await account.get(href)).text.replace(/\r\n[ \t]/g, ''))
  return found
}

/** What the events are called, in alphabetical order. */
export async function titlesIn(account: Account, calendar: string): Promise<string[]> {
  const texts = [...(await eventsIn(account, calendar)).values()]
  return texts.map((text) => /^SUMMARY:(.*)$/m.exec(text)?.[1]?.trim() ?? '').sort()
}
