import type { Reader } from '../../../storage/store.ts'
import type { ActivityRow } from '../../../storage/timeline/activities.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { change, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { type Asking, askingOf, notThere } from '../people/asking.ts'
import { findVisible, rewrite, takeBack, writeDown } from './activities.ts'
import { activity, activityChange, newActivity } from './schema.ts'
import { showActivities } from './show-activity.ts'

const scope = 'people'
const affects = 'facts'

/** Notes, calls and visits. */
export const activityRoutes: readonly Route[] = [
  change(
    { method: 'POST', path: '/activities', summary: 'Write down a note, a call or a visit', scope, affects },
    { body: newActivity, reply: activity, statuses: [201] },
    async (tx, call) => {
      const asking = await askingOf(tx, call)
      return shown(tx, asking, await writeDown(tx, asking, dated(call.body), originOf(call)))
    },
  ),
  look(
    { method: 'GET', path: '/activities/:id', summary: 'One of them', scope },
    { reply: activity },
    (call) =>
      call.store.read(async (reader) => {
        const asking = await askingOf(reader, call)
        return shown(reader, asking, await mustFind(reader, asking, call))
      }),
  ),
  change(
    { method: 'PATCH', path: '/activities/:id', summary: 'Change what I wrote down', scope, affects },
    { body: activityChange, reply: activity },
    async (tx, call) => {
      const asking = await askingOf(tx, call)
      const row = await mustFind(tx, asking, call)
      checkMatch(call, etagOfVersion(row.version))
      return shown(tx, asking, await rewrite(tx, asking, row, dated(call.body), originOf(call)))
    },
  ),
  change(
    { method: 'DELETE', path: '/activities/:id', summary: 'Take back what I wrote down', scope, affects },
    {},
    async (tx, call) => {
      const asking = await askingOf(tx, call)
      const row = await mustFind(tx, asking, call)
      checkMatch(call, etagOfVersion(row.version))
      await takeBack(tx, asking, row, originOf(call))
      return {}
    },
  ),
]

/** The time as everything else has it. */
function dated<Body extends { readonly at?: string | undefined }>({ at, ...rest }: Body) {
  return { ...rest, at: at === undefined ? undefined : Date.parse(at) }
}

async function mustFind(reader: Reader, asking: Asking, call: Pick<RawCall, 'params'>): Promise<ActivityRow> {
  const row = await findVisible(reader, asking, idIn(call))
  if (!row) throw notThere()
  return row
}

async function shown(reader: Reader, asking: Asking, row: ActivityRow) {
  const [body] = await showActivities(reader, asking, [row])
  return { body, etag: etagOfVersion(row.version) }
}
