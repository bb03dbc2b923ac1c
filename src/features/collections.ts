import type { Settings } from '../../config/defaults.ts'
import { refuse, refuseStatus } from '../../protocol/dav/preconditions.ts'
import {
  createCollection,
  deleteCollection,
  type NewCollection,
  setDefaultCollection,
} from '../../storage/collection-writes.ts'
import {
  type CollectionRow,
  countCollections,
  isNameTaken,
  isServerOnly,
  listCollections,
} from '../../storage/collections.ts'
import {
  copyDeadProperties,
  deadProperties,
  type PropertyTarget,
  targetKey,
} from '../../storage/dead-properties.ts'
import { lockHome } from '../../storage/feeds.ts'
import { forgetBirthdays } from '../../storage/generated/birthdays.ts'
import { saveDirectoryBook, wantDirectoryBook } from '../../storage/generated/directory-books.ts'
import type { HomeId, ObjectId } from '../../storage/ids.ts'
import {
  countObjects,
  listObjects,
  type ObjectRow,
  type ObjectWithBody,
  withBodies,
} from '../../storage/objects.ts'
import type { Origin } from '../../storage/origin.ts'
import { collectionBytes } from '../../storage/quotas.ts'
import { type Reader, readsWithin, type Writer } from '../../storage/store.ts'
import { forgetVirtualBook, markBooksOf } from '../../storage/virtual/books.ts'
import { putObject } from '../../storage/write-path.ts'
import { isFull } from './full-rows.ts'
import { noteDeletedCollection } from './history/bursts.ts'
import { listFaces } from './lists/lists.ts'
import { checkName } from './names.ts'
import { prepareCopy } from './objects.ts'
import { inParts } from './parts.ts'
import { createPause } from './pause.ts'
import { checkQuota } from './quota.ts'
import { hideMounts } from './sharing/sharing.ts'
import type { View } from './views/view.ts'

/** What a calendar may hold unless its creator says otherwise. */
export const calendarComponents = ['VEVENT', 'VTODO', 'VJOURNAL'] as const

/** Pleasant, distinguishable, in the form Apple writes (`#RRGGBBAA`). */
const colors = [
  '#3478F6FF',
  '#E8590CFF',
  '#2F9E44FF',
  '#9C36B5FF',
  '#E03131FF',
  '#0C8599FF',
  '#F08C00FF',
  '#5C677DFF',
]

/**
 * Makes a collection, within the limit of its home; a calendar gets a colour and a place if it has none (MIN-18).
 * @throws max-collections
 */
export async function makeCollection(
  tx: Writer,
  homeId: HomeId,
  made: NewCollection,
  origin: Origin,
  settings: Settings,
): Promise<CollectionRow> {
  checkName(made.name)
  await lockHome(tx, homeId)
  await requireFree(tx, homeId, made.name)
  const count = await countWithRoom(tx, homeId, settings)
  if (made.kind === 'addressbook') return createCollection(tx, homeId, made, origin)
  const color = made.color ?? colors[count % colors.length] ?? null
  const sortOrder = made.sortOrder ?? count + 1
  return createCollection(tx, homeId, { ...made, color, sortOrder }, origin)
}

/** How many there are in a home that has room for another one. @throws max-collections */
export async function countWithRoom(reader: Reader, homeId: HomeId, settings: Settings): Promise<number> {
  const count = await countCollections(reader, homeId)
  const limit = settings.limits.collectionsPerHome
  if (count < limit) return count
  throw refuse('max-collections', { message: `A home may hold ${limit} collections at most.` })
}

/**
 * Who may add to another's home does not see all that is there: a name may be taken all the same.
 * @throws resource-must-be-null
 */
export async function requireFree(reader: Reader, homeId: HomeId, name: string): Promise<void> {
  if (!(await isNameTaken(reader, homeId, name))) return
  throw refuse('resource-must-be-null', { message: 'There is something at this address already.' })
}

/**
 * Deletes a collection; its members go to the trash with it. If it was the default, another that takes the same becomes
 * it; the last calendar for events, the last for tasks and the last address book stay.
 * @throws default-calendar-needed (RFC 6638 §4.2), default-addressbook-needed
 */
