import { z } from 'zod'
import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { findRemoved, pageRemoved, type RemovedRow } from '../../../../storage/removed/removed.ts'
import type { Reader } from '../../../../storage/store.ts'
import { checkMatch, etagOfContent } from '../../../api/conditions.ts'
import { page, readCursor } from '../../../api/cursor.ts'
import { idIn, originOf, type RawCall, type Route } from '../../../api/route.ts'
import { adminChange, adminLook } from '../../team/administering.ts'
import { bringBack, removeForGood } from './bring-back.ts'
import { forGoodQuery, removedPage, removedPrincipal, removedQuery, returned, returning } from './schema.ts'

const dayMs = 86_400_000
const cursorShape = z.tuple([z.int(), z.int()])

/** Accounts, groups, rooms and resources that were removed, for whoever runs the place: brought back, or removed for good. */
export const removedRoutes: readonly Route[] = [
  adminLook(
    {
      path: '/removed',
      summary: 'The accounts, groups, rooms and resources that were removed, the last first',
    },
    { query: removedQuery, reply: removedPage },
    async (reader, { query: { limit, cursor, kind }, settings }) => {
      const [at, id] = readCursor(cursor, cursorShape) ?? []
      const after = at === undefined || id === undefined ? undefined : { at, id }
      const rows = await pageRemoved(reader, { kind, after, limit: limit + 1 })
      const shown = (row: RemovedRow) => shownRemoved(row, settings)
      return { body: page(rows, limit, { keyOf: (row) => [row.removedAt, row.id], shown }) }
    },
  ),
  adminLook(
    { path: '/removed/:id', summary: 'One of them' },
    { reply: removedPrincipal },
    async (reader, call) => ({ body: shownRemoved(await mustFind(reader, call), call.settings) }),
  ),
  adminChange(
    {
      ...{ method: 'POST', path: '/removed/:id/restore' },
      summary: 'Bring it back as it was, with all that it held; browsers have to sign in again',
    },
    { body: returning, reply: returned },
    async (tx, call) => {
      const found = await mustFind(tx, call)
      const origin = { ...originOf(call), kind: 'restore' } as const
      const { settings, newId } = call
      const name = await bringBack(tx, found, { as: call.body.name }, { settings, newId, origin })
      return { body: { name, kind: found.kind } }
    },
  ),
  adminChange(
    {
      ...{ method: 'DELETE', path: '/removed/:id' },
      summary: 'Remove it for good, with all that it holds; its name is said once more',
    },
    { query: forGoodQuery },
    async (tx, call) => {
      const found = await mustFind(tx, call)
      checkMatch(call, etagOfContent(shownRemoved(found, call.settings)))
      await removeForGood(tx, found, call.query.name)
      return {}
    },
  ),
]

/** @throws refusal 404 */
async function mustFind(reader: Reader, call: Pick<RawCall, 'params'>): Promise<RemovedRow> {
  const found = await findRemoved(reader, idIn(call))
  if (!found) throw refuseStatus(404, 'Nobody who was removed has this number.')
  return found
}

function shownRemoved(row: RemovedRow, { retention }: Pick<RawCall['settings'], 'retention'>) {
  const { id, kind, name, displayName, email, removedAt, authorName } = row
  return {
    ...{ id, kind, name, displayName, email, removedBy: authorName },
    removedAt: new Date(removedAt).toISOString(),
    until: new Date(removedAt + retention.trashDays * dayMs).toISOString(),
  }
}
