import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import {
  countOutbox,
  dropFromOutbox,
  findInOutbox,
  type OutboxRow,
  type OutboxState,
  pageOutbox,
  replayOutbox,
} from '../../../storage/events/outbox.ts'
import type { Reader } from '../../../storage/store.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { idIn, type RawCall, type Route } from '../../api/route.ts'
import { timeOf } from '../devices/sync.ts'
import { adminAct, adminLook } from '../team/administering.ts'
import { outboxItem, outboxPage, outboxQuery } from './schema.ts'

/** What is to leave the server, of all accounts. */
export const outboxRoutes: readonly Route[] = [
  adminLook(
    { path: '/outbox', summary: 'What is to leave the server, or has left it' },
    { query: outboxQuery, reply: outboxPage },
    async (reader, { query }) => {
      const { limit, cursor, state, kind } = query
      const before = readCursor(cursor, z.tuple([z.int()]))?.[0]
      const rows = await pageOutbox(reader, { state, kind, before, limit: limit + 1 })
      const shown = (row: (typeof rows)[number]) => ({ ...shownItem(row), account: row.account })
      const found = page(rows, limit, { keyOf: ({ id }) => [id], shown })
      return { body: { ...found, counts: await countsOf(reader) } }
    },
  ),
  adminLook({ path: '/outbox/:id', summary: 'One of it' }, { reply: outboxItem }, async (reader, call) => ({
    body: shownItem(await mustFind(reader, call)),
  })),
  adminAct(
    { method: 'POST', path: '/outbox/:id/retry', summary: 'Send it again, whatever became of it' },
    { reply: outboxItem },
    async (tx, call) => {
      const { id, kind, target } = await mustFind(tx, call)
      const row = await replayOutbox(tx, { kind, target }, id)
      return { body: shownItem(row ?? (await mustFind(tx, call))) }
    },
  ),
  adminAct(
    { method: 'DELETE', path: '/outbox/:id', summary: 'Have it not leave any more' },
    {},
    async (tx, call) => {
      const { id } = await mustFind(tx, call)
      if (!(await dropFromOutbox(tx, id))) throw refuseStatus(409, 'It does not wait any more.')
      return {}
    },
  ),
]

async function countsOf(reader: Reader) {
  const counted = new Map((await countOutbox(reader)).map(({ state, count }) => [state, count] as const))
  const count = (state: OutboxState): number => counted.get(state) ?? 0
  return {
    ...{ waiting: count('waiting'), sent: count('sent') },
    ...{ dead: count('dead'), dropped: count('dropped') },
  }
}

async function mustFind(reader: Reader, call: Pick<RawCall, 'params'>): Promise<OutboxRow> {
  const row = await findInOutbox(reader, idIn(call))
  if (!row) throw refuseStatus(404, 'There is nothing of that number in the outbox.')
  return row
}

/** Without what it says, which is its owner's. */
function shownItem(row: OutboxRow) {
  const { id, kind, target, state, attempts, lastError, answerStatus } = row
  return {
    ...{ id, kind, target, state, attempts, lastError, answerStatus },
    nextAt: state === 'waiting' ? timeOf(row.nextAt) : null,
    ...{ createdAt: new Date(row.createdAt).toISOString(), endedAt: timeOf(row.endedAt) },
  }
}