export async function removeCollection(
  tx: Writer,
  collection: CollectionRow,
  origin: Origin,
  settings: Settings,
): Promise<void> {
  await lockHome(tx, collection.homeId)
  const others = (await listCollections(tx, collection.homeId)).filter(({ id }) => id !== collection.id)
  const needed = takenBy(collection).filter((component) => component !== 'VJOURNAL')
  const missing = needed.find((component) => !others.some((other) => takenBy(other).includes(component)))
  if (missing !== undefined) {
    const name = collection.kind === 'calendar' ? 'default-calendar-needed' : 'default-addressbook-needed'
    throw refuse(name, { message: 'This is the last collection of its kind: make another one first.' })
  }
  const heir = others.find((other) => needed.some((component) => takenBy(other).includes(component)))
  if (collection.isDefault && heir) await setDefaultCollection(tx, heir)
  await hideMounts(tx, collection.id, { origin, settings })
  await switchOff(tx, collection)
  await noteDeletedCollection(tx, collection, origin, settings)
  await deleteCollection(tx, collection, origin)
  await markBooksOf(tx, collection.id)
}

/** Who deletes what is made from something else does not want it made again. */
async function switchOff(tx: Writer, { id, principalId, generated }: CollectionRow): Promise<void> {
  if (generated === 'birthdays') await forgetBirthdays(tx, id)
  if (generated === 'virtual') await forgetVirtualBook(tx, id)
  if (generated !== 'directory') return
  await saveDirectoryBook(tx, { principalId, collectionId: null, madeBy: '' })
  await wantDirectoryBook(tx, principalId, false)
}

/** The component types a collection takes from people; none where the server alone writes. */
export function takenBy(
  collection: Pick<CollectionRow, 'kind' | 'components' | 'source' | 'generated'>,
): readonly string[] {
  const { kind, components } = collection
  if (isServerOnly(collection)) return []
  if (kind === 'addressbook') return ['VCARD']
  return components === null ? calendarComponents : components.split(',')
}

/**
 * Copies a collection with its properties and, unless told otherwise, its members, as whoever copies them sees them.
 * @see RFC 4918 §9.8.3
 */
export async function copyCollection(
  tx: Writer,
  { row: source, view }: { readonly row: CollectionRow; readonly view?: View | undefined },
  made: {
    readonly homeId: HomeId
    readonly name: string
    readonly resourceId: string
    readonly withMembers: boolean
  },
  origin: Origin,
  settings: Settings,
  now: number,
): Promise<CollectionRow> {
  const { kind, displayname, description, color, sortOrder, components, timezone, timezoneId, transparent } =
    source
  const { homeId, name, resourceId, withMembers } = made
  const properties = {
    displayname,
    description,
    color,
    sortOrder,
    components,
    timezone,
    timezoneId,
    transparent,
  }
  const copied = await makeCollection(tx, homeId, { kind, name, resourceId, ...properties }, origin, settings)
  if (!withMembers) return copied
  await checkCopied(tx, source, settings)
  await checkQuota(tx, copied.principalId, await collectionBytes(tx, source.id), settings)
  const pause = createPause()
  const within = readsWithin(tx)
  for await (const page of listObjects(within, source.id)) {
    for (const part of inParts(page)) {
      const dead = view?.kind === 'busy' ? noProperties : await deadProperties(tx, part.map(propertiesOf))
      const faces = await listFaces(tx, source, part)
      for (const row of await (view ? seenWithBodies(tx, part, view) : withBodies(tx, part))) {
        const { id, name: member, size } = row
        const object = { ...prepareCopy(kind, row, settings, now), name: member, size }
        const { objectId } = await putObject(tx, {
          ...object,
          collection: { ...copied, listsSince: undefined },
          origin,
          made: faces.get(id)?.made,
          existing: undefined,
        })
        const from = propertiesOf({ id })
        if (dead.has(targetKey(from))) await copyDeadProperties(tx, from, propertiesOf({ id: objectId }))
        const turn = pause()
        if (turn) await turn
      }
    }
  }
  return copied
}

const noProperties: ReadonlyMap<string, unknown> = new Map()

async function seenWithBodies(tx: Writer, part: readonly ObjectRow[], view: View): Promise<ObjectWithBody[]> {
  const seen = await view.see(tx, part, { row: true, text: true })
  return seen.flatMap(({ row, text }) => (isFull(row) ? [{ ...row, body: Buffer.from(text ?? '') }] : []))
}

/** A copy is one transaction, which other writes wait for. @throws refusal 507 */
async function checkCopied(tx: Writer, source: CollectionRow, { limits }: Settings): Promise<void> {
  const limit = limits.copiedObjects
  if (source.feedChange <= limit || (await countObjects(tx, source.id)) <= limit) return
  throw refuseStatus(
    507,
    `A collection of more than ${limit} objects is not copied at once: export and import it.`,
  )
}

function propertiesOf({ id }: { readonly id: ObjectId }): PropertyTarget {
  return { kind: 'object', id }
}
