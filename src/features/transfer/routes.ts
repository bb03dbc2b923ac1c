import { Readable } from 'node:stream'
import type { ApiReply, Route } from '../../api/route.ts'
import { route } from '../../api/route.ts'
import { findOwnCollection } from '../accounts/own-collection.ts'
import { archiveOf, zipOctets } from '../archive/archive.ts'
import { exportAs } from './export-as.ts'

/** What an account takes along: all that it has, or one collection. */
export const transferRoutes: readonly Route[] = [
  route({ method: 'GET', path: '/export', summary: 'All that I have, as a ZIP file' }, async (call) => {
    const { principal } = call.session
    const octets = zipOctets(archiveOf(call, [principal], { history: call.query.history === '1' }))
    return download(octets, 'application/zip', `${principal.segment}.zip`)
  }),
  route(
    { method: 'GET', path: '/collections/:name/export', summary: 'A collection of mine as one file' },
    async (call) => {
      const { name = '' } = call.params
      const collection = await call.store.read((reader) =>
        findOwnCollection(reader, call.session.principal, name),
      )
      const { octets, contentType, fileName } = exportAs(call, collection, call.query)
      return download(octets, contentType, fileName)
    },
  ),
]

function download(octets: AsyncGenerator<Buffer>, contentType: string, fileName: string): ApiReply {
  return {
    status: 200,
    headers: { 'Content-Type': contentType, 'Content-Disposition': `attachment; filename="${fileName}"` },
    body: Readable.from(octets, { objectMode: false }),
  }
}
