import {
  findNodeRevision,
  listNodeRevisions,
  type NodeRevisionRow,
} from '../../../storage/nodes/node-revisions.ts'
import type { NodeRow } from '../../../storage/nodes/nodes.ts'
import type { Reader } from '../../../storage/store.ts'
import { change, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { mediaTypeOfFile } from '../documents/media-types.ts'
import { writeContent } from './change-files.ts'
import { answerContent } from './content.ts'
import { mustSeeNode, notThere } from './places.ts'
import { contentQuery, fileEntry, fileVersions } from './schema.ts'
import { peopleOf, showEntry } from './show.ts'

const scope = 'files'
const mostVersions = 200

/** The contents that a file had. */
export const versionRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/files/:id/versions', summary: 'The contents that a file had', scope },
    { reply: fileVersions },
    (call) =>
      call.store.read(async (reader) => {
        const { row } = await mustSeeNode(reader, call.session, idIn(call))
        return { body: { items: await versionsOf(reader, row) } }
      }),
  ),
  look(
    { method: 'GET', path: '/files/:id/versions/:version/content', summary: 'The octets of one', scope },
    { query: contentQuery, gives: ['application/octet-stream'] },
    async (call) => {
      const version = await call.store.read(async (reader) => {
        const { row } = await mustSeeNode(reader, call.session, idIn(call))
        return mustFindVersion(reader, row, call)
      })
      return answerContent(call, version, call.query.download === '1')
    },
  ),
  change(
    {
      method: 'POST',
      path: '/files/:id/versions/:version/restore',
      summary: 'Make a file so again',
      scope,
      affects: 'other',
    },
    { reply: fileEntry },
    async (tx, call) => {
      const { session, settings, newId } = call
      const node = await mustSeeNode(tx, session, idIn(call))
      const { blobId, size, etag, mediaType } = await mustFindVersion(tx, node.row, call)
      if (blobId === null) throw notThere()
      const origin = { ...originOf(call), kind: 'restore' as const }
      await writeContent(tx, node, { blobId, size, etag, mediaType }, { session, settings, newId, origin })
      const body = await showEntry(tx, await mustSeeNode(tx, session, node.row.id))
      return { body, etag: body?.etag }
    },
  ),
]

/** One of each content that came: a name or a folder that changed is no other version. */
async function versionsOf(reader: Reader, file: NodeRow) {
  const rows = (await listNodeRevisions(reader, file.id, mostVersions)).filter(
    ({ blobId }) => blobId !== null,
  )
  const kept = rows.filter(({ etag }, at) => rows[at + 1]?.etag !== etag)
  const people = await peopleOf(
    reader,
    kept.flatMap(({ authorId }) => authorId ?? []),
  )
  return kept.map((row, at) => ({
    version: row.id,
    at: new Date(row.at).toISOString(),
    author: people.get(row.authorId ?? 0) ?? null,
    name: row.name,
    type: mediaTypeOfFile(row),
    size: row.size,
    isNow: at === 0,
  }))
}

/** @throws refusal 404 for none of this file */
async function mustFindVersion(
  reader: Reader,
  { id }: NodeRow,
  { params }: Pick<RawCall, 'params'>,
): Promise<NodeRevisionRow> {
  const number = /^\d{1,15}$/.test(params.version ?? '') ? Number(params.version) : 0
  const row = await findNodeRevision(reader, number)
  if (row?.nodeId !== id || row.blobId === null) throw notThere()
  return row
}
