import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { createCollection } from '../../storage/collection-writes.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import type { HomeId, PrincipalId } from '../../storage/ids.ts'
import { checkInvariants } from '../../storage/invariants.ts'
import { type InlineRange, partBody } from '../../storage/media/parts.ts'
import type { MemberIndex } from '../../storage/member-index.ts'
import { findObject } from '../../storage/objects.ts'
import type { Origin } from '../../storage/origin.ts'
import { createPrincipal } from '../../storage/principals.ts'
import type { Store, Writer } from '../../storage/store.ts'
import { type PutResult, putObject } from '../../storage/write-path.ts'

export const origin: Origin = { kind: 'client', requestId: 'test' }

/** An account with a calendar and an address book. */
export interface Account {
  readonly id: PrincipalId
  readonly calendarHomeId: HomeId
  readonly addressbookHomeId: HomeId
  readonly calendar: CollectionRow
  readonly book: CollectionRow
}

let accounts = 0

export function makeAccount(store: Store, name = `user${++accounts}`): Promise<Account> {
  return store.write(async (tx) => {
    const made = await createPrincipal(tx, { name, segment: name, displayName: name })
    const calendar = {
      kind: 'calendar',
      name: 'calendar',
      resourceId: `urn:uuid:${name}-1`,
      isDefault: true,
    } as const
    const book = {
      kind: 'addressbook',
      name: 'contacts',
      resourceId: `urn:uuid:${name}-2`,
      isDefault: true,
    } as const
    return {
      ...made,
      calendar: await createCollection(tx, made.calendarHomeId, calendar, origin),
      book: await createCollection(tx, made.addressbookHomeId, book, origin),
    }
  })
}

export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`
}

/** Puts text as a card of this name; its UID is the name, unless one is given. */
export async function putText(
  tx: Writer,
  collection: CollectionRow,
  name: string,
  text: string,
  options: { uid?: string | null; index?: MemberIndex; origin?: Origin; media?: readonly InlineRange[] } = {},
): Promise<PutResult> {
  const body = Buffer.from(text)
  return await putObject(tx, {
    collection,
    name,
    body,
    parts: partBody(body, options.media ?? []),
    etag: etagOf(text),
    uid: options.uid === undefined ? name : options.uid,
    component: collection.kind === 'calendar' ? 'VEVENT' : 'VCARD',
    mediaType: 'text/vcard',
    version: '3.0',
    size: body.length,
    index: options.index ?? { contact: [{ kind: 'fn', value: text, folded: text.toLowerCase() }] },
    origin: options.origin ?? origin,
    existing: await findObject(tx, collection.id, name),
  })
}

export async function expectWhole(store: Store): Promise<void> {
  expect(await store.read((reader) => checkInvariants(reader))).toEqual([])
}

/** Index rows of an event with these instances, complete from -10^12 to 10^12. */
export function eventIndex(instances: readonly (readonly [start: number, end: number])[]): MemberIndex {
  return {
    calendar: {
      earliest: Math.min(...instances.map(([start]) => start)),
      latest: Math.max(...instances.map(([, end]) => end)),
      expandedFrom: -1e12,
      expandedUntil: 1e12,
      exact: true,
      instances: instances.map(([start, end]) => ({
        start,
        end,
        allDay: false,
        floating: false,
        transparent: false,
        status: null,
      })),
    },
  }
}
