import { hashPassword } from '../../../src/auth/password.ts'
import { createAccount } from '../../../src/features/accounts/accounts.ts'
import { prepareObject } from '../../../src/features/objects.ts'
import type { Services } from '../../../src/services.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { settleSearch } from '../../../storage/search/settle.ts'
import { putObject } from '../../../storage/write-path.ts'
import { generatePeople } from '../search/people.ts'

export const account = { name: 'bench', password: 'bench' }

const day = 86_400_000
const inOneWrite = 250

interface Wish {
  readonly contacts: number
  readonly events: number
}

/** Somebody with so many contacts, and so many events in this month; what an earlier run left stays. */
export async function fill(services: Services, { contacts, events }: Wish): Promise<void> {
  const { store, settings, newId } = services
  const known = await store.read(({ sql }) =>
    sql.first<{ count: number }>('SELECT count(*) AS count FROM objects'),
  )
  if ((known?.count ?? 0) >= contacts + events) return
  const passwordHash = await hashPassword(account.password, settings.auth.bcryptCost)
  await store.write((tx) => createAccount(tx, { name: account.name, passwordHash }, settings, newId))
  const people = generatePeople(contacts).map(({ name, body }) => ({ name, body }))
  await putAll(services, await collection(services, 'contacts'), people)
  await putAll(services, await collection(services, 'calendar'), eventsOf(events, services.now()))
  while ((await store.write(settleSearch)) > 0);
}

/** The first that was made of that name. */
export async function collection({ store }: Services, name: string): Promise<CollectionRow> {
  const find = 'SELECT id FROM collections WHERE name = $1 AND generated IS NULL ORDER BY id LIMIT 1'
  const found = await store.read(async (reader) => {
    const row = await reader.sql.first<{ id: number }>(find, [name])
    return row && findCollectionById(reader, row.id)
  })
  if (!found) throw new Error(`There is no collection ${name}.`)
  return found
}

export interface Item {
  readonly name: string
  readonly body: string
}

/** Puts them, many in a write. */
export async function putAll({ store, settings, now }: Services, row: CollectionRow, items: readonly Item[]) {
  const into = { ...row, listsSince: undefined }
  for (let at = 0; at < items.length; at += inOneWrite)
    await store.write(async (tx) => {
      for (const { name, body } of items.slice(at, at + inOneWrite)) {
        const object = prepareObject(row.kind, Buffer.from(body), settings, now())
        const size = object.body.byteLength
        const origin = { kind: 'import' } as const
        await putObject(tx, { ...object, collection: into, name, size, origin, existing: undefined })
      }
    })
}

/** Spread over all days of the month and all hours of a day; one in twenty lasts several days. */
export function eventsOf(count: number, now: number): Item[] {
  const today = new Date(now)
  const first = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1)
  const days = (Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1) - first) / day
  const stamp = (at: number): string => new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  return Array.from({ length: count }, (_, n) => {
    const start = first + (n % days) * day + ((n * 37) % 1_440) * 60_000
    const end = start + (n % 20 === 0 ? 2 * day : 1_800_000 + (n % 4) * 1_800_000)
    const lines = [
      ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//bench//EN', 'BEGIN:VEVENT', `UID:event-${n}`],
      ...[`DTSTAMP:${stamp(first)}`, `DTSTART:${stamp(start)}`, `DTEND:${stamp(end)}`],
      ...[`SUMMARY:Meeting ${n}`, `LOCATION:Room ${n % 30}`, 'END:VEVENT', 'END:VCALENDAR', ''],
    ]
    return { name: `event-${n}.ics`, body: lines.join('\r\n') }
  })
}
