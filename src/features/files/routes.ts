import { Readable } from 'node:stream'
import { z } from 'zod'
import { matchesIfNoneMatch } from '../../../protocol/dav/conditions.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { listChildren } from '../../../storage/nodes/children.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import {
  type ApiCall,
  type ChangeCall,
  change,
  idIn,
  look,
  originOf,
  type Route,
  work,
} from '../../api/route.ts'
import {
  addFile,
  addFolder,
  bringBack,
  checkClash,
  discard,
  type Filing,
  relocate,
  writeContent,
} from './change-files.ts'
import { answerContent, takeContent } from './content.ts'
import { readFileHomes } from './homes.ts'
import {
  type FolderPlace,
  mustMay,
  mustSeeFolder,
  mustSeeHome,
  mustSeeNode,
  mustSeePath,
  notThere,
  parentIdOf,
} from './places.ts'
import { previewOf } from './preview.ts'
import {
  childrenQuery,
  contentQuery,
  fileChange,
  fileDetails,
  fileEntry,
  fileHomes,
  filePage,
  newFile,
  newFolder,
  pathQuery,
  previewQuery,
} from './schema.ts'
import { readable, showDetails, showEntries, showEntry } from './show.ts'
import { versionRoutes } from './version-routes.ts'

const scope = 'files'
const affects = 'other'
const childKey = z.tuple([z.int(), z.string()])

