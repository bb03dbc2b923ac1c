import type { ChangeRow } from '../../../storage/changes.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { bareChanges } from '../../../storage/lists/list-changes.ts'
import { findFaces, type ListFace } from '../../../storage/lists/list-rows.ts'
import { findObjectsByNames, type MemberRow } from '../../../storage/objects.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import type { ListDialect } from '../devices/kinds.ts'
import { fullRows } from '../full-rows.ts'
import { textFor } from '../lists/lists.ts'
import { readFittingTexts } from '../photos/photo-texts.ts'
import { asStored, type SeenChange, type SeenChangesOptions, storedChanges, viewStand } from './changes.ts'
import type { Seen, View, Wanted } from './view.ts'

/**
 * A book with lists of people, as a kind of client knows lists: as cards of their own, the cards of people then being without CATEGORIES; as
 * CATEGORIES, without cards of lists; or both ways, without the cards that the server made out of CATEGORIES. A card that looks as it is
 * stored keeps its row.
 */
export function listsView({ id }: CollectionRow, dialect: ListDialect): View {
  return {
    kind: 'lists',
    locate: async (reader, names) => {
      const rows = await findObjectsByNames(reader, id, names)
      const hidden = await hiddenAmong(reader, dialect, rows)
      return new Map(rows.flatMap((row) => (hidden.has(row.id) ? [] : [[row.name, row]])))
    },
    see: async (reader, rows, wanted) => {
      const faces = await facesOf(reader, rows)
      if (dialect === 'cards') return seeBare(reader, id, rows, faces, wanted)
      return seeStored(
        reader,
        id,
        rows.filter((row) => !isHidden(dialect, faces.get(row.id))),
        wanted,
      )
    },
    seenSince: async () => new Map(),
    nameOf: (stored) => stored,
    changes: (store, options) =>
      dialect === 'cards' ? bareNews(store, options) : storedNews(store, options, dialect),
  }
}

/** Whether a group card is not there for those who know lists in another way. */
function isHidden(
  dialect: ListDialect,
  face: { readonly made: number | null; readonly groupSince: number | null } | undefined,
): boolean {
  if (face === undefined || face.groupSince === null || dialect === 'cards') return false
  return dialect === 'categories' || (face.made ?? 0) > 0
}

async function facesOf(reader: Reader, rows: readonly MemberRow[]): Promise<ReadonlyMap<number, ListFace>> {
  return findFaces(
    reader,
    rows.map(({ id }) => id),
  )
}

async function hiddenAmong(
  reader: Reader,
  dialect: ListDialect,
  rows: readonly MemberRow[],
): Promise<ReadonlySet<number>> {
  if (dialect === 'cards') return new Set()
  const faces = await facesOf(reader, rows)
  return new Set(
    [...faces.values()].filter((face) => isHidden(dialect, face)).map(({ objectId }) => objectId),
  )
}

async function seeStored(
  reader: Reader,
  collectionId: CollectionRow['id'],
  rows: readonly MemberRow[],
  { row: isFull = false, text = false, photos }: Wanted,
): Promise<readonly Seen[]> {
  if (!text) {
    const wanted = isFull ? await fullRows(reader, collectionId, rows) : rows
    return wanted.map((row) => ({ row, text: undefined }))
  }
  const full = await fullRows(reader, collectionId, rows)
  const texts = await readFittingTexts(reader, full, photos)
  return full.flatMap((row) => (texts.has(row.id) ? [{ row, text: texts.get(row.id) }] : []))
}

async function seeBare(
  reader: Reader,
  collectionId: CollectionRow['id'],
  rows: readonly MemberRow[],
  faces: ReadonlyMap<number, ListFace>,
  wanted: Wanted,
): Promise<readonly Seen[]> {
  const stored = await seeStored(reader, collectionId, rows, wanted)
  return stored.map(({ row, text }) => {
    const face = faces.get(row.id)
    if (face === undefined || face.bareEtag === row.etag) return { row, text }
    // What is seen is written anew, in UTF-8.
    const bare = { ...row, etag: face.bareEtag, size: face.bareSize, mediaType: null }
    return { row: bare, text: text === undefined ? undefined : textFor('cards', text) }
  })
}

/** What is news for those who see all cards, those of people without CATEGORIES. */
async function* bareNews(
  store: Pick<Store, 'read'>,
  options: SeenChangesOptions,
): AsyncGenerator<readonly SeenChange[]> {
  const { collection, since, limit } = options
  const atView = viewStand(options)
  const upTo = collection.feedChange
  let left = limit
  let from = since?.change ?? 0
  while (left > 0 && from < upTo) {
    const range = { since: from, upTo, initial: since === undefined, rows: Math.min(pageRows, left) }
    const page = await store.read((reader) => bareChanges(reader, collection.id, range))
    if (page.length > 0) yield page.map((entry) => asStored(entry, atView))
    const last = page.at(-1)
    if (last === undefined || page.length < range.rows) return
    left -= page.length
    from = last.change
  }
}

const pageRows = 500

/** What is news for those who do not see some group cards: of these only that they are there no more, being what they are. */
async function* storedNews(
  store: Pick<Store, 'read'>,
  options: SeenChangesOptions,
  dialect: ListDialect,
): AsyncGenerator<readonly SeenChange[]> {
  const { since } = options
  const atView = viewStand(options)
  for await (const page of storedChanges(store, options)) {
    const faces = await store.read((reader) => findFaces(reader, membersOf(page)))
    yield page.map((entry): SeenChange => {
      const face = entry.kind === 'tombstone' ? entry : faces.get(entry.id)
      if (!isHidden(dialect, face)) return asStored(entry, atView)
      const wasSeen =
        since !== undefined && dialect === 'categories' && (face?.groupSince ?? 0) > since.change
      const stands = { change: entry.change, view: atView }
      return wasSeen ? { kind: 'gone', name: entry.name, stands } : { kind: 'same', stands }
    })
  }
}

function membersOf(page: readonly ChangeRow[]): ListFace['objectId'][] {
  return page.flatMap((entry) => (entry.kind === 'member' ? [entry.id] : []))
}
