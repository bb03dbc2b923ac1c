import { Readable } from 'node:stream'
import type { FindRoute } from '../../api/find.ts'
import { idIn, look, type Route } from '../../api/route.ts'
import { zipOctets } from '../archive/archive.ts'
import { mustFindParty, notThere } from '../people/asking.ts'
import { mustMay } from '../team/team-roles.ts'
import { exportPerson } from './export-person.ts'

/** All that is known of one person. @param find  asked for once all routes are there */
export function personExportRoutes(find: () => FindRoute): readonly Route[] {
  return [
    look(
      {
        ...{ method: 'GET', path: '/parties/:id/export', scope: ['people', 'calendars', 'files'] },
        summary: 'All that I may see of somebody, as a ZIP file',
      },
      { gives: ['application/zip'] },
      async (call) => {
        await call.store.read(async (reader) => {
          await mustFindParty(reader, call)
          await mustMay(reader, call.session, 'export')
        })
        const person = await exportPerson(find(), call, idIn(call))
        if (!person) throw notThere()
        return {
          headers: {
            'Content-Type': 'application/zip',
            'Content-Disposition': `attachment; filename="person-${person.id}.zip"`,
          },
          body: Readable.from(zipOctets(person.entries), { objectMode: false }),
        }
      },
    ),
  ]
}