/** Folders and files over the API: the same that WebDAV shows. */
export const fileRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/file-homes', summary: 'Where there are files that I read', scope },
    { reply: fileHomes },
    async (call) => ({ body: await call.store.read((reader) => readFileHomes(reader, call)) }),
  ),
  look(
    { method: 'GET', path: '/files', summary: 'The folder or file at a path', scope },
    { query: pathQuery, reply: fileDetails },
    (call) =>
      call.store.read(async (reader) => {
        const found = await mustSeePath(reader, call.session, call.query.path)
        if (!('row' in found)) throw refuseStatus(409, 'This is a home: ask for what lies in it.')
        return { body: mustShow(await showDetails(reader, call.session, found)) }
      }),
  ),
  look(
    { method: 'GET', path: '/files/:id', summary: 'A folder or a file', scope },
    { reply: fileDetails },
    (call) => call.store.read((reader) => shownDetails(reader, call, idIn(call))),
  ),
  ...(['/file-homes', '/files'] as const).flatMap((base) => [
    look(
      { method: 'GET', path: `${base}/:id/children`, summary: 'What lies in it, the folders first', scope },
      { query: childrenQuery, reply: filePage },
      (call) =>
        call.store.read(async (reader) => {
          const place = await placeIn(reader, call, base)
          return { body: await childrenOf(reader, call, place) }
        }),
    ),
    work(
      { method: 'POST', path: `${base}/:id/children`, summary: 'Put a file into it', scope, affects },
      { query: newFile, takesOctets: true, reply: fileEntry, statuses: [201] },
      async (call) => {
        // Who may not write here is not waited for, nor is what has no place.
        const place = await call.store.read(async (reader) => {
          const found = await placeIn(reader, call, base)
          if (call.query.onClash === 'replace') return found
          mustMay(found, 'bind')
          await checkClash(reader, found, call.query)
          return found
        })
        const content = await takeContent(call, place, 0)
        return call.store.write(async (tx) => {
          const into = await placeIn(tx, call, base)
          return shownNew(tx, call, await addFile(tx, into, { ...call.query, content }, filingOf(call)))
        })
      },
    ),
    change(
      { method: 'POST', path: `${base}/:id/folders`, summary: 'Make a folder in it', scope, affects },
      { body: newFolder, reply: fileEntry, statuses: [201] },
      async (tx, call) => {
        const place = await placeIn(tx, call, base)
        return shownNew(tx, call, await addFolder(tx, place, call.body.name, filingOf(call)))
      },
    ),
  ]),
  change(
    { method: 'PATCH', path: '/files/:id', summary: 'Rename it, or move it', scope, affects },
    { body: fileChange, reply: fileEntry },
    async (tx, call) => {
      const node = await mustSeeNode(tx, call.session, idIn(call))
      checkMatch(call, etagOfVersion(node.row.change))
      const { name = node.row.name } = call.body
      const place = await destinationOf(tx, call, node.parent)
      return shownNode(tx, call, await relocate(tx, node, { place, name }, filingOf(call)))
    },
  ),
  change(
    { method: 'DELETE', path: '/files/:id', summary: 'Take it into the trash', scope, affects },
    {},
    async (tx, call) => {
      const node = await mustSeeNode(tx, call.session, idIn(call))
      checkMatch(call, etagOfVersion(node.row.change))
      await discard(tx, node, filingOf(call))
      return {}
    },
  ),
  change(
    { method: 'POST', path: '/files/:id/restore', summary: 'Take it out of the trash', scope, affects },
    { reply: fileEntry },
    async (tx, call) => shownNode(tx, call, (await bringBack(tx, idIn(call), filingOf(call))).row.id),
  ),
  look(
    { method: 'GET', path: '/files/:id/content', summary: 'The octets of a file', scope },
    { query: contentQuery, gives: ['application/octet-stream'] },
    async (call) => {
      const { row } = await call.store.read((reader) => mustSeeNode(reader, call.session, idIn(call)))
      return answerContent(call, row, call.query.download === '1')
    },
  ),
  work(
    { method: 'PUT', path: '/files/:id/content', summary: 'Give a file other octets', scope, affects },
    { takesOctets: true, reply: fileEntry },
    async (call) => {
      const node = await call.store.read((reader) => mustSeeNode(reader, call.session, idIn(call)))
      mustMay(node, 'write-content')
      checkMatch(call, node.row.etag)
      const content = await takeContent(call, node.parent, node.row.size)
      return call.store.write(async (tx) => {
        const now = await mustSeeNode(tx, call.session, idIn(call))
        checkMatch(call, now.row.etag)
        await writeContent(tx, now, content, filingOf(call))
        return shownNode(tx, call, now.row.id)
      })
    },
  ),
  look(
    { method: 'GET', path: '/files/:id/preview', summary: 'A smaller picture of a picture', scope },
    { query: previewQuery, gives: ['image/jpeg', 'image/png'] },
    async (call) => {
      const { row } = await call.store.read((reader) => mustSeeNode(reader, call.session, idIn(call)))
      const etag = row.etag.replace(/"$/, `-${call.query.size}"`)
      const isKnown = call.ifNoneMatch !== undefined && !matchesIfNoneMatch(call.ifNoneMatch, etag)
      const made = isKnown ? undefined : await previewOf(call, row, Number(call.query.size))
      if (made === 'busy')
        throw refuseStatus(503, 'Many pictures are being made: ask again.', { 'Retry-After': '2' })
      if (!made && !isKnown) throw notThere()
      const body = Readable.from(made ? [made.bytes] : [], { objectMode: false })
      const type = { 'Content-Type': made?.mediaType ?? 'image/jpeg', 'X-Content-Type-Options': 'nosniff' }
      return { etag, headers: type, body }
    },
  ),
  ...versionRoutes,
]

type AnyCall = Pick<ChangeCall<unknown>, 'session' | 'params' | 'requestId' | 'settings' | 'newId'>

export function filingOf(call: AnyCall): Filing {
  const { session, settings, newId } = call
  return { session, settings, newId, origin: originOf(call) }
}

function placeIn(reader: Reader, call: AnyCall, base: '/files' | '/file-homes'): Promise<FolderPlace> {
  const find = base === '/files' ? mustSeeFolder : mustSeeHome
  return find(reader, call.session, idIn(call))
}

async function childrenOf(
  reader: Reader,
  { session, query: { limit, cursor } }: ApiCall<unknown, z.output<typeof childrenQuery>>,
  place: FolderPlace,
) {
  const [rank, foldedName] = readCursor(cursor, childKey) ?? []
  const after = rank === undefined || foldedName === undefined ? undefined : { rank, foldedName }
  const folder = { homeId: place.home.id, parentId: parentIdOf(place) }
  const rows = await listChildren(reader, folder, { after, limit: limit + 1 })
  const shown = page(rows, limit, { keyOf: (row) => [row.rank, row.foldedName], shown: (row) => row })
  const items = await showEntries(reader, await readable(reader, session, place, shown.items))
  return { items, next: shown.next }
}

/** @throws refusal 422 for two places, or one that is not there */
async function destinationOf(
  tx: Writer,
  { session, body: { folder, home } }: ChangeCall<z.output<typeof fileChange>>,
  here: FolderPlace,
): Promise<FolderPlace> {
  if (folder !== undefined && home !== undefined) throw refuseStatus(422, 'It goes into a folder or a home.')
  if (folder !== undefined) return mustSeeFolder(tx, session, folder)
  return home === undefined ? here : mustSeeHome(tx, session, home)
}

async function shownDetails(reader: Reader, { session }: AnyCall, id: number) {
  const node = await mustSeeNode(reader, session, id)
  const body = mustShow(await showDetails(reader, session, node))
  return { body, etag: body.etag }
}

export async function shownNode(reader: Reader, { session }: AnyCall, id: number) {
  const body = mustShow(await showEntry(reader, await mustSeeNode(reader, session, id)))
  return { body, etag: body.etag }
}

async function shownNew(reader: Reader, call: AnyCall, id: number) {
  return { ...(await shownNode(reader, call, id)), headers: { Location: `/api/files/${id}` } }
}

/** What was just found is there. */
function mustShow<Entry>(entry: Entry | undefined): Entry {
  if (entry === undefined) throw notThere()
  return entry
}
