import { type CollectionRow, isGenerated } from '../../../../storage/collections.ts'
import { type DeadProperty, deadProperties, targetKey } from '../../../../storage/dead-properties.ts'
import { birthdaysOf } from '../../../../storage/generated/birthdays.ts'
import { listObjectsWithBodies, type ObjectRow } from '../../../../storage/objects.ts'
import { listPublicLinks } from '../../../../storage/public-links.ts'
import { listSharees } from '../../../../storage/shares.ts'
import type { Reader } from '../../../../storage/store.ts'
import { listFaces } from '../../lists/lists.ts'
import { endingOf, fileNamer } from '../../transfer/names.ts'
import { createSpool, type Entries, jsonFile, timeText } from '../entries.ts'
import { hangingOn, whoOf } from './describe.ts'
import type { Run } from './run.ts'
import { historyWriter } from './write-history.ts'
import { looksHistory } from './write-looks.ts'

/**
 * A collection: a file for each member with its octets as they are stored, `members.jsonl` with a line of JSON for each,
 * and `collection.json` with everything else. What the server makes from something else is made again, and left out.
 */
export async function* collectionEntries(run: Run, collection: CollectionRow, folder: string): Entries {
  const { store } = run.services
  const fileOf = fileNamer(endingOf(collection.kind))
  const members = createSpool()
  const history = run.history && !isGenerated(collection) ? historyWriter(run, collection, folder) : undefined
  let count = 0
  run.places.books.set(collection.id, folder)
  yield { kind: 'folder', path: folder }
  const pages = isGenerated(collection) ? [] : listObjectsWithBodies(store, collection.id)
  for await (const page of pages) {
    const properties = await store.read((reader) => deadProperties(reader, page.map(targetOf)))
    const faces = await store.read((reader) => listFaces(reader, collection, page))
    for (const object of page) {
      const file = fileOf(object.name)
      const { body: octets, size, modifiedAt } = object
      yield { kind: 'file', path: `${folder}/${file}`, octets, size, modifiedAt }
      members.add(
        memberOf(object, file, properties.get(targetKey(targetOf(object))), faces.get(object.id)?.made),
      )
      count += 1
      run.count('objects')
    }
    if (history) yield* history.living(page)
  }
  if (history) yield* history.rest()
  if (run.history) yield* looksHistory(run, collection, folder)
  yield members.file(`${folder}/members.jsonl`, run.now)
  const described = await store.read((reader) => describe(reader, collection))
  yield jsonFile(`${folder}/collection.json`, described, run.now)
  run.count('collections')
  run.written(folder, count)
}

const targetOf = ({ id }: ObjectRow) => ({ kind: 'object', id }) as const

function memberOf(
  object: ObjectRow,
  file: string,
  properties: readonly DeadProperty[] | undefined,
  made: number | undefined,
) {
  const { name, uid, component, etag, mediaType, version, scheduleTag, createdAt, modifiedAt } = object
  return {
    file,
    name,
    uid,
    component,
    etag,
    mediaType,
    version,
    scheduleTag,
    createdAt: timeText(createdAt),
    modifiedAt: timeText(modifiedAt),
    ...(made ? { madeAsList: made } : {}),
    ...(properties ? { properties } : {}),
  }
}

async function describe(reader: Reader, collection: CollectionRow) {
  const { kind, name, displayname, description, color, sortOrder, timezone, timezoneId } = collection
  const { resourceId, components, source, refreshRate, createdAt, changedAt } = collection
  const sharees = await listSharees(reader, [collection.id])
  const links = (await listPublicLinks(reader, collection.principalId)).filter(
    (one) => one.collection.id === collection.id,
  )
  return {
    kind,
    name,
    resourceId,
    displayname,
    description,
    color,
    sortOrder,
    timezone,
    timezoneId,
    components: components?.split(',') ?? null,
    transparent: collection.transparent === 1,
    isDefault: collection.isDefault === 1,
    source,
    subscribed: collection.subscribed === 1,
    refreshRate,
    stripAlarms: collection.stripAlarms === 1,
    stripAttachments: collection.stripAttachments === 1,
    stripTodos: collection.stripTodos === 1,
    generated: await generatedOf(reader, collection),
    createdAt: timeText(createdAt),
    changedAt: timeText(changedAt),
    ...(await hangingOn(reader, { kind: 'collection', id: collection.id })),
    shares: sharees.map(({ share, principal }) => ({
      with: whoOf(principal),
      access: share.access,
      summary: share.summary,
      createdAt: timeText(share.createdAt),
      changedAt: timeText(share.changedAt),
    })),
    links: links.map(({ link }) => ({ label: link.label, createdAt: timeText(link.createdAt) })),
  }
}

async function generatedOf(reader: Reader, collection: CollectionRow) {
  if (!isGenerated(collection)) return null
  const found = (await birthdaysOf(reader, collection.principalId)).find(
    (one) => one.calendar.id === collection.id,
  )
  if (!found) return null
  const { book, alarms, otherDates } = found
  return { kind: 'birthdays', book: book.name, alarms, otherDates: otherDates === 1 }
}
