import { z } from 'zod'
import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { findPrincipalsByIds } from '../../../../storage/principals.ts'
import { countOutlived, listOutlived } from '../../../../storage/privacy/outlived.ts'
import {
  addRetentionRule,
  changeRetentionRule,
  findRetentionRule,
  listRetentionLog,
  listRetentionRules,
  type RetentionRuleRow,
  removeRetentionRule,
} from '../../../../storage/privacy/retention-rules.ts'
import type { Reader } from '../../../../storage/store.ts'
import { checkMatch, etagOfVersion } from '../../../api/conditions.ts'
import { page, readCursor } from '../../../api/cursor.ts'
import { type ApiCall, change, idIn, look, type RawCall, type Route } from '../../../api/route.ts'
import { paging } from '../../../api/schema.ts'
import { notThere, writableBooks } from '../../people/asking.ts'
import { seeParties } from '../../people/parties.ts'
import { reachOf } from '../../people/reach.ts'
import { mustMay } from '../../team/team-roles.ts'
import { readerOf } from '../../timeline/activities.ts'
import { aimOf } from './retention.ts'
import {
  newRetentionRule,
  retentionChange,
  retentionLog,
  retentionPreview,
  retentionRule,
  retentionRules,
} from './schema.ts'

const scope = 'admin'
const affects = 'other'
const cursorShape = z.tuple([z.int()])
const query = z.object(paging)
const things = { untouched: 'party', activities: 'activity', consents: 'consent' } as const

/** How long people, notes and consents are kept. */
export const retentionRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/retention', summary: 'How long people, notes and consents are kept', scope },
    { reply: retentionRules },
    (call) =>
      call.store.read(async (reader) => {
        await mustMay(reader, call.session, 'erase')
        return { body: { items: await shown(reader, await listRetentionRules(reader)) } }
      }),
  ),
  change(
    {
      method: 'POST',
      path: '/retention',
      summary: 'Make a rule of how long something is kept',
      scope,
      affects,
    },
    { body: newRetentionRule, reply: retentionRule, statuses: [201] },
    async (tx, call) => {
      await mustRule(tx, call)
      const { rules: most } = call.settings.retention
      if ((await listRetentionRules(tx)).length >= most)
        throw refuseStatus(422, `There may be ${most} rules at most.`)
      const { book: bookId, ...rule } = call.body
      await checkBook(tx, call, bookId)
      const id = await addRetentionRule(tx, { ...rule, bookId, authorId: call.session.principal.id })
      return one(tx, id)
    },
  ),
  look(
    { method: 'GET', path: '/retention/log', summary: 'What was done for the rules, the last first', scope },
    { query, reply: retentionLog },
    (call) =>
      call.store.read(async (reader) => {
        await mustMay(reader, call.session, 'erase')
        const { limit, cursor } = call.query
        const before = readCursor(cursor, cursorShape)?.[0] ?? Number.MAX_SAFE_INTEGER
        const rows = await listRetentionLog(reader, { before, limit: limit + 1 })
        const entry = ({ at, ruleId: rule, ...row }: (typeof rows)[number]) => ({
          ...{ ...row, rule, at: new Date(at).toISOString() },
        })
        return { body: page(rows, limit, { keyOf: ({ id }) => [id], shown: entry }) }
      }),
  ),
  look(
    { method: 'GET', path: '/retention/:id', summary: 'One rule', scope },
    { reply: retentionRule },
    (call) =>
      call.store.read(async (reader) => {
        await mustMay(reader, call.session, 'erase')
        return one(reader, idIn(call))
      }),
  ),
  change(
    { method: 'PATCH', path: '/retention/:id', summary: 'Change a rule, and stand for it', scope, affects },
    { body: retentionChange, reply: retentionRule },
    async (tx, call) => {
      await mustRule(tx, call)
      const rule = await mustFind(tx, idIn(call))
      checkMatch(call, etagOfVersion(rule.version))
      const {
        book: bookId = rule.bookId,
        days = rule.days,
        action = rule.action,
        role = rule.role,
      } = call.body
      await checkBook(tx, call, bookId)
      const authorId = call.session.principal.id
      await changeRetentionRule(tx, { ...rule, days, action, role, bookId, authorId })
      return one(tx, rule.id)
    },
  ),
  change(
    { method: 'DELETE', path: '/retention/:id', summary: 'Remove a rule', scope, affects },
    {},
    async (tx, call) => {
      await mustRule(tx, call)
      const rule = await mustFind(tx, idIn(call))
      checkMatch(call, etagOfVersion(rule.version))
      await removeRetentionRule(tx, rule.id)
      return {}
    },
  ),
  look(
    { method: 'GET', path: '/retention/:id/preview', summary: 'What a rule would take away now', scope },
    { query, reply: retentionPreview },
    (call) =>
      call.store.read(async (reader) => {
        await mustMay(reader, call.session, 'erase')
        return { body: await preview(reader, call, await mustFind(reader, idIn(call))) }
      }),
  ),
]

