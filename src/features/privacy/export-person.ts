import { Readable } from 'node:stream'
import type { z } from 'zod'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import type { FindRoute } from '../../api/find.ts'
import type { RawCall } from '../../api/route.ts'
import { sessionFor } from '../../api/scopes.ts'
import { type ArchiveFile, type Entries, jsonFile } from '../archive/entries.ts'
import type { party as partyShape } from '../facts/schema.ts'

/** What is one answer of the API, by its file. */
const single = {
  'fields.json': '/fields',
  'consents.json': '/consents',
  'cadence.json': '/cadence',
  'pinned.json': '/pinned',
  'upcoming.json': '/upcoming',
} as const
/** What is as many pages as there are. */
const paged = { 'timeline.json': '/timeline', 'history.json': '/history', 'people.json': '/people' } as const
/** Pages of one list at most: nobody has as many. */
const mostPages = 2_000

const readme = `All that is known of one person or company here, as far as whoever exported it may see it.

person.json    who it is: names, roles, memberships, relations, organisations, and the list of cards
cards/         each card: as a vCard, and read as details
fields.json    fields of one's own
consents.json  what was agreed to, refused and taken back
timeline.json  notes, calls, visits, meetings, tasks, documents, changes, imports, merges
upcoming.json  meetings that are to come
pinned.json    what stands above the rest
cadence.json   how often whoever exported it wants to be in touch
people.json    who works there, of a company
history.json   what was changed, with the states before and after

What is not known has no file. Times are UTC.
`

/**
 * All that somebody may see of a person, as the API shows it: so whatever is hidden from him there is not in it.
 * @returns undefined where he sees nobody of that id
 */
export async function exportPerson(
  find: FindRoute,
  call: RawCall,
  id: number,
): Promise<{ readonly id: number; readonly entries: Entries } | undefined> {
  const person = (await shownAt(find, call, `/parties/${id}`)) as Person | undefined
  return person && { id: person.id, entries: personEntries(find, call, person) }
}

type Person = z.output<typeof partyShape>

async function* personEntries(find: FindRoute, call: RawCall, person: Person): Entries {
  const at = call.now()
  const path = `/parties/${person.id}`
  yield file('README.txt', Buffer.from(readme), at)
  yield jsonFile('person.json', person, at)
  yield { kind: 'folder', path: 'cards' }
  for (const { id } of person.cards) {
    const details = await shownAt(find, call, `/cards/${id}`)
    if (details !== undefined) yield jsonFile(`cards/${id}.json`, details, at)
    const text = await shownAt(find, call, `/cards/${id}/vcard`)
    if (text instanceof Readable) yield file(`cards/${id}.vcf`, Buffer.concat(await octetsOf(text)), at)
  }
  for (const [name, end] of Object.entries(single)) {
    const shown = await shownAt(find, call, path + end)
    if (shown !== undefined) yield jsonFile(name, shown, at)
  }
  for (const [name, end] of Object.entries(paged)) {
    const items = await itemsAt(find, call, path + end)
    if (items.length > 0) yield jsonFile(name, items, at)
  }
}

/** What the API answers to GET of an address; undefined where that is nothing. */
async function shownAt(
  find: FindRoute,
  call: RawCall,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const { route, params } = find('GET', `/api${path}`)
  if (route.kind !== 'look') throw new Error(`${path} shows nothing.`)
  const asked = { query, params, body: undefined, ifMatch: undefined, ifNoneMatch: undefined }
  try {
    return (await route.prepare({ ...call, ...asked, session: sessionFor(route, call.session) })()).body
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return undefined
    throw error
  }
}

async function itemsAt(find: FindRoute, call: RawCall, path: string): Promise<unknown[]> {
  const items: unknown[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < mostPages; pages += 1) {
    const query = { limit: '200', ...(cursor !== undefined && { cursor }) }
    const page = (await shownAt(find, call, path, query)) as Page | undefined
    items.push(...(page?.items ?? []))
    if (page?.next == null) return items
    cursor = page.next
  }
  return items
}

interface Page {
  readonly items: readonly unknown[]
  readonly next: string | null
}

async function octetsOf(stream: Readable): Promise<Buffer[]> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(Buffer.from(piece as Uint8Array))
  return pieces
}

function file(path: string, octets: Buffer, modifiedAt: number): ArchiveFile {
  return { kind: 'file', path, octets, size: octets.length, modifiedAt }
}
