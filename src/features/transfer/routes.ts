import { Readable } from 'node:stream'
import { type Answer, look, type Route } from '../../api/route.ts'
import { findOwnCollection } from '../accounts/own-collection.ts'
import { archiveOf, zipOctets } from '../archive/archive.ts'
import { exportAs, exportFormats } from './export-as.ts'
import { fieldsAlong } from './fields/field-values.ts'
import { accountExport, collectionExport } from './schema.ts'

const all = ['people', 'calendars', 'files', 'sharing', 'account'] as const

/** What an account takes along: all that it has, or one collection. */
export const transferRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/export', summary: 'All that I have, as a ZIP file', scope: all },
    { query: accountExport, gives: ['application/zip'] },
    async (call) => {
      const { principal } = call.session
      const octets = zipOctets(archiveOf(call, [principal], { history: call.query.history === '1' }))
      return download(octets, 'application/zip', `${principal.segment}.zip`)
    },
  ),
  look(
    {
      ...{ method: 'GET', path: '/collections/:name/export', scope: ['people', 'calendars'] },
      summary: 'A collection of mine as one file',
    },
    { query: collectionExport, gives: Object.values(exportFormats).map(({ contentType }) => contentType) },
    async (call) => {
      const { name = '' } = call.params
      const { collection, along } = await call.store.read(async (reader) => {
        const found = await findOwnCollection(reader, call.session.principal, name)
        return { collection: found, along: await fieldsAlong(reader, call.session, found, call.query) }
      })
      const { octets, contentType, fileName } = exportAs(call, collection, { ...call.query, along })
      return download(octets, contentType, fileName)
    },
  ),
]

/** A file that is told of as it goes. */
export function download(
  octets: AsyncGenerator<Buffer>,
  contentType: string,
  fileName: string,
): Answer<never> {
  return {
    headers: { 'Content-Type': contentType, 'Content-Disposition': `attachment; filename="${fileName}"` },
    body: Readable.from(octets, { objectMode: false }),
  }
}