/** Who is not seen is counted, and not named; nor are notes that the caller does not see. */
async function preview(
  reader: Reader,
  call: ApiCall<unknown, z.infer<typeof query>>,
  rule: RetentionRuleRow,
) {
  const aim = await aimOf(reader, rule, call)
  if (!aim) return { count: 0, items: [], next: null }
  const { limit, cursor } = call.query
  const after = readCursor(cursor, cursorShape)?.[0] ?? 0
  const { principals: own } = await readerOf(reader, call.session)
  const principals = aim.outlived.principals.filter((id) => own.has(id))
  const rows = await listOutlived(reader, { ...aim.outlived, principals }, { after, limit: limit + 1 })
  const reach = await reachOf(reader, call.session)
  const ids = [...new Set(rows.map(({ partyId }) => partyId))]
  const seen = await seeParties(reader, reach, ids)
  const { items, next } = page(rows, limit, { keyOf: ({ id }) => [id], shown: (row) => row })
  const named = items.flatMap(({ id, partyId }) => {
    const party = seen.get(partyId)
    if (!party) return []
    return [{ kind: things[rule.kind], id, party: { id: partyId, name: party.placements[0].name } }]
  })
  return { count: await countOutlived(reader, aim.outlived), items: named, next }
}

/** @throws refusal 403 */
async function mustRule(reader: Reader, { session }: Pick<RawCall, 'session'>): Promise<void> {
  await mustMay(reader, session, 'administer')
  await mustMay(reader, session, 'erase')
}

/** @throws refusal 422, the same for a book that is not there and one that the caller may not change */
async function checkBook(
  reader: Reader,
  { session }: Pick<RawCall, 'session'>,
  bookId: number | null,
): Promise<void> {
  if (bookId === null || writableBooks(await reachOf(reader, session)).has(bookId)) return
  throw refuseStatus(422, `There is no book with the id ${bookId} that you may change.`)
}

async function mustFind(reader: Reader, id: number): Promise<RetentionRuleRow> {
  const rule = await findRetentionRule(reader, id)
  if (!rule) throw notThere()
  return rule
}

async function one(reader: Reader, id: number) {
  const rule = await mustFind(reader, id)
  const [body] = await shown(reader, [rule])
  if (!body) throw new Error('The rule is not shown.')
  return { body, etag: etagOfVersion(rule.version) }
}

async function shown(reader: Reader, rules: readonly RetentionRuleRow[]) {
  const authors = [...new Set(rules.flatMap(({ authorId }) => authorId ?? []))]
  const names = new Map((await findPrincipalsByIds(reader, authors)).map(({ id, name }) => [id, name]))
  return rules.map(({ id, kind, days, action, role, bookId: book, authorId, changedAt }) => ({
    ...{ id, kind, days, action, role, book },
    by: (authorId !== null && names.get(authorId)) || null,
    changedAt: new Date(changedAt).toISOString(),
  }))
}
